/** Ice messages made by hand, and the sockets to send them by. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** An Ice message of protocol and encoding 1.0; `size` is what its header says. */
export function message(type: number, body: Uint8Array, { size = 14 + body.length, compression = 0 } = {}): Buffer {
  const header = Buffer.from([0x49, 0x63, 0x65, 0x50, 1, 0, 1, 0, type, compression, 0, 0, 0, 0]);
  header.writeInt32LE(size, 10);
  return Buffer.concat([header, body]);
}

/** The first bytes of a request's message that says it has `size` bytes. */
export function requestOf(size: number): Buffer {
  return message(0, new Uint8Array(0), { size });
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  await once(socket, "connect");
  return socket;
}

/** Until the other side has hung up, `milliseconds` at most. Whether it has. */
export async function hungUp(socket: Socket, milliseconds: number): Promise<boolean> {
  if (socket.closed) return true;
  const closed = once(socket, "close").then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const result = await Promise.race([closed, late]);
  clearTimeout(timer);
  return result;
}
