/** Images as OME-TIFF files, which a server makes. */
import type { OnProgress } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import type { Exporter } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { ServerError } from "../../errors.js";
import { CallbackWatch } from "../../flow/callbacks.js";
import { inBackground } from "../../flow/failures.js";
import { steps } from "../../flow/map-in-order.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { inGroup } from "../query-parameters.js";

const EXPORTER = "::omero::api::Exporter";
/** Bytes of one call. */
const CHUNK = 4 << 20;

/** How a file is fetched. */
export interface ExportTiffOptions {
  /** Stops the work: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes fetched. */
  readonly onProgress?: OnProgress | undefined;
}

const EXPORT_TIFF_OPTIONS: OptionNames<ExportTiffOptions> = { signal: true, onProgress: true };

/** The bytes of an OME-TIFF of all planes, in their order. The server makes it anew after a lost connection. */
export async function* omeTiffOf(
  connection: OmeroConnection,
  info: PixelsInfo,
  options: ExportTiffOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  checkOptions(options, EXPORT_TIFF_OPTIONS, "exportOmeTiff");
  const watch = new CallbackWatch();
  try {
    yield* exported(connection, info, watch.watched(options));
    await watch.settled();
  } catch (error) {
    throw watch.reasonOf(error);
  }
}

async function* exported(
  connection: OmeroConnection,
  info: PixelsInfo,
  { signal, onProgress }: ExportTiffOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = -1;
  const open = async (login: Login) => {
    const [proxy, size] = await openExporter(login, info);
    if (total >= 0 && total !== size) {
      throw new ServerError("SERVER_FAILURE", `Image ${info.imageId} has changed while it was exported`);
    }
    total = size;
    return proxy;
  };
  const access = remoteAccess(connection);
  const remote = new RemoteObject({ sliceId: EXPORTER, open });
  const exporter = access.service<Exporter>(remote, inGroup(info.groupId));
  try {
    yield await read(exporter, 0, 0, signal); // which has the server make it
    onProgress?.({ done: 0, total, unit: "bytes" });
    for (const start of steps(0, total, CHUNK)) {
      const length = Math.min(CHUNK, total - start);
      yield await read(exporter, start, length, signal);
      onProgress?.({ done: start + length, total, unit: "bytes" });
    }
  } finally {
    inBackground(access.close(remote));
  }
}

async function read(
  exporter: Exporter,
  start: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = await exporter.read(start, length, { signal });
  if (bytes.length === length) return bytes;
  throw new ServerError(
    "SERVER_FAILURE",
    `the server gave ${bytes.length} bytes of a file where ${length} were asked for`,
  );
}

async function openExporter(login: Login, { imageId, groupId }: PixelsInfo): Promise<[ProxyRef, number]> {
  const proxy = await login.factory.createExporter();
  if (!proxy) throw new ServerError("SERVER_FAILURE", "the server gives no Exporter");
  const exporter = login.client.service<Exporter>(proxy, EXPORTER);
  const call = { context: inGroup(groupId) };
  try {
    await exporter.addImage(imageId, call);
    return [proxy, Number(await exporter.generateTiff(call))];
  } catch (error) {
    inBackground(exporter.close()); // nobody else knows of it
    throw error;
  }
}
