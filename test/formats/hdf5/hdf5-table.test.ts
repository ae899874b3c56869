import { existsSync, linkSync, readFileSync, writeFileSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ColumnField, field } from "../../../src/columns/batch.js";
import { createHdf5Table, type Hdf5Table, openHdf5Table } from "../../../src/formats/hdf5/index.js";
import type { CompileCondition } from "../../../src/query/scan.js";
import { batchFromJson, cellsJson, describeTable, fixtureFile, STORED, temporaryDirectory } from "./stored-tables.js";

const FIELDS = [field("n", "Long"), field("text", "String", 6), field("ok", "Bool")];

function rows(start: number, count: number) {
  const numbers = Array.from({ length: count }, (_, index) => start + index);
  return batchFromJson(FIELDS, [
    numbers.map(String),
    numbers.map((row) => `r${row}`),
    numbers.map((row) => row % 2 === 0),
  ]);
}

async function newTable(count = 0, fields: readonly ColumnField[] = FIELDS): Promise<Hdf5Table> {
  const table = await createHdf5Table(join(temporaryDirectory(), "table.h5"), fields);
  if (count > 0) await table.addData(rows(0, count));
  return table;
}

describe("createHdf5Table", () => {
  it.each([
    ["no columns", [], "INVALID_SCHEMA"],
    ["an empty name", [field("", "Long")], "INVALID_SCHEMA"],
    ["a reserved name", [field("__a", "Long")], "INVALID_SCHEMA"],
    ["a name PyTables reserves", [field("_v_a", "Long")], "INVALID_SCHEMA"],
    ["a path", [field("a/b", "Long")], "INVALID_SCHEMA"],
    ["a dot", [field(".", "Long")], "INVALID_SCHEMA"],
    ["two of a name", [field("a", "Long"), field("a", "Bool")], "INVALID_SCHEMA"],
    ["text without width", [field("a", "String", 0)], "INVALID_SCHEMA"],
    ["arrays of half an element", [field("a", "LongArray", 1.5)], "INVALID_SCHEMA"],
    ["half a character", [field("\ud800", "Long")], "INVALID_SCHEMA"],
    ["two Mask columns", [field("a", "Mask"), field("b", "Mask")], "UNSUPPORTED_TYPE"],
    ["more columns than fit", Array.from({ length: 9000 }, (_, i) => field(`c${i}`, "Long")), "VALUE_DOES_NOT_FIT"],
  ])("refuses %s, and leaves no file", async (_, fields, code) => {
    const path = join(temporaryDirectory(), "table.h5");
    await expect(createHdf5Table(path, fields)).rejects.toMatchObject({ code });
    expect(existsSync(path)).toBe(false);
  });

  it("holds more columns than omero-py's 771 in the shorter form of types", async () => {
    const fields = Array.from({ length: 1900 }, (_, index) => field(`column ${index}`, "Double"));
    await using table = await newTable(0, fields);
    await table.flush();
    await using again = await openHdf5Table(table.path);
    expect(again.fields).toEqual(fields);
  });

  it("never touches a file that is there", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    writeFileSync(path, "kept");
    await expect(createHdf5Table(path, FIELDS)).rejects.toMatchObject({ code: "FILE_EXISTS", path });
    expect(readFileSync(path, "utf8")).toBe("kept");
  });

  it("refuses metadata that cannot be kept", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    const create = (key: string, value: string | bigint) =>
      createHdf5Table(path, FIELDS, { metadata: new Map([[key, value]]) });
    for (const key of ["", "__version", "NROWS", "TITLE", "FIELD_0_NAME", "_v_x", "a\0b"]) {
      await expect(create(key, "x")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    await expect(create("big", 2n ** 63n)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(create("long", "x".repeat(70_000))).rejects.toMatchObject({ code: "VALUE_DOES_NOT_FIT" });
    expect(existsSync(path)).toBe(false);
  });
});

describe("openHdf5Table", () => {
  it("for writing is for one at a time, by whatever name", async () => {
    const path = fixtureFile("every-type");
    const other = `${path}.link`;
    linkSync(path, other);
    const table = await openHdf5Table(path, { readOnly: false });
    await expect(openHdf5Table(other, { readOnly: false })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await using reader = await openHdf5Table(other);
    expect(reader.rowCount).toBe(9);
    await table.close();
    await (await openHdf5Table(other, { readOnly: false })).close();
  });

  it("reads a file that has no name any more", async () => {
    const handle = await nameless("every-type");
    for (let turn = 0; turn < 2; turn++) {
      await using table = await openHdf5Table(handle);
      expect(await describeTable(table)).toEqual(STORED["every-type"]);
    }
  });

  it("writes a file that has no name any more", async () => {
    const path = join(temporaryDirectory(), "nameless.h5");
    const handle = await open(path, "wx+");
    onTestFinished(() => handle.close());
    await rm(path);
    const table = await createHdf5Table(handle, FIELDS);
    await table.addData(rows(0, 5));
    await table.close();
    const again = await openHdf5Table(handle, { readOnly: false });
    await expect(openHdf5Table(handle, { readOnly: false })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await again.addData(rows(5, 3));
    await again.close();
    await using read = await openHdf5Table(handle);
    expect(read.rowCount).toBe(8);
    expect((await handle.stat()).size).toBeGreaterThan(0);
  });

  it("reads a compressed file", async () => {
    await using table = await openHdf5Table(await nameless("compressed"));
    expect(await describeTable(table)).toEqual(STORED.compressed);
  });
});

async function nameless(name: string): Promise<FileHandle> {
  const path = fixtureFile(name);
  const handle = await open(path, "r");
  onTestFinished(() => handle.close());
  await rm(path);
  return handle;
}

describe("an Hdf5Table", () => {
  it("refuses columns and rows that are not there", async () => {
    await using table = await newTable(5);
    await expect(table.read([3], 0, 1)).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
    await expect(table.read([], 0, 1)).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
    for (const [start, stop] of [
      [-1, 2],
      [0, 6],
      [3, 2],
      [0.5, 2],
      [0, Number.NaN],
    ] as const) {
      await expect(table.read([0], start, stop)).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    }
    await expect(table.slice([0], Float64Array.of(1, 5))).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE", row: 5 });
  });

  it("gives empty batches for no rows, also where there is none", async () => {
    await using table = await newTable();
    for (const batch of [await table.read([1, 0], 0, 0), await table.slice([1, 0], new Float64Array(0))]) {
      expect(batch.rowCount).toBe(0);
      expect(batch.fields.map(({ name }) => name)).toEqual(["text", "n"]);
      expect(batch.columns[0]).toEqual({ kind: "string", offsets: Int32Array.of(0), bytes: new Uint8Array(0) });
    }
  });

  it("refuses rows that do not fit, and adds none of them", async () => {
    await using table = await newTable(2);
    const good = rows(2, 3);
    const long = batchFromJson(FIELDS, [
      ["1", "2"],
      ["fits", "does not"],
      [true, true],
    ]);
    await expect(table.addData(long)).rejects.toMatchObject({ code: "VALUE_DOES_NOT_FIT", column: "text", row: 1 });
    await expect(table.addData({ ...good, fields: good.fields.slice(0, 2) })).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
    });
    await expect(table.addData({ ...good, rowCount: 4 })).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    await expect(table.addData({ ...good, columns: good.columns.toReversed() })).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
    });
    await table.addData({ ...rows(0, 0) });
    expect(table.rowCount).toBe(2);
  });

  it("refuses updates that do not fit, and makes none of them", async () => {
    await using table = await newTable(4);
    const before = cellsJson(await table.read([0, 1, 2], 0, 4));
    const change = rows(7, 2);
    const updates = [
      [{ ...change, rowNumbers: Float64Array.of(1, 4) }, "ROWS_OUT_OF_RANGE"],
      [{ ...change, fields: [field("other", "Long")], columns: change.columns.slice(0, 1) }, "UNKNOWN_COLUMN"],
      [{ ...change, fields: [field("n", "Double")], columns: change.columns.slice(0, 1) }, "INVALID_SCHEMA"],
      [{ ...change, rowNumbers: Float64Array.of(1) }, "INVALID_SCHEMA"],
    ] as const;
    for (const [batch, code] of updates) await expect(table.update(batch)).rejects.toMatchObject({ code });
    expect(cellsJson(await table.read([0, 1, 2], 0, 4))).toEqual(before);
  });

  it("opened for reading writes nothing", async () => {
    const path = fixtureFile("every-type");
    const before = readFileSync(path);
    const table = await openHdf5Table(path);
    const { fields, cells } = STORED["every-type"]!;
    const batch = batchFromJson(fields, cells);
    await expect(table.addData(batch)).rejects.toMatchObject({ code: "READ_ONLY" });
    await expect(table.update(batch)).rejects.toMatchObject({ code: "READ_ONLY" });
    await expect(table.setMetadata("a", "b")).rejects.toMatchObject({ code: "READ_ONLY" });
    await expect(table.replaceMetadata(new Map())).rejects.toMatchObject({ code: "READ_ONLY" });
    await table.flush();
    await table.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("closed says so, and is closed twice without harm", async () => {
    const table = await newTable(1);
    await Promise.all([table.close(), table.close()]);
    await expect(table.read([0], 0, 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("shows others what was added when it is flushed, and itself at once", async () => {
    await using table = await newTable(3);
    await table.flush();
    await table.addData(rows(3, 4));
    expect(cellsJson(await table.read([0], 0, 7))).toEqual([["0", "1", "2", "3", "4", "5", "6"]]);
    await using before = await openHdf5Table(table.path);
    expect(before.rowCount).toBe(3);
    await table.flush({ durable: false });
    await using after = await openHdf5Table(table.path);
    expect(after.rowCount).toBe(7);
    await table.addData(rows(7, 2));
    expect(cellsJson(await before.read([0], 0, 3))).toEqual([["0", "1", "2"]]);
  });

  it("abandoned keeps what was flushed", async () => {
    const table = await newTable(3);
    await table.flush();
    await table.addData(rows(3, 4));
    await table.abandon();
    await using again = await openHdf5Table(table.path);
    expect(again.rowCount).toBe(3);
  });

  it("serves calls made at once one after the other, and several tables at once", async () => {
    const tables = await Promise.all([newTable(), newTable(), newTable()]);
    await Promise.all(
      tables.flatMap((table) => [
        ...Array.from({ length: 20 }, (_, turn) => table.addData(rows(turn * 10, 10))),
        table.setMetadata("a", "b"),
        table.flush({ durable: false }),
      ]),
    );
    for (const table of tables) {
      const parts = await Promise.all(
        Array.from({ length: 20 }, (_, turn) => table.read([0], turn * 10, turn * 10 + 10)),
      );
      const numbers = parts.flatMap((part) => cellsJson(part)[0]!);
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, row) => String(row)));
      await table.close();
    }
  });
});

describe("getWhereList", () => {
  /** Rows whose "n" is a multiple of a number. */
  const multiplesOf: CompileCondition = (condition) => ({
    columns: [0],
    evaluate: ({ columns: [column], rowCount }) => {
      const values = (column as { values: BigInt64Array }).values;
      return Uint8Array.from({ length: rowCount }, (_, row) => (values[row]! % BigInt(condition) === 0n ? 1 : 0));
    },
  });

  async function tableOf(count: number, width: number, compileCondition?: CompileCondition) {
    const fields = [field("n", "Long"), field("wide", "String", width)];
    const path = join(temporaryDirectory(), "table.h5");
    const table = await createHdf5Table(path, fields, { compileCondition });
    const numbers = Array.from({ length: count }, (_, row) => String(row));
    await table.addData(batchFromJson(fields, [numbers, numbers.map(() => "")]));
    return table;
  }

  it("applies a condition to a span, whole or in steps, over many blocks", async () => {
    await using table = await tableOf(300, 100_000, multiplesOf);
    const where = (start: number, stop: number, step?: number) =>
      table.getWhereList("6", new Map(), { start, stop, ...(step !== undefined && { step }) });
    const expected = (start: number, stop: number, step = 1) =>
      Array.from({ length: 300 }, (_, row) => row).filter(
        (row) => row >= start && row < stop && (row - start) % step === 0 && row % 6 === 0,
      );
    expect([...(await where(0, 300))]).toEqual(expected(0, 300));
    expect([...(await where(5, 290, 7))]).toEqual(expected(5, 290, 7));
    expect([...(await where(100, 100))]).toEqual([]);
    await expect(where(0, 301)).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    await expect(where(0, 300, 0)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("needs a way to apply conditions", async () => {
    await using table = await tableOf(3, 1);
    await expect(table.getWhereList("1", new Map(), { start: 0, stop: 3 })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  it("takes a condition that needs no column, and stops when told", async () => {
    const always: CompileCondition = () => ({
      columns: [],
      evaluate: ({ rowCount }) => new Uint8Array(rowCount).fill(1),
    });
    await using table = await tableOf(3, 1, always);
    expect([...(await table.getWhereList("True", new Map(), { start: 1, stop: 3 }))]).toEqual([1, 2]);
    const signal = AbortSignal.abort();
    await expect(table.getWhereList("True", new Map(), { start: 0, stop: 3 }, { signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
