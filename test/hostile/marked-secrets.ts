/** Secrets that are told from everything else, and a server that keeps its own. */
import { type AddressInfo, createServer, type Socket } from "node:net";

export const PASSWORD = "marked-password-71c4";
export const WRONG_PASSWORD = "marked-wrong-password-05fe";
export const KEY = "0d15ea5e-c0de-4bad-8bad-feedfacef00d";
export const TOKEN = "marked-token-b2aa";

/** A server of plain sockets. */
export async function listening(onSocket: (socket: Socket) => void) {
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => void listener.close(() => resolve()));
  return { port, [Symbol.asyncDispose]: close };
}
