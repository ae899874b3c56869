import { rmSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openTileDBTable, type TileDBTable } from "../../../src/formats/tiledb/index.js";
import { rlong } from "../../../src/rtypes.js";
import { createTileDB } from "../../../src/write/create-tiledb.js";
import { cellsOf } from "../../support/cells.js";
import { fixtureArray, jsonCells, STORED, temporaryFolder } from "./fixture-arrays.js";
import { everyType } from "./frames.js";

const all = (table: TileDBTable) => table.fields.map((_, index) => index);

describe("an array of TileDB-Py", () => {
  it.each(Object.keys(STORED))("%s: holds what its engine reads", async (name) => {
    const { names, rows, cells } = STORED[name]!;
    const table = await openTileDBTable(fixtureArray(name));
    expect(table.fields.map((each) => each.name)).toEqual(names);
    expect(table.rowCount).toBe(rows.length);
    const batch = await table.read(all(table), 0, table.rowCount);
    expect(jsonCells(batch)).toEqual(cells);
    expect(batch.rowNumbers).toEqual({ start: 0, step: 1 });
  });

  it.each([
    ["lz4", 'the filter "lz4"'],
    ["two-filters", "a pipeline of gzip and zstd"],
    ["deleted", "an array with rows deleted by condition"],
    ["deleted-consolidated", "an array with rows deleted by condition"],
    ["nullable", 'the attribute "a", which may hold nulls,'],
    ["category", 'the attribute "a", a category,'],
  ])("%s: is refused by name", async (name, named) => {
    const path = fixtureArray(name);
    await expect(openTileDBTable(path)).rejects.toMatchObject({ name: "DataError", code: "UNSUPPORTED_TYPE" });
    await expect(openTileDBTable(path)).rejects.toThrow(named);
  });

  it("says how wide its texts are", async () => {
    const table = await openTileDBTable(fixtureArray("simple"));
    expect(table.fields.map(({ type, size }) => `${type} ${size}`)).toEqual([
      "Long 1",
      "Double 1",
      "Bool 1",
      "String 40",
    ]);
    const cells = await openTileDBTable(fixtureArray("cells"));
    expect(cells.fields.map(({ type, size }) => `${type} ${size}`)).toEqual([
      "FloatArray 3",
      "DoubleArray 5",
      "LongArray 4",
    ]);
  });

  it("has the metadata written last", async () => {
    const metadata = await (await openTileDBTable(fixtureArray("metadata"))).getAllMetadata();
    expect(Object.fromEntries(metadata)).toMatchObject({ text: "noch später", empty: "", whole: 2n ** 60n, real: 0.5 });
    expect([...metadata.keys()]).not.toContain("gone");
  });

  it("without rows gives empty columns", async () => {
    const table = await openTileDBTable(fixtureArray("empty"));
    const batch = await table.read(all(table), 0, 0);
    expect(cellsOf(batch)).toEqual([[], [], [], []]);
    expect(cellsOf(await table.slice(all(table), new Float64Array(0)))).toEqual([[], [], [], []]);
    expect([...(await table.getWhereList("count > 0", new Map(), { start: 0, stop: 0 }))]).toEqual([]);
  });
});

