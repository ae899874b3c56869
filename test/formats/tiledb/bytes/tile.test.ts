import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteCursor } from "../../../../src/formats/tiledb/bytes/byte-reader.js";
import { GZIP, ZSTD } from "../../../../src/formats/tiledb/bytes/filters.js";
import {
  decodeGenericTile,
  decodeTile,
  encodeGenericTile,
  encodeTile,
  fixedChunkEnds,
  variableChunkEnds,
} from "../../../../src/formats/tiledb/bytes/tile.js";

const reader = (...pieces: Uint8Array[]) => new ByteCursor(Buffer.concat(pieces), "file");
const textEnds = (...lengths: number[]) => {
  const offsets = [0];
  for (const length of lengths) offsets.push(offsets.at(-1)! + length);
  return variableChunkEnds(Int32Array.from(offsets));
};

describe("chunks", () => {
  it("hold whole cells of one size", () => {
    expect(fixedChunkEnds(80_000, 8)).toEqual([65_536, 80_000]);
    expect(fixedChunkEnds(65_536, 8)).toEqual([65_536]);
    expect(fixedChunkEnds(12 * 6000, 12)).toEqual([12 * 5461, 72_000]);
    expect(fixedChunkEnds(300_000, 100_000)).toEqual([100_000, 200_000, 300_000]);
    expect(fixedChunkEnds(8, 8)).toEqual([8]);
  });

  it("never split a cell of text", () => {
    expect(textEnds(10, 20)).toEqual([30]);
    expect(textEnds(0, 0)).toEqual([0]);
    expect(textEnds(32_768, 70_000, 5)).toEqual([102_768, 102_773]);
    expect(textEnds(40_000, 58_304, 5)).toEqual([98_304, 98_309]);
    expect(textEnds(40_000, 58_305, 5)).toEqual([40_000, 98_310]);
    expect(textEnds(40_000, 70_000, 5)).toEqual([40_000, 110_000, 110_005]);
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1 }), (lengths) => {
      const ends = textEnds(...lengths);
      const starts = new Set(
        lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + length, 0)),
      );
      expect(ends.every((end) => starts.has(end))).toBe(true);
      expect(ends.toSorted((a, b) => a - b)).toEqual(ends);
    });
    fc.assert(property);
  });
});

describe("tiles", () => {
  it.each([[undefined], [GZIP], [ZSTD]])("come back from their chunks: %j", async (filter) => {
    for (const length of [0, 1, 65_536, 200_000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) & 255);
      const encoded = encodeTile(bytes, fixedChunkEnds(length, 1), filter);
      expect(encoded.length).toBe(encoded.pieces.reduce((sum, piece) => sum + piece.length, 0));
      const shape = { bytes: length, cellBytes: 1 };
      const decoded = await decodeTile(reader(...encoded.pieces), filter, shape, "file");
      expect(Buffer.from(bytes).equals(decoded)).toBe(true);
      await expect(
        decodeTile(reader(...encoded.pieces), filter, { ...shape, bytes: length + 1 }, "file"),
      ).rejects.toMatchObject({
        code: "MALFORMED_FILE",
      });
    }
  });

  it("of an absurd size are refused before anything is read of them", async () => {
    await expect(decodeTile(reader(), GZIP, { bytes: 2 ** 40, cellBytes: 8 }, "file")).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
    });
  });
});

describe("generic tiles", () => {
  it("say how they are stored", async () => {
    const bytes = new TextEncoder().encode("description ".repeat(9000));
    const encoded = encodeGenericTile(bytes);
    expect(encoded.length).toBeLessThan(2000);
    const decoded = await decodeGenericTile(reader(encoded), "file");
    expect(Buffer.from(bytes).equals(decoded.bytes(decoded.remaining))).toBe(true);
  });

  it("that are encrypted, cut off or longer than they say are refused", async () => {
    const encoded = Buffer.from(encodeGenericTile(Uint8Array.of(1, 2, 3)));
    const encrypted = Buffer.from(encoded);
    encrypted[29] = 1;
    await expect(decodeGenericTile(reader(encrypted), "file")).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
    await expect(decodeGenericTile(reader(encoded.subarray(0, -1)), "file")).rejects.toMatchObject({
      code: "MALFORMED_FILE",
    });
    const longer = Buffer.from(encoded);
    longer.writeBigUInt64LE(2n ** 40n, 12);
    await expect(decodeGenericTile(reader(longer), "file")).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });
});
