import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

const BINARY = 2;
const CLOSE = 8;
/** RFC 6455, 1.3 */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * Offers a TCP server of Ice as a WebSocket at `path`, as Glacier2's `ws` endpoint does. Returns its port and the way
 * to end it.
 */
export async function startBridge(target: number, path: string): Promise<{ port: number; close(): void }> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new Set<Socket>();
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (request.url !== path || request.headers["sec-websocket-protocol"] !== "ice.zeroc.com") {
      socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
      return;
    }
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}${ACCEPT_SUFFIX}`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ice.zeroc.com\r\n\r\n`,
    );
    const peer = connect(target, "127.0.0.1");
    sockets.add(peer);
    peer.on("error", () => {});
    peer.on("data", (data) => socket.write(frame(BINARY, data)));
    peer.on("end", () => socket.end(frame(CLOSE, Buffer.from([3, 232]))));
    readFrames(socket, (opcode, data) => {
      if (opcode === CLOSE) socket.end(frame(CLOSE, data));
      else peer.write(data);
    });
    socket.on("close", () => peer.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function frame(opcode: number, data: Uint8Array): Buffer {
  const header = Buffer.alloc(10);
  header[0] = 0x80 | opcode;
  if (data.length < 126) {
    header[1] = data.length;
    return Buffer.concat([header.subarray(0, 2), data]);
  }
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(data.length), 2);
  return Buffer.concat([header, data]);
}

/** Tells of the frames of a client, which are masked. */
function readFrames(socket: Socket, tell: (opcode: number, data: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (data) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 2) {
      const short = pending[1]! & 127;
      const sizeEnd = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (pending.length < sizeEnd + 4) return;
      const size = short < 126 ? short : short === 126 ? pending.readUInt16BE(2) : Number(pending.readBigUInt64BE(2));
      const start = sizeEnd + 4;
      if (pending.length < start + size) return;
      const mask = pending.subarray(sizeEnd, start);
      const content = Buffer.from(pending.subarray(start, start + size));
      for (let index = 0; index < size; index++) content[index]! ^= mask[index % 4]!;
      tell(pending[0]! & 15, content);
      pending = pending.subarray(start + size);
    }
  });
}