describe("reading an array", () => {
  it("gives any rows in any order, of one fragment or many", async () => {
    for (const name of ["simple", "overwritten", "consolidated", "vacuumed"]) {
      const { cells, rows } = STORED[name]!;
      const table = await openTileDBTable(fixtureArray(name));
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.nat(3), { minLength: 1 }),
          fc.array(fc.nat(rows.length - 1), { maxLength: 40 }),
          fc.nat(rows.length),
          fc.nat(rows.length),
          async (columns, list, a, b) => {
            const pick = (numbers: readonly number[]) =>
              columns.map((column) => numbers.map((row) => cells[column]![row]));
            const slice = await table.slice(columns, Float64Array.from(list));
            expect(jsonCells(slice)).toEqual(pick(list));
            const [start, stop] = [Math.min(a, b), Math.max(a, b)];
            const read = await table.read(columns, start, stop);
            expect(jsonCells(read)).toEqual(pick(Array.from({ length: stop - start }, (_, index) => start + index)));
          },
        ),
        { numRuns: 40 },
      );
    }
  });

  it("decodes tiles a piece at a time where many are touched", async () => {
    const path = join(temporaryFolder(), "array");
    const batch = everyType(300_000);
    const chosen = {
      ...batch,
      fields: [batch.fields[1]!, batch.fields[7]!],
      columns: [batch.columns[1]!, batch.columns[7]!],
    };
    await createTileDB(chosen, path, { chunkSize: 50_000 });
    const table = await openTileDBTable(path);
    const rows = Float64Array.from({ length: 2_000 }, (_, index) => (index * 104_729) % 300_000);
    const [counts, classes] = cellsOf(await table.slice([0, 1], rows));
    expect(counts).toEqual(Array.from(rows, (row) => BigInt(row) * 3n - 100n));
    expect(classes).toEqual(Array.from(rows, (row) => ["cell", "nucleus", ""][row % 3]));
  });

  it("applies conditions, also from a row on and with a step", async () => {
    const table = await openTileDBTable(fixtureArray("overwritten"));
    const counts = STORED.overwritten!.cells[0]!.map(Number);
    const where = async (condition: string, span = { start: 0, stop: table.rowCount }) => [
      ...(await table.getWhereList(condition, new Map([["limit", rlong(20)]]), span)),
    ];
    const over = counts.flatMap((count, row) => (count > 20 ? [row] : []));
    expect(await where("count > limit")).toEqual(over);
    const stepped = await where("count > limit", { start: 3, stop: 20, step: 4 } as never);
    expect(stepped).toEqual(over.filter((row) => row >= 3 && row < 20 && (row - 3) % 4 === 0));
    await expect(where("nothing > 1")).rejects.toMatchObject({ code: "CONDITION_NAME" });
  });

  it("refuses rows and columns that are not there", async () => {
    const table = await openTileDBTable(fixtureArray("simple"));
    await expect(table.read([0], 0, 26)).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    await expect(table.read([0], 5, 4)).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    await expect(table.slice([0], Float64Array.of(0, 25))).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    await expect(table.slice([0], Float64Array.of(0.5))).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    await expect(table.read([4], 0, 1)).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
  });

  it("stops when it is told to", async () => {
    const path = fixtureArray("overwritten");
    const signal = AbortSignal.abort();
    await expect(openTileDBTable(path, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    const table = await openTileDBTable(path);
    await expect(table.read([0], 0, 5, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(table.slice([0], Float64Array.of(1), { signal })).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("keeps the secret token to itself", async () => {
    const path = join(temporaryFolder(), "array");
    const token = await createTileDB(everyType(3), path);
    const table = await openTileDBTable(path);
    expect(table.secretToken).toBe(token);
    const shown = [inspect(table, { depth: 9, showHidden: true }), JSON.stringify(table), `${table}`];
    expect([...shown, JSON.stringify({ ...table }), Object.keys(table)].join()).not.toContain(token);
    expect(JSON.stringify([...(await table.getAllMetadata())])).not.toContain(token);
    expect((await openTileDBTable(fixtureArray("simple"))).secretToken).toBeUndefined();
  });
});

describe("what is no array", () => {
  it("is told apart", async () => {
    const folder = temporaryFolder();
    await expect(openTileDBTable(join(folder, "nothing"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(openTileDBTable(folder)).rejects.toMatchObject({ code: "NOT_A_TABLE", path: folder });
  });

  it("is an array that lacks a file", async () => {
    for (const file of ["a0.tdb", "a3_var.tdb", "__fragment_metadata.tdb"]) {
      const path = fixtureArray("none");
      const [fragment] = [...(await import("node:fs")).readdirSync(join(path, "__fragments"))];
      rmSync(join(path, "__fragments", fragment!, file));
      const reading = openTileDBTable(path).then((table) => table.read([0, 3], 0, 1));
      await expect(reading).rejects.toMatchObject({ code: "MALFORMED_FILE", path: expect.stringContaining(file) });
    }
  });
});
