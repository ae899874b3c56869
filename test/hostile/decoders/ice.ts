/** Parameters, results and exceptions: recorded ones, and random values for every operation of the schema. */
import { readFileSync } from "node:fs";
import { toOmeroError } from "../../../src/connect/ice/client/server-exceptions.js";
import {
  decodeException,
  decodeParams,
  decodeResult,
  encodeException,
  encodeResult,
} from "../../../src/connect/ice/codec/codec.js";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import {
  type ExceptionType,
  getOperation,
  loadSchema,
  type Operation,
} from "../../../src/connect/ice/schema/schema.js";
import {
  type ProxyCodecs,
  paramsFrom11,
  speaksBothEncodings,
} from "../../../src/connect/ice/serve/encoding-versions.js";
import { encodedParams } from "../../connect/ice/encoded-params.js";
import { exceptions, parameters, results } from "../../connect/ice/golden-values.js";
import { opaqueProxies } from "../../connect/ice/opaque-proxies.js";
import { RandomValues } from "../../connect/ice/random-values.js";
import type { Decoder, Seed } from "../decoder.js";
import { realProxies } from "../real-proxies.js";

export const ice: Decoder = {
  name: "Ice values",
  share: 34,
  // A byte can stand for an empty dictionary.
  memory: { perByte: 512 },
  async seeds() {
    const { codecs } = await realProxies();
    return [...recorded(codecs), ...random(codecs), ...inEncoding11(codecs)].filter(({ bytes }) => bytes.length > 0);
  },
  close: async () => (await realProxies()).close(),
};

const decodingParams = (operation: Operation, proxies: ProxyCodecs) => (bytes: Uint8Array) =>
  decodeParams(operation, bytes, proxies["1.0"]);

const decodingResult = (operation: Operation, proxies: ProxyCodecs) => (bytes: Uint8Array) =>
  decodeResult(operation, bytes, proxies["1.0"]);

const decodingException = (proxies: ProxyCodecs) => (bytes: Uint8Array) =>
  toOmeroError(decodeException(bytes, proxies["1.0"]), { operation: "Table.read" });

function recorded(proxies: ProxyCodecs): Seed[] {
  const path = new URL("../../connect/ice/fixtures/golden.json", import.meta.url);
  const messages = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  const bytesOf = (name: string) => Uint8Array.from(Buffer.from(messages[name]!, "base64"));
  const operationOf = (path: string) => getOperation(path.slice(0, path.lastIndexOf(".")), path.split(".").at(-1)!);
  return [
    ...parameters.map(([path, name]) => ({
      bytes: bytesOf(name),
      decode: decodingParams(operationOf(path), proxies),
    })),
    ...results.map(([path, name]) => ({ bytes: bytesOf(name), decode: decodingResult(operationOf(path), proxies) })),
    ...exceptions.map(([name]) => ({ bytes: bytesOf(name), decode: decodingException(proxies) })),
  ];
}

function random(proxies: ProxyCodecs): Seed[] {
  const schema = loadSchema();
  const values = new RandomValues(31);
  const operations = schema.serviceIds.flatMap((id) => [...schema.findService(id)!.operations.values()]);
  const ofOperations = operations.flatMap((operation) => {
    const args = operation.parameters.map(({ type }) => values.value(type));
    const answers = operation.results.map((type) => values.value(type));
    const result = answers.length > 1 ? answers : answers[0];
    return [
      { bytes: encodedParams(operation, args, opaqueProxies), decode: decodingParams(operation, proxies) },
      { bytes: encodeResult(operation, result, opaqueProxies), decode: decodingResult(operation, proxies) },
    ];
  });
  const thrown = schema.exceptionIds.map((id) => {
    const members: Record<string, unknown> = {};
    for (let type: ExceptionType | null = schema.findException(id)!; type; type = type.base) {
      values.members(type.members, members);
    }
    return {
      bytes: encodeException(new IceUserException(id, members), opaqueProxies),
      decode: decodingException(proxies),
    };
  });
  return [...ofOperations, ...thrown];
}

/** What clients of Ice as it comes send to a router. */
function inEncoding11(proxies: ProxyCodecs): Seed[] {
  const operations = [...loadSchema().findService("::Glacier2::Router")!.operations.values()];
  const values = new RandomValues(11);
  return operations.filter(speaksBothEncodings).map((operation) => {
    const args = operation.parameters.map(({ type }) => values.value(type));
    return {
      // Texts and numbers are the same in both encodings.
      bytes: encodedParams(operation, args, opaqueProxies),
      decode: (bytes: Uint8Array) => decodeParams(operation, paramsFrom11(operation, bytes, proxies), proxies["1.0"]),
    };
  });
}
