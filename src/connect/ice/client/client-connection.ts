/**
 * Makes an Ice connection of a byte channel, as a client: waits for the server's greeting.
 */
import { onAbort } from "../../../flow/abort.js";
import type { ByteChannel } from "../transport/byte-channel.js";
import { ChannelTransceiver } from "../transport/channel-transceiver.js";
import { DEFAULT_STALL_TIMEOUT } from "../transport/communicator.js";
import { type Address, greetingError } from "../transport/connection-errors.js";
import { closeConnection, guardedConnectionClass } from "../transport/guarded-connection.js";
import type {
  IceCommunicator,
  IceConnection,
  IceEndpoint,
  IceLocalException,
  IceRuntime,
} from "../transport/ice-runtime.js";

/**
 * @param stallTimeout milliseconds without progress in the middle of a message after which the connection is lost.
 * @param signal gives up when it fires: the promise rejects with its reason.
 * @throws ConnectionError `NOT_OMERO`, or `CONNECTION_LOST` if the peer goes away before it has spoken.
 */
export async function greet(
  ice: IceRuntime,
  communicator: IceCommunicator,
  channel: ByteChannel,
  address: Address,
  stallTimeout: number,
  signal: AbortSignal,
): Promise<IceConnection> {
  const Connection = guardedConnectionClass(ice);
  const transceiver = new ChannelTransceiver(ice, channel);
  const endpoint = connectionEndpoint(channel.transport, stallTimeout);
  const connection = new Connection(communicator, communicator.instance, null, transceiver, endpoint, false, null);
  const release = onAbort(signal, () => closeConnection(ice, connection, new ice.ConnectionTimeoutException()));
  try {
    await connection.start();
    signal.throwIfAborted();
  } catch (error) {
    closeConnection(ice, connection, error);
    throw signal.aborted ? signal.reason : greetingError(address, error as IceLocalException);
  } finally {
    release();
  }
  connection.activate();
  return connection;
}

export function connectionEndpoint(transport: string, stallTimeout = DEFAULT_STALL_TIMEOUT): IceEndpoint {
  return {
    datagram: () => false,
    secure: () => transport === "ssl" || transport === "wss",
    protocol: () => transport,
    timeout: () => stallTimeout,
  };
}
