/**
 * A connected stream of bytes, whatever carries it: a TCP socket, a TLS socket or a WebSocket.
 */
import type { Socket } from "node:net";

export type Transport = "tcp" | "ssl" | "ws" | "wss";

export interface ByteChannelListener {
  /** Bytes that came; they may change when this has returned. */
  data(bytes: Uint8Array): void;
  /** Where the next bytes may be put without a detour, if a large message is under way. */
  room(): Uint8Array | undefined;
  /** Says that `count` bytes came into what `room` gave. */
  filled(room: Uint8Array, count: number): void;
  /** Called once, when no more bytes can come. `error` is missing if the peer closed in good order. */
  closed(error?: Error): void;
}

export interface ByteChannel {
  readonly transport: Transport;
  /** Both addresses, for messages. */
  readonly description: string;
  /** Bytes that have come in and gone out so far, and bytes handed over that have not gone out yet. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly bytesUnsent: number;
  /** Bytes come only after this; a channel starts paused. */
  listen(listener: ByteChannelListener): void;
  /**
   * Sends bytes, which must not change any more. Returns true if more may follow at once; otherwise `drained` is
   * called when there is room. `sent` is called when the bytes have gone out, on sockets; not if that fails.
   */
  write(bytes: Uint8Array, drained: () => void, sent?: () => void): boolean;
  pause(): void;
  resume(): void;
  /** Whether this channel alone keeps the process alive. */
  keepProcessAlive(alive: boolean): void;
  destroy(): void;
}

/** Of what a reader reads into while nobody says where: it grows as long as reads fill it. */
const FIRST_SCRATCH = 1 << 12;
const LARGEST_SCRATCH = 1 << 16;

/** The `onread` option of a socket: bytes go straight to where its listener wants them. */
export class DirectReader {
  listener: ByteChannelListener | undefined;
  #scratch = new Uint8Array(FIRST_SCRATCH);

  readonly buffer = (): Uint8Array => this.listener?.room() ?? this.#scratch;

  readonly callback = (count: number, bytes: Uint8Array): boolean => {
    const isScratch = bytes.buffer === this.#scratch.buffer;
    if (isScratch) this.listener?.data(bytes.subarray(0, count));
    else this.listener?.filled(bytes, count);
    if (isScratch && count === bytes.length && count < LARGEST_SCRATCH) this.#scratch = new Uint8Array(4 * count);
    return true;
  };
}

/**
 * The channel over a connected socket.
 *
 * @param reader the socket's `onread` option, if it has one.
 */
export function socketChannel(socket: Socket, transport: "tcp" | "ssl", reader?: DirectReader): ByteChannel {
  const ending = watchEnd(socket);
  socket.pause();
  return {
    transport,
    description: `${socket.localAddress}:${socket.localPort} to ${socket.remoteAddress}:${socket.remotePort}`,
    get bytesReceived() {
      return socket.bytesRead;
    },
    get bytesSent() {
      return socket.bytesWritten - socket.writableLength;
    },
    get bytesUnsent() {
      return socket.writableLength;
    },
    listen(listener) {
      if (reader) reader.listener = listener;
      else socket.on("data", (bytes: Uint8Array) => listener.data(bytes));
      void ending.then((error) => listener.closed(error));
      socket.pause();
    },
    write(bytes, drained, sent) {
      let room = true;
      room = socket.write(bytes, (error) => {
        if (error) return;
        sent?.();
        if (!room) drained();
      });
      return room;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    keepProcessAlive: (alive) => void (alive ? socket.ref() : socket.unref()),
    destroy: () => void socket.destroy(),
  };
}

/** Settles when a socket is closed, with the error that closed it if there was one. */
function watchEnd(socket: Socket): Promise<Error | undefined> {
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure ??= error;
  });
  return new Promise((resolve) => {
    if (socket.closed) resolve(failure);
    else socket.once("close", () => resolve(failure));
  });
}
