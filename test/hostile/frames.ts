/** Ice messages made by hand, and the sockets to send them by. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { OutputBuffer } from "../../src/connect/ice/codec/output-buffer.js";
import { getOperation } from "../../src/connect/ice/schema/schema.js";
import { encodedParams } from "../connect/ice/encoded-params.js";
import { opaqueProxies } from "../connect/ice/opaque-proxies.js";

const HEADER = 14;
const SIZE_AT = 10;

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

export interface RequestParts {
  readonly identity: { readonly name: string; readonly category: string };
  readonly operation: string;
  readonly facet?: string;
  readonly mode?: number;
  readonly context?: Readonly<Record<string, string>>;
  readonly params?: Uint8Array;
}

/** A request without its id: what a batch is made of. */
export function requestBody(parts: RequestParts): Uint8Array {
  const { identity, operation, facet, mode = 0, context = {}, params = new Uint8Array(0) } = parts;
  const output = new OutputBuffer();
  output.writeString(identity.name);
  output.writeString(identity.category);
  output.writeSize(facet === undefined ? 0 : 1);
  if (facet !== undefined) output.writeString(facet);
  output.writeString(operation);
  output.writeByte(mode);
  output.writeSize(Object.keys(context).length);
  for (const text of Object.entries(context).flat()) output.writeString(text);
  output.writeInt(6 + params.length);
  output.writeByte(1);
  output.writeByte(0);
  output.writeRaw(params);
  return output.toBytes();
}

/** A request; with the id 0 one that wants no answer. */
export function request(id: number, parts: RequestParts): Buffer {
  return message(0, Buffer.concat([int32(id), requestBody(parts)]));
}

/** Requests that want no answers, in one message. */
export function batch(bodies: readonly Uint8Array[], count = bodies.length): Buffer {
  return message(1, Buffer.concat([int32(count), ...bodies]));
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const ROUTER = { name: "router", category: "OMERO.Glacier2" };

/** The request that logs in. */
export function logInRequest(user: string, password: string, clientId = "client"): RequestParts {
  const operation = getOperation("::Glacier2::Router", "createSession");
  const params = encodedParams(operation, [user, password], opaqueProxies);
  return { identity: ROUTER, operation: "createSession", context: { "omero.client.uuid": clientId }, params };
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
  // However it is closed: a reset is an error before the end.
  const closed = new Promise<boolean>((resolve) => void socket.once("close", () => resolve(true)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const result = await Promise.race([closed, late]);
  clearTimeout(timer);
  return result;
}

/** Messages that come until there are `count`, or the other side hangs up. */
export function messages(socket: Socket, count: number): Promise<Buffer[]> {
  return new Promise((resolve) => {
    let waiting: Buffer = Buffer.alloc(0);
    const found: Buffer[] = [];
    socket.once("close", () => resolve(found));
    socket.on("data", (piece: Buffer) => {
      waiting = Buffer.concat([waiting, piece]);
      while (waiting.length >= HEADER && waiting.length >= waiting.readInt32LE(SIZE_AT)) {
        const size = waiting.readInt32LE(SIZE_AT);
        found.push(waiting.subarray(0, size));
        waiting = waiting.subarray(size);
      }
      if (found.length >= count) resolve(found);
    });
  });
}
