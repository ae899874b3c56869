/**
 * Ice over WebSocket: each message of the WebSocket carries a piece of the Ice byte stream, under the subprotocol
 * `ice.zeroc.com`.
 */
import { ArgumentError } from "../../../errors.js";
import { onAbort } from "../../../flow/abort.js";
import type { ByteChannel, ByteChannelListener } from "./byte-channel.js";

/** Bytes waiting in the WebSocket at which writing pauses. */
const SEND_BUFFER_SIZE = 4 << 20;
const DRAIN_POLL_MS = 2;

/**
 * The runtime's own WebSocket judges the certificate of a `wss` server, and says little about why it failed.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` where the runtime has no `WebSocket`.
 * @throws Error without details if the connection fails.
 */
export async function openWebSocket(url: string, transport: "ws" | "wss", signal: AbortSignal): Promise<ByteChannel> {
  if (typeof WebSocket === "undefined") {
    const text = `${transport}:// needs a runtime with WebSocket; use the server's TLS port here`;
    throw new ArgumentError("INVALID_ARGUMENT", text);
  }
  const socket = new WebSocket(url, ["ice.zeroc.com"]);
  socket.binaryType = "arraybuffer";
  const channel = new WebSocketChannel(socket, transport, url);
  await opened(socket, signal);
  return channel;
}

function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown) => {
      release();
      socket.removeEventListener("open", ready);
      socket.removeEventListener("error", failed);
      if (error === undefined) return resolve();
      socket.close();
      reject(error);
    };
    const ready = () => finish();
    const failed = (event: Event) => finish(errorOf(event));
    socket.addEventListener("open", ready);
    socket.addEventListener("error", failed);
    const release = onAbort(signal, () => finish(signal.reason));
  });
}

function errorOf(event: Event): Error {
  return "error" in event && event.error instanceof Error ? event.error : new Error("the WebSocket failed");
}

class WebSocketChannel implements ByteChannel {
  readonly transport: "ws" | "wss";
  readonly description: string;
  readonly #socket: WebSocket;
  #listener: ByteChannelListener | undefined;
  /** Bytes that came before anybody listened. */
  readonly #early: Uint8Array[] = [];
  #failure: Error | undefined;
  #closed = false;
  #bytesReceived = 0;
  #bytesGiven = 0;
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, transport: "ws" | "wss", url: string) {
    this.#socket = socket;
    this.transport = transport;
    this.description = url;
    socket.addEventListener("message", (event) => this.#received(event.data));
    socket.addEventListener("error", (event) => {
      this.#failure ??= errorOf(event);
    });
    socket.addEventListener("close", () => this.#ended());
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  get bytesSent(): number {
    return this.#bytesGiven - this.#socket.bufferedAmount;
  }

  get bytesUnsent(): number {
    return this.#socket.bufferedAmount;
  }

  listen(listener: ByteChannelListener): void {
    this.#listener = listener;
    for (const bytes of this.#early.splice(0)) listener.data(bytes);
    if (this.#closed) listener.closed(this.#failure);
  }

  write(bytes: Uint8Array, drained: () => void): boolean {
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    this.#bytesGiven += bytes.length;
    if (this.#socket.bufferedAmount < SEND_BUFFER_SIZE) return true;
    this.#drainTimer ??= setInterval(() => {
      if (this.#socket.bufferedAmount >= SEND_BUFFER_SIZE) return;
      this.#stopDraining();
      drained();
    }, DRAIN_POLL_MS);
    return false;
  }

  /** A WebSocket cannot be paused; what comes meanwhile is kept by the listener. */
  pause(): void {}

  resume(): void {}

  keepProcessAlive(): void {}

  destroy(): void {
    this.#stopDraining();
    this.#socket.close();
  }

  #received(data: unknown): void {
    // Ice sends binary messages only; text is what no Ice server says, and its bytes are judged as such.
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new TextEncoder().encode(String(data));
    this.#bytesReceived += bytes.length;
    if (this.#listener) this.#listener.data(bytes);
    else this.#early.push(bytes);
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopDraining();
    this.#listener?.closed(this.#failure);
  }

  #stopDraining(): void {
    clearInterval(this.#drainTimer);
    this.#drainTimer = undefined;
  }
}
