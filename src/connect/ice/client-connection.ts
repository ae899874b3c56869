/**
 * Makes an Ice connection of a byte channel, as a client: waits for the server's greeting.
 */
import type { ByteChannel } from "./byte-channel.js";
import { ChannelTransceiver } from "./channel-transceiver.js";
import { TRANSFER_TIMEOUT } from "./communicator.js";
import { type Address, greetingError } from "./connection-errors.js";
import { closeConnection, guardedConnectionClass } from "./guarded-connection.js";
import type { IceCommunicator, IceConnection, IceEndpoint, IceLocalException, IceRuntime } from "./ice-runtime.js";

/**
 * @param signal gives up when it fires: the promise rejects with its reason.
 * @throws ConnectionError `NOT_OMERO`, or `CONNECTION_LOST` if the peer goes away before it has spoken.
 */
export async function greet(
  ice: IceRuntime,
  communicator: IceCommunicator,
  channel: ByteChannel,
  address: Address,
  signal: AbortSignal,
): Promise<IceConnection> {
  const Connection = guardedConnectionClass(ice);
  const transceiver = new ChannelTransceiver(ice, channel);
  const endpoint = connectionEndpoint(channel.transport);
  const connection = new Connection(communicator, communicator.instance, null, transceiver, endpoint, false, null);
  const aborted = () => closeConnection(ice, connection, new ice.ConnectionTimeoutException());
  signal.addEventListener("abort", aborted, { once: true });
  try {
    await connection.start();
    signal.throwIfAborted();
  } catch (error) {
    closeConnection(ice, connection, error);
    throw signal.aborted ? signal.reason : greetingError(address, error as IceLocalException);
  } finally {
    signal.removeEventListener("abort", aborted);
  }
  connection.activate();
  return connection;
}

export function connectionEndpoint(transport: string): IceEndpoint {
  return {
    datagram: () => false,
    secure: () => transport === "ssl" || transport === "wss",
    protocol: () => transport,
    timeout: () => TRANSFER_TIMEOUT,
  };
}
