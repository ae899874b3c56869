import * as zlib from "node:zlib";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compress, inflater } from "../../../../src/formats/tiledb/bytes/compressors.js";
import { GZIP, RLE, ZSTD } from "../../../../src/formats/tiledb/bytes/filters.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const malformed = expect.objectContaining({ code: "MALFORMED_FILE", path: "file" });

describe.each([
  ["gzip", GZIP],
  ["zstd", ZSTD],
])("%s", (_, filter) => {
  it("gives back what it was given", async () => {
    const inflate = await inflater(filter, 1, "file");
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 2000, minLength: 1 }),
      fc.integer({ min: 1, max: 65_536 }).map((length) => new Uint8Array(length)),
    );
    fc.assert(fc.property(chunk, (bytes) => Buffer.from(bytes).equals(inflate(compress(filter, bytes), bytes.length))));
  });

  it("refuses a chunk that is longer or shorter than it says, or damaged", async () => {
    const inflate = await inflater(filter, 1, "file");
    const stored = compress(filter, bytesOf("a chunk of text"));
    for (const length of [14, 16]) expect(() => inflate(stored, length)).toThrow(malformed);
    expect(() => inflate(stored.subarray(0, stored.length - 3), 15)).toThrow(malformed);
    expect(() => inflate(bytesOf("no such thing"), 13)).toThrow(malformed);
    expect(() => inflate(stored, 2 ** 25)).toThrow(malformed);
  });
});

describe("run lengths", () => {
  it("repeat whole cells", async () => {
    const inflate = await inflater(RLE, 2, "file");
    expect([...inflate(Uint8Array.of(1, 2, 0, 3, 9, 8, 0, 1), 8)]).toEqual([1, 2, 1, 2, 1, 2, 9, 8]);
    const long = inflate(Uint8Array.of(7, 7, 1, 0), 512);
    expect(long.every((byte) => byte === 7)).toBe(true);
  });

  it("that are too long, too short or cut off are refused", async () => {
    const inflate = await inflater(RLE, 2, "file");
    expect(() => inflate(Uint8Array.of(1, 2, 0, 3), 8)).toThrow(malformed);
    expect(() => inflate(Uint8Array.of(1, 2, 255, 255), 4)).toThrow(malformed);
    expect(() => inflate(Uint8Array.of(1, 2, 0), 2)).toThrow(malformed);
  });
});

it("no chunk is inflated that is a thousand times a usual one", async () => {
  const bomb = deflateSync(new Uint8Array(1 << 27));
  const inflate = await inflater(GZIP, 1, "file");
  expect(() => inflate(bomb, 1 << 27)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_TYPE" }));
});

it("Zstandard is compressed where the runtime can, and stored where it cannot", async () => {
  const chunk = new Uint8Array(60_000);
  const stored = compress(ZSTD, chunk);
  expect([...stored.subarray(0, 4)]).toEqual([0x28, 0xb5, 0x2f, 0xfd]);
  const canCompress = "zstdCompressSync" in zlib;
  expect(stored.length < 1000).toBe(canCompress);
});
