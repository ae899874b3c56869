import { WireError } from "../../../errors.js";
import type { IceInstance, IceProxy, IceRuntime } from "../transport/ice-runtime.js";
import type { InputBuffer } from "./input-buffer.js";
import type { Identity, ProxyCodec, ProxyRef } from "./proxy-ref.js";

/** Reads and writes proxies with Ice's own streams, so that endpoints of every kind go through unharmed. */
export function createProxyCodec(
  ice: IceRuntime,
  instance: IceInstance,
  encoding: unknown = ice.Encoding_1_0,
): ProxyCodec {
  return {
    read(bytes, offset) {
      const stream = new ice.InputStream(instance, encoding, bytes.buffer as ArrayBuffer);
      stream.buffer.limit = bytes.byteOffset + bytes.length;
      stream.pos = bytes.byteOffset + offset;
      const proxy = readProxy(stream);
      return { proxy: proxy === null ? null : proxyRef(proxy), end: stream.pos - bytes.byteOffset };
    },
    write(proxy) {
      const stream = new ice.OutputStream(instance, encoding);
      try {
        stream.writeProxy(proxy === null ? null : icePrx(proxy));
      } catch {
        throw new WireError("CANNOT_ENCODE", "a proxy bound to a connection cannot be sent");
      }
      return new Uint8Array(stream.buffer.b, 0, stream.size);
    },
  };
}

function readProxy(stream: { readProxy(): IceProxy | null }): IceProxy | null {
  try {
    return stream.readProxy();
  } catch {
    throw new WireError("MALFORMED_MESSAGE", "the message holds a malformed proxy");
  }
}

export function proxyRef(prx: IceProxy): ProxyRef {
  const { name, category } = prx.ice_getIdentity();
  return { identity: { name, category }, prx };
}

export function icePrx(proxy: ProxyRef): IceProxy {
  return proxy.prx as IceProxy;
}

/** An endpoint: its type as a short, then an encapsulation (int32 size, two bytes of encoding version). */
const LEAST_ENCAPSULATION = 6;
const LEAST_ENDPOINT = 2 + LEAST_ENCAPSULATION;

/**
 * Moves over a proxy of encoding 1.0 and checks it on the way: identity, facet, mode, secure flag, then endpoints or an
 * adapter's name; nothing but the identity for the null proxy.
 */
export function skipProxy(input: InputBuffer): Identity {
  const identity = { name: input.readString(), category: input.readString() };
  if (identity.name === "") {
    if (identity.category !== "") throw input.fail("proxy without a name");
    return identity;
  }
  const facets = input.readCount(1);
  if (facets > 1) throw input.fail(`proxy with ${facets} facets`);
  if (facets === 1) input.readString();
  const mode = input.readByte();
  if (mode > 4) throw input.fail(`proxy of unknown mode ${mode}`);
  input.readBool();
  const endpoints = input.readCount(LEAST_ENDPOINT);
  if (endpoints === 0) input.readString();
  for (let index = 0; index < endpoints; index++) {
    input.readShort();
    const size = input.readInt();
    if (size < LEAST_ENCAPSULATION) throw input.fail(`encapsulation of ${size} bytes`);
    input.take(size - 4);
  }
  return identity;
}
