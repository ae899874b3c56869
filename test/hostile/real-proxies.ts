/** Proxies read and written by Ice itself. */

import { createProxyCodec, proxyRef } from "../../src/connect/ice/codec/proxy-codec.js";
import type { ProxyRef } from "../../src/connect/ice/codec/proxy-ref.js";
import type { ProxyCodecs } from "../../src/connect/ice/serve/encoding-versions.js";
import { createCommunicator } from "../../src/connect/ice/transport/communicator.js";
import { loadIce } from "../../src/connect/ice/transport/ice-runtime.js";

export interface RealProxies {
  readonly codecs: ProxyCodecs;
  /** One with endpoints. */
  readonly example: ProxyRef;
  close(): Promise<void>;
}

let made: Promise<RealProxies> | undefined;

/** The same for all who ask. */
export function realProxies(): Promise<RealProxies> {
  made ??= make();
  return made;
}

async function make(): Promise<RealProxies> {
  const ice = await loadIce();
  const communicator = createCommunicator(ice, 1 << 20);
  const { instance } = communicator;
  const codecs = {
    "1.0": createProxyCodec(ice, instance),
    "1.1": createProxyCodec(ice, instance, ice.Encoding_1_1),
  };
  const text = "category/name -f facet:tcp -h 127.0.0.1 -p 4063 -t 60000:ssl -h localhost -p 4064";
  const example = proxyRef(communicator.stringToProxy(text)!);
  return { codecs, example, close: async () => void (await communicator.destroy()) };
}
