import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import type { Progress } from "../../src/columns/table.js";
import {
  downloadTable,
  getTableColumns,
  getTableHeaders,
  getTableSize,
  readArrow,
  readBatches,
  readTable,
} from "../../src/read/index.js";
import { joinCells } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells, MemoryTable, type MemoryTableOptions } from "../support/memory-table.js";

const ROWS = 50;
const cells = everyTypeCells(ROWS);
const metadata = new Map<string, string | bigint>([
  ["__version", "2"],
  ["plates", 3n],
]);
const table = (options?: MemoryTableOptions) => new MemoryTable(EVERY_TYPE, cells, { metadata, ...options });
const where = (row: number) => row % 10 === 3;

describe("getTableSize, getTableColumns and getTableHeaders", () => {
  it("tell of a table without reading it", async () => {
    const from = table();
    expect(await getTableSize({ table: from })).toEqual([ROWS, EVERY_TYPE.length]);
    expect(await getTableColumns({ table: from })).toEqual(EVERY_TYPE.map(({ name }) => name));
    expect(await getTableHeaders({ table: from })).toEqual({ columns: EVERY_TYPE, rowCount: ROWS, metadata });
    expect(from.calls).toEqual([]);
    expect(from.closed).toBe(0);
  });
});

describe("readBatches", () => {
  it("streams the selected rows", async () => {
    const batches = [];
    for await (const batch of readBatches({ table: table({ where }), query: "image > 1", chunkSize: 2 }))
      batches.push(batch);
    const rows = [3, 13, 23, 33, 43];
    expect(joinCells(batches)).toEqual({ rows, cells: cells.map((column) => rows.map((row) => column[row])) });
    expect(batches.every(({ rowCount }) => rowCount <= 2)).toBe(true);
  });
});

describe("readArrow", () => {
  it("reads the selected columns and rows", async () => {
    const arrow = await readArrow({
      table: table(),
      columnNames: ["plate", "count"],
      rows: [4, 2, 2],
      rowNumbers: true,
    });
    expect(arrow.toArray().map((row) => row.toJSON())).toEqual(
      [4, 2, 2].map((row) => ({ count: cells[1]![row], plate: cells[13]![row], __index_level_0__: BigInt(row) })),
    );
    expect(arrow.schema.metadata.get("omero.metadata.plates")).toBe("3");
  });

  it("reads an empty selection with its columns", async () => {
    const arrow = await readArrow({ table: table({ where: () => false }), query: "image < 0" });
    expect([arrow.numRows, arrow.numCols]).toEqual([0, EVERY_TYPE.length]);
  });
});

describe("readTable", () => {
  it("reads a DataFrame whose index is the rows' numbers", async () => {
    const frame = await readTable({ table: table({ where }), query: "image > 1", columnNames: ["Größe", "image"] });
    expect(frame.index).toEqual([3, 13, 23, 33, 43]);
    expect(frame.columns).toEqual(["image", "Größe"]);
    expect(frame.image.values).toEqual([3000, 13000, 23000, 33000, 43000]);
  });

  it("reads a range downwards", async () => {
    const frame = await readTable({ table: table(), rows: { start: 20, stop: 10, step: -4 }, columnNames: ["count"] });
    expect([frame.index, frame.values]).toEqual([
      [20, 16, 12],
      [[20001], [16001], [12001]],
    ]);
  });

  it.each([
    [{ rows: [1, 2, 1] }, "INVALID_ARGUMENT"],
    [{ int64: "text" as "number" }, "INVALID_ARGUMENT"],
    [{ rows: [1], query: "image > 1" }, "ROWS_WITH_QUERY"],
    [{ columnNames: ["x"] }, "UNKNOWN_COLUMN"],
    [{ fileId: 1 }, "INVALID_ARGUMENT"],
  ])("refuses %j before anything is read", async (options, code) => {
    const from = table();
    await expect(readTable({ table: from, ...options })).rejects.toMatchObject({ code });
    expect(from.calls).toEqual([]);
  });

  it("refuses a query that cannot be read before it connects", async () => {
    const nowhere = { server: "tcp://127.0.0.1:1", username: "user", password: "pass", interactive: false };
    const reading = readTable({ ...nowhere, fileId: 1, query: "image > " });
    await expect(reading).rejects.toMatchObject({ code: "CONDITION_SYNTAX", query: "image > " });
  });

  it("refuses no table at all", async () => {
    await expect(readTable({})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("names column and row of an integer that is too large", async () => {
    const wide = new MemoryTable([field("n", "Long")], [[1n, 2n ** 53n]]);
    await expect(readTable({ table: wide })).rejects.toMatchObject({ code: "UNSAFE_INTEGER", column: "n", row: 1 });
    expect((await readTable({ table: wide, int64: "bigint" })).values).toEqual([[1n], [2n ** 53n]]);
  });
});

describe("downloadTable", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "omero2frame-download-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("writes the selection as CSV and reports progress", async () => {
    const targetPath = join(directory, "table.csv");
    const reports: Progress[] = [];
    const options = {
      table: table(),
      targetPath,
      columnNames: ["image", "mean area", "a/b", "floats"],
      rows: [5, 3, 0],
    };
    expect(await downloadTable({ ...options, onProgress: (progress) => reports.push(progress) })).toBe(3);
    expect(await readFile(targetPath, "utf8")).toBe(
      ',image,mean area,a/b,floats\n5,5000,0.0,False,"[0.5, 1.5]"\n' +
        '3,3000,,True,"[0.30000001192092896, 1.2999999523162842]"\n0,0,-1.6666666666666667,True,"[0.0, 1.0]"\n',
    );
    expect(reports.at(-1)).toEqual({ done: 3, total: 3, unit: "rows" });
  });

  it("writes a header for an empty selection", async () => {
    const targetPath = join(directory, "empty.csv");
    expect(await downloadTable({ table: table(), targetPath, rows: [], columnNames: ["image", "Größe"] })).toBe(0);
    expect(await readFile(targetPath, "utf8")).toBe(",image,Größe\n");
  });

  it("refuses an existing target before the table is opened, and replaces it on request", async () => {
    const targetPath = join(directory, "table.csv");
    await writeFile(targetPath, "mine");
    const from = table();
    await expect(downloadTable({ table: from, targetPath })).rejects.toMatchObject({
      code: "FILE_EXISTS",
      path: targetPath,
    });
    expect(from.calls).toEqual([]);
    expect(await readFile(targetPath, "utf8")).toBe("mine");
    await downloadTable({ table: from, targetPath, overwrite: true, columnNames: ["image"], rows: [1] });
    expect(await readFile(targetPath, "utf8")).toBe(",image\n1,1000\n");
  });

  it("leaves no file behind when reading fails or is aborted", async () => {
    const targetPath = join(directory, "table.csv");
    const controller = new AbortController();
    const broken = table({
      before: (_, index) => {
        if (index === 2) throw new Error("connection lost");
      },
    });
    await expect(downloadTable({ table: broken, targetPath, chunkSize: 10 })).rejects.toThrow("connection lost");
    const aborting = table({ before: (_, index) => (index === 2 ? controller.abort() : undefined) });
    const aborted = downloadTable({ table: aborting, targetPath, chunkSize: 5, signal: controller.signal });
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
    expect(await readdir(directory)).toEqual([]);
    expect([broken.running, aborting.running]).toEqual([0, 0]);
  });
});
