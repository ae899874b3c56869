/**
 * A connected stream of bytes, whatever carries it: a TCP socket, a TLS socket or a WebSocket.
 */
import type { Socket } from "node:net";

export type Transport = "tcp" | "ssl" | "ws" | "wss";

export interface ByteChannelListener {
  data(bytes: Uint8Array): void;
  /** Called once, when no more bytes can come. `error` is missing if the peer closed in good order. */
  closed(error?: Error): void;
}

export interface ByteChannel {
  readonly transport: Transport;
  /** Both addresses, for messages. */
  readonly description: string;
  /** Bytes that have come in so far, and bytes handed over that have not gone out yet. */
  readonly bytesReceived: number;
  readonly bytesUnsent: number;
  /** Bytes come only after this; a channel starts paused. */
  listen(listener: ByteChannelListener): void;
  /**
   * Sends bytes, which must not change any more. Returns true if more may follow at once; otherwise `drained` is
   * called when there is room.
   */
  write(bytes: Uint8Array, drained: () => void): boolean;
  pause(): void;
  resume(): void;
  /** Whether this channel alone keeps the process alive. */
  keepProcessAlive(alive: boolean): void;
  destroy(): void;
}

/** The channel over a connected socket. */
export function socketChannel(socket: Socket, transport: "tcp" | "ssl"): ByteChannel {
  let failure: Error | undefined;
  socket.pause();
  return {
    transport,
    description: `${socket.localAddress}:${socket.localPort} to ${socket.remoteAddress}:${socket.remotePort}`,
    get bytesReceived() {
      return socket.bytesRead;
    },
    get bytesUnsent() {
      return socket.writableLength;
    },
    listen(listener) {
      socket.on("data", (bytes: Uint8Array) => listener.data(bytes));
      socket.on("error", (error) => {
        failure ??= error;
      });
      socket.once("close", () => listener.closed(failure));
      socket.pause();
    },
    write(bytes, drained) {
      let room = true;
      room = socket.write(bytes, (error) => {
        if (!room && !error) drained();
      });
      return room;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    keepProcessAlive: (alive) => void (alive ? socket.ref() : socket.unref()),
    destroy: () => void socket.destroy(),
  };
}
