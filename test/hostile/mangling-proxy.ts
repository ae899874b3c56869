/** A proxy that passes Ice messages on, some of them damaged, between an honest client and an honest server. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export type Direction = "toServer" | "toClient";
/** Bytes to pass on in place of a message; undefined hangs up. */
export type Mangle = (message: Buffer, direction: Direction, number: number) => Uint8Array | undefined;

const HEADER = 14;
const SIZE_AT = 10;

export class ManglingProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(targetPort: number, mangle: Mangle): Promise<ManglingProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = new ManglingProxy(server);
    server.on("connection", (client) => proxy.#serve(client, targetPort, mangle));
    return proxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(client: Socket, targetPort: number, mangle: Mangle): void {
    const server = connect(targetPort, "127.0.0.1");
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    pass(client, server, "toServer", mangle);
    pass(server, client, "toClient", mangle);
  }
}

function pass(from: Socket, to: Socket, direction: Direction, mangle: Mangle): void {
  let waiting: Buffer = Buffer.alloc(0);
  let number = 0;
  from.on("data", (piece) => {
    waiting = Buffer.concat([waiting, piece]);
    while (waiting.length >= HEADER && waiting.length >= waiting.readInt32LE(SIZE_AT)) {
      const size = waiting.readInt32LE(SIZE_AT);
      const sent = mangle(waiting.subarray(0, size), direction, number++);
      waiting = waiting.subarray(size);
      if (sent === undefined) {
        to.destroy();
        return;
      }
      to.write(sent);
    }
  });
}

/** A message with another body, its size put right. */
export function withBody(message: Uint8Array, body: Uint8Array): Uint8Array {
  const made = Buffer.concat([message.subarray(0, HEADER), body]);
  made.writeInt32LE(made.length, SIZE_AT);
  return made;
}

export function bodyOf(message: Uint8Array): Uint8Array {
  return message.subarray(HEADER);
}
