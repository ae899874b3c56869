import { deflate } from "pako";
import { describe, expect, it } from "vitest";
import { FilteredChunks } from "../../../../../src/formats/hdf5/structure/chunks/filtered-chunks.js";
import { FieldReader } from "../../../../../src/formats/hdf5/structure/field-reader.js";
import { FieldWriter } from "../../../../../src/formats/hdf5/structure/field-writer.js";
import {
  type ChunkFilter,
  readFilterPipeline,
  unfilter,
} from "../../../../../src/formats/hdf5/structure/filters/filter-pipeline.js";
import { fletcher32 } from "../../../../../src/formats/hdf5/structure/filters/fletcher32.js";
import { unshuffle } from "../../../../../src/formats/hdf5/structure/filters/shuffle.js";

const DEFLATE: ChunkFilter = { id: 1, parameters: [6] };
const SHUFFLE: ChunkFilter = { id: 2, parameters: [3] };
const SUM: ChunkFilter = { id: 3, parameters: [] };

function withSum(bytes: Uint8Array): Uint8Array {
  return new FieldWriter().bytes(bytes).uint32(fletcher32(bytes)).finish();
}

const read = (filters: readonly ChunkFilter[], bytes: Uint8Array, length: number, skipped = 0, signal?: AbortSignal) =>
  unfilter(filters, { bytes, skipped }, length, "a list", signal);

describe("a filter pipeline", () => {
  it.each([
    ["version 1", new FieldWriter().uint8(1, 2).fill(6).uint16(2).uint16(8).uint16(0).uint16(1).text("shuffle\0")],
    ["version 2", new FieldWriter().uint8(2, 2).uint16(2).uint16(0).uint16(1)],
  ])("of %s is read", (_, fields) => {
    const isFirst = _ === "version 1";
    fields.uint32(74);
    if (isFirst) fields.uint32(0).uint16(1).uint16(0).uint16(1).uint16(1).uint32(5).uint32(0);
    else fields.uint16(1).uint16(1).uint16(1).uint32(5);
    expect(readFilterPipeline(new FieldReader(fields.finish(), "filters"))).toEqual([
      { id: 2, parameters: [74] },
      { id: 1, parameters: [5] },
    ]);
  });

  it.each([
    [32001, "", "blosc"],
    [32000, "lzf\0\0\0\0\0", "lzf"],
    [4, "", "szip"],
    [307, "", "bzip2"],
    [4321, "mine\0\0\0\0", '"mine" (number 4321)'],
  ])("with filter %i is refused by its name", (id, name, shown) => {
    const fields = new FieldWriter().uint8(1, 1).fill(6).uint16(id).uint16(name.length).uint16(1).uint16(0).text(name);
    expect(() => readFilterPipeline(new FieldReader(fields.finish(), "filters"))).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_TYPE", message: expect.stringContaining(`the filter ${shown}`) }),
    );
  });

  it("puts shuffled bytes back, what is left over at the end as it is", () => {
    expect([...unshuffle(Uint8Array.of(1, 4, 2, 5, 3, 6, 7, 8), 3)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("goes backwards through the filters that a chunk's mask does not leave out", async () => {
    const chunk = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const shuffled = Uint8Array.of(1, 4, 2, 5, 3, 6);
    const filters = [SHUFFLE, SUM, DEFLATE];
    expect(await read(filters, deflate(withSum(shuffled)), 6)).toEqual(chunk);
    expect(await read(filters, deflate(withSum(chunk)), 6, 0b001)).toEqual(chunk);
    expect(await read(filters, deflate(shuffled), 6, 0b010)).toEqual(chunk);
    expect(await read(filters, withSum(shuffled), 6, 0b100)).toEqual(chunk);
    expect(await read(filters, chunk, 6, 0b111)).toEqual(chunk);
    expect(await read([DEFLATE, SUM], withSum(deflate(chunk)), 6)).toEqual(chunk);
  });

  it.each([
    ["a wrong checksum", [SUM], Uint8Array.of(1, 2, 0, 0, 0, 0), 2],
    ["no room for a checksum", [SUM], Uint8Array.of(1, 2), 2],
    ["what is no zlib stream", [DEFLATE], Uint8Array.of(1, 2, 3, 4), 6],
    ["half a zlib stream", [DEFLATE], deflate(new Uint8Array(100)).subarray(0, 8), 100],
    ["more than it should give", [DEFLATE], deflate(new Uint8Array(100)), 99],
    ["less than it should give", [DEFLATE], deflate(new Uint8Array(100)), 101],
    ["a claim that no zlib stream can meet", [DEFLATE], deflate(new Uint8Array(100)), 1 << 24],
    ["another length", [SHUFFLE], new Uint8Array(9), 10],
  ])("refuses a chunk with %s", async (_, filters, bytes, length) => {
    await expect(read(filters, bytes, length)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });

  it("refuses chunks too large to be held in memory, and says what to do", () => {
    const file = undefined as never;
    expect(() => new FilteredChunks(file, [DEFLATE], (64 << 20) + 1, "a list")).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_TYPE", message: expect.stringContaining("ptrepack") }),
    );
    expect(() => new FilteredChunks(file, [], (64 << 20) + 1, "a list")).not.toThrow();
  });

  it("lets others have their turn while it inflates a large chunk, and stops when told to", async () => {
    const length = 40 << 20;
    const stored = deflate(new Uint8Array(length));
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    expect((await read([DEFLATE], stored, length)).length).toBe(length);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(read([DEFLATE], stored, length, 0, controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
  });
});
