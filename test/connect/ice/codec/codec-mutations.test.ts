import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { decodeException, decodeParams, decodeResult } from "../../../../src/connect/ice/codec/codec.js";
import { getOperation } from "../../../../src/connect/ice/schema/schema.js";
import { WireError } from "../../../../src/errors.js";
import { exceptions, parameters, results } from "../golden-values.js";
import { opaqueProxies } from "../opaque-proxies.js";
import { RandomValues } from "../random-values.js";

const messages = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;

interface Seed {
  readonly bytes: Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

function seeds(): Seed[] {
  const bytesOf = (name: string) => new Uint8Array(Buffer.from(messages[name]!, "base64"));
  const operationOf = (path: string) => {
    const dot = path.lastIndexOf(".");
    return getOperation(path.slice(0, dot), path.slice(dot + 1));
  };
  return [
    ...parameters.map(([path, name]) => ({
      bytes: bytesOf(name),
      decode: (bytes: Uint8Array) => decodeParams(operationOf(path), bytes, opaqueProxies),
    })),
    ...results.map(([path, name]) => ({
      bytes: bytesOf(name),
      decode: (bytes: Uint8Array) => decodeResult(operationOf(path), bytes, opaqueProxies),
    })),
    ...exceptions.map(([name]) => ({
      bytes: bytesOf(name),
      decode: (bytes: Uint8Array) => decodeException(bytes, opaqueProxies),
    })),
  ].filter(({ bytes }) => bytes.length > 0);
}

/** Sizes that peers use to make a reader allocate: a byte that says "int32 follows", and an int32. */
const HUGE_SIZES = [0x7fffffff, 0x10000000, 0x00ffffff, -1, -0x80000000, 0xffff].map((size) => {
  const bytes = new Uint8Array(5);
  bytes[0] = 255;
  new DataView(bytes.buffer).setInt32(1, size, true);
  return bytes;
});

function mutate(original: Uint8Array, random: RandomValues): Uint8Array {
  const bytes = original.slice();
  const at = random.below(bytes.length);
  switch (random.below(6)) {
    case 0:
      bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      return bytes.slice(0, at);
    case 3:
      return joined(bytes.subarray(0, at), HUGE_SIZES[random.below(HUGE_SIZES.length)]!, bytes.subarray(at + 1));
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(random.below(bytes.length)));
    default:
      new DataView(bytes.buffer).setInt32(Math.min(at, Math.max(0, bytes.length - 4)), -random.below(40), true);
      return bytes;
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A value, or the error that decoding ended with. */
function outcome(seed: Seed, bytes: Uint8Array): unknown {
  try {
    return seed.decode(bytes);
  } catch (error) {
    return error;
  }
}

describe("malformed messages", () => {
  it("end in a value or a WireError", () => {
    const all = seeds().filter(({ bytes }) => bytes.length >= 4);
    const random = new RandomValues(20);
    let failures = 0;
    for (let round = 0; round < 6000; round++) {
      const seed = all[round % all.length]!;
      const bytes = mutate(seed.bytes, random);
      const result = outcome(seed, bytes);
      if (!(result instanceof Error)) continue;
      if (result.name === "IceUserException") continue;
      failures++;
      expect(result, `round ${round}: ${Buffer.from(bytes).toString("hex")}`).toBeInstanceOf(WireError);
    }
    expect(failures).toBeGreaterThan(2000);
  });

  it("end in a WireError when cut off anywhere", () => {
    for (const seed of seeds()) {
      const step = Math.ceil(seed.bytes.length / 200);
      for (let length = 0; length < seed.bytes.length - 1; length += step) {
        const result = outcome(seed, seed.bytes.slice(0, length));
        expect(result).toBeInstanceOf(WireError);
      }
    }
  });

  it("do not make the reader allocate more than a small multiple of their size", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const size = 1 << 20;
    for (const name of ["addData", "setAllMetadata", "slice"]) {
      const operation = getOperation("omero::grid::Table", name);
      for (const fill of [0x00, 0x01, 0xff, 0x7f, 0xfe]) {
        const bytes = joined(HUGE_SIZES[1]!, new Uint8Array(size).fill(fill));
        const decode = (given: Uint8Array) => decodeParams(operation, given, opaqueProxies);
        outcome({ bytes, decode }, bytes.slice(0, 100));
        collect();
        const before = process.memoryUsage();
        const result = outcome({ bytes, decode }, bytes);
        const after = process.memoryUsage();
        expect(result).toBeInstanceOf(WireError);
        expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(size);
        expect(after.heapUsed - before.heapUsed).toBeLessThan(size);
      }
    }
  });

  it("are refused where a byte stands for an object, and there are too many", () => {
    const count = 1 << 22;
    const bytes = new Uint8Array(5 + count);
    bytes[0] = 255;
    new DataView(bytes.buffer).setInt32(1, count, true);
    const operation = getOperation("omero::api::IQuery", "projection");
    expect(() => decodeResult(operation, bytes, opaqueProxies)).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });

  it("are refused where more instances are referred to than can follow", () => {
    const count = 1000;
    const bytes = new Uint8Array(5 + count * 4);
    const view = new DataView(bytes.buffer);
    bytes[0] = 255;
    view.setInt32(1, count, true);
    for (let index = 0; index < count; index++) view.setInt32(5 + 4 * index, -1 - index, true);
    const operation = getOperation("omero::api::IQuery", "findAllByQuery");
    expect(() => decodeResult(operation, bytes, opaqueProxies)).toThrow("cannot follow");
  });
});
