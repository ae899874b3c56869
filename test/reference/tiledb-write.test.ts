/** Arrays of ours judged by TileDB's engine, and changed by it. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ColumnBatch, type ColumnField, field } from "../../src/columns/batch.js";
import { openTileDBTable } from "../../src/formats/tiledb/index.js";
import { createTileDB } from "../../src/write/create-tiledb.js";
import { describeArray } from "../formats/tiledb/describe-array.js";
import { batchOfColumns, everyType, longTexts, stringColumn } from "../formats/tiledb/frames.js";
import { differences, ENGINES, readArray, readArrowFile, TileDBEngine } from "./tiledb-engine.js";

describe.each(ENGINES)("the %s engine finds in our arrays", (name) => {
  let engine: TileDBEngine;
  beforeAll(async () => {
    engine = await TileDBEngine.start(name);
  });
  afterAll(() => engine?.stop());

  /** Writes rows in our way and in theirs. */
  async function writeBoth(batch: ColumnBatch, chunkSize: number) {
    const [ours, theirs] = [engine.newPath(".tiledb"), engine.newPath(".tiledb")];
    await createTileDB(batch, ours, { chunkSize, onWarning: () => {} });
    const rows = await engine.arrowFile(batch);
    await engine.run("make", theirs, rows, chunkSize);
    return { ours, theirs, rows };
  }

  /** Rows written in both ways: the engine finds no difference, nor do we. */
  async function compareBoth(batch: ColumnBatch, chunkSize: number): Promise<void> {
    const { ours, theirs, rows } = await writeBoth(batch, chunkSize);
    expect(await engine.run("judge", ours, rows, theirs)).toEqual([]);
    expect(await describeArray(ours)).toEqual(await describeArray(theirs));
    expect(differences(await readArray(ours), batch)).toEqual([]);
    expect(differences(await readArray(theirs), batch)).toEqual([]);
  }

  it.each([
    [0, 1000],
    [1, 1000],
    [10_000, 10_000],
    [10_001, 10_001],
    [10_001, 10_000],
    [25_003, 7_000],
    [120_000, 120_000],
  ])("what their own of %i rows in chunks of %i hold, to the byte of each statistic", (rowCount, chunkSize) =>
    compareBoth(everyType(rowCount), chunkSize),
  );

  it("a million rows", () => compareBoth(millionRows(), 1_000_000));

  it("texts shorter and longer than a chunk", () => compareBoth(longTexts(), 1_000_000));

  it("one column, and many", async () => {
    const one = everyType(3);
    const single = { ...one, fields: [one.fields[1]!], columns: [one.columns[1]!] };
    const wide = batchOfColumns(
      Array.from({ length: 500 }, (_, index) => [
        field(`feature ${index}`, "Double"),
        { kind: "double", values: Float64Array.of(index, -index, index / 7) },
      ]),
      3,
    );
    for (const batch of [single, wide]) await compareBoth(batch, 100);
  });

  it("names of every kind", async () => {
    const names = ["a/b", "a\\b", " ", "x ", "%d", 'q"q', "it's", "名前", "new\nline", "_c_x", ".", "👩‍🔬", "`"].filter(
      (each) => each.trim(),
    );
    const batch = batchOfColumns(
      names.map((each) => [field(each, "Bool"), { kind: "bool", values: Uint8Array.of(1, 0) }]),
      2,
    );
    const { ours, theirs, rows } = await writeBoth(batch, 100);
    expect(await engine.run("judge", ours, rows, theirs)).toEqual([]);
    expect((await openTileDBTable(ours)).fields.map((each) => each.name)).toEqual(names);
  });

  it("cells of several values", async () => {
    const rowCount = 10_001;
    const columns: [ColumnField, Float32Array | Float64Array | BigInt64Array, string][] = [
      [field("floats", "FloatArray", 3), Float32Array.from({ length: 3 * rowCount }, (_, i) => i / 4), "f4"],
      [field("doubles", "DoubleArray", 2), Float64Array.from({ length: 2 * rowCount }, (_, i) => i / 3), "f8"],
      [field("longs", "LongArray", 4), BigInt64Array.from({ length: 4 * rowCount }, (_, i) => BigInt(i)), "i8"],
    ];
    const batch = batchOfColumns(
      columns.map(([column, values]) => [column, { kind: "array", size: column.size, values }]),
      rowCount,
    );
    const path = engine.newPath();
    await createTileDB(batch, path, { chunkSize: 6000 });
    const cells = columns.map(([{ name, size }, values, dtype]) => [
      name,
      dtype,
      Array.from({ length: rowCount }, (_, row) =>
        Array.from(values.subarray(row * size, (row + 1) * size) as Float64Array, Number),
      ),
    ]);
    expect(await engine.run("arrays", path, cells)).toEqual([]);
    expect(differences(await readArray(path), batch)).toEqual([]);
  });

  it("rows of a CSV file as pandas reads them", async () => {
    const csv = [
      "n,x,text,ok",
      ...Array.from({ length: 3000 }, (_, row) => `${row},${row / 7},t${row % 5},${row % 2 ? "True" : "False"}`),
    ];
    const path = engine.newPath();
    await createTileDB(lines(csv), path, { chunkSize: 1000 });
    const { ours, theirs, rows } = await writeBoth(await readArray(path), 1000);
    expect(await engine.run("judge", path, rows, theirs)).toEqual([]);
    expect(await describeArray(path)).toEqual(await describeArray(ours));
  });

  it.each([
    [0, 100],
    [1, 100],
    [9_000, 9_000],
    [12_000, 5_000],
  ])("what it appends and overwrites, whatever it tidies: %i rows in chunks of %i", async (rowCount, chunkSize) => {
    const path = engine.newPath();
    const batch = changeable(rowCount);
    await createTileDB(batch, path, { chunkSize });
    const expected = engine.newPath(".arrow");
    const more = await engine.arrowFile(changeable(777));
    expect(await engine.run("change", path, await engine.arrowFile(batch), more, expected)).toEqual([]);
    expect(differences(await readArray(path), await readArrowFile(expected))).toEqual([]);
    const metadata = await (await openTileDBTable(path)).getAllMetadata();
    expect([metadata.get("note"), metadata.get("count")]).toEqual(["später", 2n ** 40n]);
  });

  it("rows to delete, after which we refuse to read", async () => {
    const path = engine.newPath();
    await createTileDB(changeable(100), path);
    await engine.run("delete_rows", path, "count > 50");
    await expect(openTileDBTable(path)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
    await expect(openTileDBTable(path)).rejects.toThrow("deleted by condition");
  });

  it("no part dated in the future", async () => {
    const path = engine.newPath();
    await createTileDB(changeable(60), path, { chunkSize: 1 });
    const now = Date.now();
    for (const folder of ["__fragments", "__schema", "__meta"]) {
      for (const part of await readdir(join(path, folder))) {
        const [, , start, end] = part.split("_");
        if (start !== "enumerations") expect(Math.max(Number(start), Number(end))).toBeLessThanOrEqual(now);
      }
    }
    expect((await readArray(path)).rowCount).toBe(60);
  });
});

function millionRows(): ColumnBatch {
  const of = { length: 1_000_000 };
  return batchOfColumns(
    [
      [field("n", "Long"), { kind: "long", values: BigInt64Array.from(of, (_, row) => BigInt(row) * 1_000_003n) }],
      [field("x", "Double"), { kind: "double", values: Float64Array.from(of, (_, row) => Math.fround(Math.sin(row))) }],
      [field("ok", "Bool"), { kind: "bool", values: Uint8Array.from(of, (_, row) => row & 1) }],
      [field("class", "String", 7), stringColumn(Array.from(of, (_, row) => ["", "cell", "nucleus"][row % 3]!))],
    ],
    of.length,
  );
}

/** Columns whose values stay the same when numpy and pandas carry them about. */
function changeable(rows: number): ColumnBatch {
  const { fields, columns } = everyType(rows);
  const chosen = ["count", "mean area", "ok", "class", "Größe/µm 名前"].map((name) =>
    fields.findIndex((each) => each.name === name),
  );
  return batchOfColumns(
    chosen.map((index) => [fields[index]!, columns[index]!]),
    rows,
  );
}

async function* lines(of: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${of.join("\n")}\n`);
}
