import type { IceCommunicator, IceRuntime } from "./ice-runtime.js";

/** Milliseconds without progress, where bytes are due, after which a connection is given up unless set otherwise. */
export const DEFAULT_STALL_TIMEOUT = 60_000;

/** The limit of an OMERO server: `Ice.MessageSizeMax=250000` (KiB). */
export const DEFAULT_MESSAGE_SIZE_MAX = 250_000 * 1024;

/** An Ice communicator that prints nothing, never connects by itself and speaks encoding 1.0, as OMERO does. */
export function createCommunicator(ice: IceRuntime, messageSizeMax: number): IceCommunicator {
  const data = new ice.InitializationData();
  const properties = ice.createProperties();
  const settings = {
    "Ice.Default.EncodingVersion": "1.0",
    "Ice.MessageSizeMax": String(Math.ceil(messageSizeMax / 1024)),
    "Ice.RetryIntervals": "-1",
    "Ice.ACM.Timeout": "0",
    "Ice.Warn.Dispatch": "0",
    "Ice.Warn.Connections": "0",
  };
  for (const [key, value] of Object.entries(settings)) properties.setProperty(key, value);
  data.properties = properties;
  data.logger = SILENT_LOGGER;
  return ice.initialize(data);
}

const SILENT_LOGGER = {
  print() {},
  trace() {},
  warning() {},
  error() {},
  getPrefix: () => "",
  cloneWithPrefix: () => SILENT_LOGGER,
};
