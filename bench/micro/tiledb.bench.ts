import { bench, describe } from "vitest";
import { ByteCursor } from "../../src/formats/tiledb/bytes/byte-reader.js";
import { GZIP, RLE, ZSTD } from "../../src/formats/tiledb/bytes/filters.js";
import { decodeTile, encodeTile, fixedChunkEnds } from "../../src/formats/tiledb/bytes/tile.js";
import { sampleBatch } from "./sample.js";

/** Cells of a tile. */
const CELLS = 10_000;
const [, label, f0] = sampleBatch(CELLS).columns;
const contents = { integers: label, doubles: f0 };

for (const [kind, column] of Object.entries(contents)) {
  if (column?.kind !== "long" && column?.kind !== "double") throw new Error("a column of another kind");
  const bytes = new Uint8Array(column.values.buffer);
  const ends = fixedChunkEnds(bytes.length, 8);
  describe(`TileDB tile of 10,000 ${kind}`, () => {
    for (const filter of [undefined, GZIP, ZSTD, RLE]) {
      const name = filter?.compressor ?? "no filter";
      const isWritten = filter !== RLE;
      const encode = () => encodeTile(bytes, ends, filter);
      if (isWritten) bench(`encode, ${name}`, () => void encode());
      if (!isWritten) continue;
      const stored = Buffer.concat(encode().pieces);
      bench(`decode, ${name}`, async () => {
        const input = new ByteCursor(stored, "tile");
        await decodeTile(input, filter, { bytes: bytes.length, cellBytes: 8 }, "tile");
      });
    }
  });
}
