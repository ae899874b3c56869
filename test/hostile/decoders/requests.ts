/** Requests as a server reads them from a message, single and in batches. */

import { RoutingTable } from "../../../src/connect/ice/client/routing-table.js";
import { InputBuffer } from "../../../src/connect/ice/codec/input-buffer.js";
import { OutputBuffer } from "../../../src/connect/ice/codec/output-buffer.js";
import { skipProxy } from "../../../src/connect/ice/codec/proxy-codec.js";
import type { ProxyCodec } from "../../../src/connect/ice/codec/proxy-ref.js";
import { type IncomingRequest, readRequest } from "../../../src/connect/ice/serve/incoming-request.js";
import { opaqueProxy } from "../../connect/ice/opaque-proxies.js";
import type { Decoder, Seed } from "../decoder.js";
import { realProxies } from "../real-proxies.js";

export const requests: Decoder = {
  name: "requests and proxies",
  share: 12,
  memory: { perByte: 512 },
  async seeds() {
    return [...requestSeeds(), ...(await proxySeeds())];
  },
  close: async () => (await realProxies()).close(),
};

function requestSeeds(): Seed[] {
  const contexts = [new Map<string, string>(), new Map([["omero.group", "3"]]), longContext()];
  return contexts.map((context, number) => {
    const output = new OutputBuffer();
    for (let count = 0; count <= number; count++) writeRequest(output, context, "x".repeat(number * 50));
    return { bytes: output.toBytes(), decode: readRequests };
  });
}

function longContext(): Map<string, string> {
  return new Map(Array.from({ length: 300 }, (_, index) => [`key ${index}`, "é".repeat(index % 5)]));
}

function writeRequest(output: OutputBuffer, context: ReadonlyMap<string, string>, params: string): void {
  for (const text of ["name", "category"]) output.writeString(text);
  output.writeSize(0);
  output.writeString("operation");
  output.writeByte(0);
  output.writeSize(context.size);
  for (const [key, value] of context) {
    output.writeString(key);
    output.writeString(value);
  }
  output.writeInt(6 + params.length);
  output.writeByte(1);
  output.writeByte(0);
  output.writeRaw(Buffer.from(params));
}

function readRequests(bytes: Uint8Array): IncomingRequest[] {
  const input = new InputBuffer(bytes, "request");
  const found: IncomingRequest[] = [];
  while (input.remaining > 0) found.push(readRequest(input));
  return found;
}

async function proxySeeds(): Promise<Seed[]> {
  const { codecs, example } = await realProxies();
  const opaque = opaqueProxy("name", "category").prx as Uint8Array;
  const [in10, in11] = [codecs["1.0"].write(example).slice(), codecs["1.1"].write(example).slice()];
  const readBy = (codec: ProxyCodec) => (bytes: Uint8Array) => codec.read(bytes, 0);
  return [
    ...[opaque, in10].flatMap((bytes) => [
      { bytes, decode: (given: Uint8Array) => skipProxy(new InputBuffer(given, "proxy")) },
      { bytes, decode: readBy(codecs["1.0"]) },
    ]),
    { bytes: in11, decode: readBy(codecs["1.1"]) },
    // What a router answers that was told of an object: those it has forgotten.
    {
      bytes: Uint8Array.from([2, ...in10, ...in10]),
      decode: (given: Uint8Array) => new RoutingTable(codecs["1.0"], async () => given).add(example),
    },
  ];
}
