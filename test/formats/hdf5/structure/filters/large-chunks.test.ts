/** Compressed chunks that are much larger than what is stored of them: refused, or read with pauses. */
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FilteredChunks } from "../../../../../src/formats/hdf5/structure/chunks/filtered-chunks.js";
import { LARGEST_FILTERED_CHUNK } from "../../../../../src/formats/hdf5/structure/filters/filter-pipeline.js";
import { inflateChunk } from "../../../../../src/formats/hdf5/structure/filters/inflate-chunk.js";

const DEFLATE = { id: 1, parameters: [] };

describe("a compressed chunk", () => {
  it("of more than can be held in memory is refused before anything of it is read", () => {
    const none = undefined as never;
    const open = (length: number) => new FilteredChunks(none, [DEFLATE], length, "/OME/Measurements");
    expect(() => open(LARGEST_FILTERED_CHUNK)).not.toThrow();
    expect(() => open(480_000_000)).toThrow(/compressed chunks of 458 MiB, more than the 64 allowed.*ptrepack/);
  });

  it("leaves others their turns while it is inflated, and ends within one when it is aborted", async () => {
    const length = 32 << 20;
    const stored = deflateSync(Buffer.alloc(length), { level: 9 });
    expect(await inflateChunk(stored, length, "a table", undefined)).toHaveLength(length);
    const controller = new AbortController();
    let turns = 0;
    const other = setInterval(() => ++turns === 2 && controller.abort(), 0);
    const aborted = inflateChunk(stored, length, "a table", controller.signal);
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
    clearInterval(other);
    expect(turns).toBeLessThan(4);
  });
});
