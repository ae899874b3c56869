/** Arrays of TileDB's engine read by us. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnBatch } from "../../src/columns/batch.js";
import { sliceColumn } from "../../src/columns/kinds/kinds.js";
import { openTileDBTable } from "../../src/formats/tiledb/index.js";
import { readTileDBBatches } from "../../src/read/index.js";
import { batchOfColumns, everyType } from "../formats/tiledb/frames.js";
import { type Cell, cellsOf, joinCells } from "../support/cells.js";
import { differences, ENGINES, readArray, readArrowFile, TileDBEngine } from "./tiledb-engine.js";

describe.each(ENGINES)("we find in arrays of the %s engine", (name) => {
  let engine: TileDBEngine;
  beforeAll(async () => {
    engine = await TileDBEngine.start(name);
  });
  afterAll(() => engine?.stop());

  async function make(batch: ColumnBatch, chunkSize: number, options = {}): Promise<string> {
    const path = engine.newPath();
    await engine.run("make", path, await engine.arrowFile(batch), chunkSize, options);
    return path;
  }

  /** What the engine itself finds. */
  async function dump(path: string): Promise<ColumnBatch> {
    const file = engine.newPath(".arrow");
    await engine.run("dump", path, file);
    return readArrowFile(file);
  }

  it.each([
    [0, 100],
    [1, 100],
    [10_000, 10_000],
    [10_001, 10_001],
    [34_567, 9_999],
  ])("%i rows written in chunks of %i", async (rowCount, chunkSize) => {
    const batch = everyType(rowCount);
    const path = await make(batch, chunkSize);
    expect(differences(await readArray(path), batch)).toEqual([]);
    const { fields } = await openTileDBTable(path);
    const widths = fields.filter(({ type }) => type === "String").map(({ size }) => size);
    expect(widths).toEqual(rowCount > 5000 ? [7, 300] : [expect.any(Number), expect.any(Number)]);
  });

  it.each([["none"], ["gzip"], ["zstd"], ["rle"]])("values filtered by %s", async (filter) => {
    const { fields, columns } = everyType(12_345);
    const numbers = fields
      .map((_, index) => index)
      .filter((index) => filter !== "rle" || columns[index]!.kind !== "string");
    const batch = batchOfColumns(
      numbers.map((index) => [fields[index]!, columns[index]!]),
      12_345,
    );
    const options = { attr_filters: [filter], coords_filters: [filter], offsets_filters: [filter] };
    const path = await make(batch, 8_000, options);
    expect(differences(await readArray(path), batch)).toEqual([]);
  });

  it.each([
    ["lz4", "int64"],
    ["bzip2", "int64"],
    ["double delta", "int64"],
    ["bit width reduction", "int64"],
    ["bitshuffle", "int64"],
    ["byteshuffle", "int64"],
    ["positive delta", "int64"],
    ["MD5 checksum", "int64"],
    ["SHA-256 checksum", "int64"],
    ["dictionary", "ascii"],
    ["scale float", "float64"],
    ["xor", "int64"],
    ["delta", "int64"],
  ])("a filter we do not read and name: %s", async (filter, dtype) => {
    const path = engine.newPath();
    await engine.run("odd", path, "a filter", filter, dtype);
    await expect(openTileDBTable(path)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
    await expect(openTileDBTable(path)).rejects.toThrow(`the filter "${filter}"`);
  });

  it.each([
    [["byteshuffle", "zstd"], 'the filter "byteshuffle"'],
    [["gzip", "zstd"], "a pipeline of gzip and zstd"],
  ])("filters we do not read together: %j", async (filters, named) => {
    const path = await make(everyType(10), 10, { attr_filters: filters });
    await expect(openTileDBTable(path)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
    await expect(openTileDBTable(path)).rejects.toThrow(named);
  });

  it.each([
    ["dense", "a dense array"],
    ["two dimensions", "an array of 2 dimensions"],
    ["text dimension", 'the dimension "name" of type STRING_ASCII'],
    ["duplicates", "an array that allows duplicates"],
    ["nulls", 'the attribute "a", which may hold nulls,'],
    ["dates", 'the attribute "a" of type DATETIME_NS'],
    ["bytes", 'the attribute "a" of type BLOB'],
    ["category", 'the attribute "a", a category,'],
    ["encrypted", "encrypted content"],
  ])("something that is no table and name it: %s", async (kind, named) => {
    const path = engine.newPath();
    await engine.run("odd", path, kind);
    await expect(openTileDBTable(path)).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      path: expect.stringContaining(path),
    });
    await expect(openTileDBTable(path)).rejects.toThrow(named);
  });

  it.each([
    [[]],
    [["consolidate fragments"]],
    [["consolidate fragments", "vacuum fragments"]],
    [["consolidate commits"]],
    [["consolidate commits", "vacuum commits"]],
    [["consolidate fragments", "consolidate commits", "vacuum fragments"]],
    [["consolidate commits", "vacuum commits", "consolidate fragments", "vacuum fragments"]],
    [["consolidate fragment_meta", "vacuum fragment_meta", "consolidate array_meta", "vacuum array_meta"]],
    [["consolidate fragments", "vacuum fragments", "consolidate commits", "vacuum commits"]],
  ])("rows written over rows, and tidied: %j", async (steps) => {
    const path = await make(everyType(25_000), 10_000, { coords_filters: ["gzip"] });
    const write = async (places: number[], shift: number) => {
      const { fields, columns } = everyType(places.length + shift);
      const columnsFrom = columns.map((column) => sliceColumn(column, shift, shift + places.length));
      const rows = batchOfColumns(
        fields.map((each, index) => [each, columnsFrom[index]!]),
        places.length,
      );
      await engine.run("overwrite", path, await engine.arrowFile(rows), places);
    };
    await write([3, 4, 9_999, 10_000, 24_999], 40);
    await engine.run("tidy", path, steps);
    await write([4, 5, 12_000], 50);
    await write([30_000, 30_001, 70_000], 60);
    const expected = await dump(path);
    expect(expected.rowCount).toBe(25_003);
    expect(differences(await readArray(path), expected)).toEqual([]);
    await engine.run("tidy", path, steps);
    expect(differences(await readArray(path), expected)).toEqual([]);
  });

  it("rows by number in any order, and by condition, from fragments that lie over each other", async () => {
    const batch = everyType(30_000);
    const path = await make(batch, 7_000);
    const places = Array.from({ length: 6_000 }, (_, index) => index * 5);
    await engine.run("overwrite", path, await engine.arrowFile(everyType(places.length)), places);
    const expected = cellsOf(await dump(path));
    const column = (name: string) => expected[batch.fields.findIndex((each) => each.name === name)]!;
    const table = await openTileDBTable(path);
    const rows = Float64Array.from({ length: 3_000 }, (_, index) => (index * 7_919 + 11) % 30_000);
    const found = cellsOf(await table.slice([8, 3, 1], rows));
    expect(found[0]).toEqual(Array.from(rows, (row) => column("Größe/µm 名前")[row]!));
    expect(found[2]).toEqual(Array.from(rows, (row) => column("count")[row]!));
    const hits = await joined(readTileDBBatches(path, { query: "(count > 500) & ok", columnNames: ["count", "ok"] }));
    const wanted = column("count").flatMap((count, row) =>
      (count as bigint) > 500n && column("ok")[row] ? [row] : [],
    );
    expect(hits.rows).toEqual(wanted);
    expect(hits.cells[0]).toEqual(wanted.map((row) => column("count")[row]!));
  });

  it("integers and floats of every width", async () => {
    const path = engine.newPath();
    await engine.run("widths", path);
    const table = await openTileDBTable(path);
    expect(table.fields.map(({ name: each, type }) => `${each} ${type}`)).toEqual([
      ...["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"].map((each) => `${each} Long`),
      "f4 Double",
      "f8 Double",
    ]);
    const cells = cellsOf(await readArray(path));
    const limits = (bits: bigint, signed: boolean): Cell[] =>
      signed ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n, 0n] : [0n, 2n ** bits - 1n, 1n];
    const unsigned64 = [0n, 2n ** 63n - 1n, 1n];
    expect(cells).toEqual([
      ...[8n, 16n, 32n, 64n].map((bits) => limits(bits, true)),
      ...[8n, 16n, 32n].map((bits) => limits(bits, false)),
      unsigned64,
      [Math.fround(0.1), -(2 ** 100), Number.NaN],
      [0.1, -1e300, Number.NaN],
    ]);
  });

  it("an unsigned number beyond 64 bits with a sign, and name it", async () => {
    const path = engine.newPath();
    await engine.run("widths", path, { most: "9223372036854775808" });
    await expect(readArray(path)).rejects.toMatchObject({ code: "VALUE_DOES_NOT_FIT", column: "u8" });
    await expect(readArray(path)).rejects.toThrow("9223372036854775808");
  });
});

async function joined(batches: AsyncIterable<ColumnBatch>) {
  const all: ColumnBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return joinCells(all);
}
