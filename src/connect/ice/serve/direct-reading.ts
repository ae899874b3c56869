/** Has the bytes of a server's sockets go straight to where they are wanted. */
import type { Socket } from "node:net";
import { DirectReader } from "../transport/byte-channel.js";
import { isNode } from "../transport/node-websocket.js";

/** Where Node keeps the `onread` option of a socket. */
const OPTION_PARTS = ["kBuffer", "kBufferGen", "kBufferCb"] as const;

interface SocketHandle {
  useUserBuffer?(buffer: Uint8Array): void;
}

/**
 * Gives a socket that a server accepted the `onread` option. Whoever connects can say it; for a server, Node makes the
 * sockets, and lets nobody say it: it is put where the option would be. Undefined where that is not to be found, in another
 * version or runtime: then the socket's events tell what comes, in memory that is new for every 64 KiB, or 16 with TLS.
 */
export function readDirectly(socket: Socket): DirectReader | undefined {
  if (!isNode()) return undefined;
  const symbols = Object.getOwnPropertySymbols(socket);
  const [buffer, generate, callback] = OPTION_PARTS.map((part) => symbols.find((key) => key.description === part));
  const handle = (socket as { _handle?: SocketHandle | null })._handle;
  if (!buffer || !generate || !callback || !handle?.useUserBuffer || socket.readableLength > 0) return undefined;
  const reader = new DirectReader();
  const first = reader.buffer();
  Object.assign(socket, { [buffer]: first, [generate]: reader.buffer, [callback]: reader.callback });
  handle.useUserBuffer(first);
  return reader;
}
