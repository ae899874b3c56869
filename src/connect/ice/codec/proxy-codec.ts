import { WireError } from "../../../errors.js";
import type { IceInstance, IceProxy, IceRuntime } from "../transport/ice-runtime.js";
import type { ProxyCodec, ProxyRef } from "./proxy-ref.js";

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
