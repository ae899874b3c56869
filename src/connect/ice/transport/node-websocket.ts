/**
 * Ice over WebSocket on Node.js, by the package `ws` over a socket of our own: TLS is judged as on the TLS port, and what
 * goes wrong is known.
 */
import type { Socket } from "node:net";
import type { WebSocket as NodeWebSocket } from "ws";
import { onAbort } from "../../../flow/abort.js";
import type { ByteChannel, ByteChannelListener } from "./byte-channel.js";

/** Largest message of the WebSocket; beyond the largest of Ice that any OMERO server is known to send. */
const LARGEST_MESSAGE = 2 ** 29;

/** Whether this runtime is Node.js; others bring a WebSocket of their own and only resemble the sockets of Node.js. */
export function isNode(): boolean {
  const { node, bun, deno } = process.versions as Record<string, string | undefined>;
  return node !== undefined && bun === undefined && deno === undefined;
}

/**
 * @param socket connected; destroyed on failure
 * @param url of the resource; its scheme does not matter
 * @throws Error saying what the server answered in place of a WebSocket's greeting
 */
export async function openNodeWebSocket(
  socket: Socket,
  transport: "ws" | "wss",
  url: string,
  signal: AbortSignal,
): Promise<ByteChannel> {
  const { WebSocket } = await import("ws");
  const webSocket = new WebSocket(url.replace(/^wss:/, "ws:"), ["ice.zeroc.com"], {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE,
  });
  webSocket.binaryType = "fragments";
  const channel = new NodeWebSocketChannel(webSocket, socket, transport, url);
  await greeted(webSocket, signal);
  return channel;
}

function greeted(webSocket: NodeWebSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown) => {
      release();
      webSocket.off("open", ready).off("error", finish);
      if (error === undefined) return resolve();
      webSocket.terminate();
      reject(error);
    };
    const ready = () => finish();
    webSocket.on("open", ready).on("error", finish);
    const release = onAbort(signal, () => finish(signal.reason));
  });
}

class NodeWebSocketChannel implements ByteChannel {
  readonly transport: "ws" | "wss";
  readonly description: string;
  readonly #webSocket: NodeWebSocket;
  readonly #socket: Socket;
  #listener: ByteChannelListener | undefined;
  /** Bytes that came before anybody listened. */
  readonly #early: Uint8Array[] = [];
  #failure: Error | undefined;
  #closed = false;

  constructor(webSocket: NodeWebSocket, socket: Socket, transport: "ws" | "wss", url: string) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.transport = transport;
    this.description = url;
    webSocket.on("message", (data) => this.#received(data as Buffer[]));
    webSocket.on("error", (error) => {
      this.#failure ??= error;
    });
    webSocket.on("close", () => this.#ended());
  }

  get bytesReceived(): number {
    return this.#socket.bytesRead;
  }

  get bytesSent(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  get bytesUnsent(): number {
    return this.#webSocket.bufferedAmount;
  }

  listen(listener: ByteChannelListener): void {
    this.#listener = listener;
    for (const bytes of this.#early.splice(0)) listener.data(bytes);
    if (this.#closed) listener.closed(this.#failure);
  }

  write(bytes: Uint8Array, drained: () => void): boolean {
    let room = true;
    this.#webSocket.send(bytes, (error) => {
      if (!room && !error) drained();
    });
    room = !this.#socket.writableNeedDrain;
    return room;
  }

  pause(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  keepProcessAlive(alive: boolean): void {
    if (alive) this.#socket.ref();
    else this.#socket.unref();
  }

  destroy(): void {
    this.#webSocket.terminate();
  }

  #received(fragments: readonly Uint8Array[]): void {
    for (const bytes of fragments) {
      if (this.#listener) this.#listener.data(bytes);
      else this.#early.push(bytes);
    }
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener?.closed(this.#failure);
  }
}
