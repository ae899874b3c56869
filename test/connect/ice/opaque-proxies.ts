import { InputBuffer } from "../../../src/connect/ice/codec/input-buffer.js";
import { skipProxy } from "../../../src/connect/ice/codec/proxy-codec.js";
import type { ProxyCodec, ProxyRef } from "../../../src/connect/ice/codec/proxy-ref.js";

/** Keeps proxies as their bytes. */
export const opaqueProxies: ProxyCodec = {
  read(bytes, offset) {
    const input = new InputBuffer(bytes.subarray(offset), "proxy");
    const identity = skipProxy(input);
    const end = offset + input.offset;
    return { proxy: identity.name === "" ? null : { identity, prx: bytes.slice(offset, end) }, end };
  },
  write(proxy) {
    return proxy === null ? new Uint8Array(2) : (proxy.prx as Uint8Array);
  },
};

/** A proxy without endpoints or adapter. */
export function opaqueProxy(name: string, category = ""): ProxyRef {
  const text = (value: string) => [Buffer.byteLength(value), ...Buffer.from(value)];
  return {
    identity: { name, category },
    prx: Uint8Array.from([...text(name), ...text(category), 0, 0, 0, 0, 0]),
  };
}
