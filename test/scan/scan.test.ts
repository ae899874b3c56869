/** Scans of tables on the embedded server. */
import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnBatch } from "../../src/columns/batch.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { toArrowStream } from "../../src/formats/arrow/ipc/to-arrow-stream.js";
import { newTable, openTable } from "../../src/gateway/tables/open-table.js";
import { column } from "../../src/query/index.js";
import { downloadTable, type ReadOptions, readBatches } from "../../src/read/index.js";
import { rdouble, rlong } from "../../src/rtypes.js";
import { type PlanScanOptions, parseScanJob, planScan, readPartition, type ScanJob } from "../../src/scan/index.js";
import { partitionSpans } from "../../src/scan/plan-scan.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { batchOf, joinCells } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";

const ROWS = 503;
const FIELDS = EVERY_TYPE.map((column) => ({ ...column, name: column.name.replace("/", "|"), description: "" }));
const cells = everyTypeCells(ROWS);

let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
let onCall: (call: ServedCall) => void | Promise<void> = () => {};

beforeAll(async () => {
  server = await startLabServer({ tables: "hdf5", beforeCall: (call) => onCall(call) });
  connection = await connectPlain(server);
  fileId = await tableOf(ROWS);
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
});

async function tableOf(rows: number): Promise<number> {
  const table = await newTable(connection, "cells");
  await table.initialize(FIELDS);
  await table.addData(
    batchOf(
      FIELDS,
      cells.map((values) => values.slice(0, rows)),
    ),
  );
  await table.close();
  return table.file.id;
}

async function change(id: number): Promise<void> {
  await using table = await openTable(connection, { fileId: id });
  await table.update({ ...batchOf([FIELDS[1]!], [[-7n]]), rowNumbers: Float64Array.of(3) });
  await table.close();
}

async function collected(batches: AsyncIterable<ColumnBatch>): Promise<ColumnBatch[]> {
  const all: ColumnBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** Through JSON, as a job travels. */
const travelled = (job: ScanJob) => parseScanJob(JSON.stringify(job));

async function scanned(options: Partial<PlanScanOptions>) {
  const { jobs } = await planScan({ connection, fileId, ...options });
  const parts = await Promise.all(jobs.map((job) => collected(readPartition(travelled(job), { connection }))));
  return { jobs, parts, ...joinCells(parts.flat()) };
}

const SELECTIONS: [string, Partial<PlanScanOptions> & Partial<ReadOptions>][] = [
  ["all of it", {}],
  ["some columns", { columnNames: ["count", "image"] }],
  ["a condition", { query: "count > 50" }],
  ["a condition with variables", { query: "count > limit", variables: { limit: 60n } }],
  ["variables of other kinds", { query: "(count > a) & (count < b)", variables: { a: rlong(20n), b: rdouble(900.5) } }],
  ["a condition that was built", { query: column("count").in(Array.from({ length: 300 }, (_, n) => n * 3)) }],
  ["what no row meets", { query: "count < -1" }],
];

describe("a scan", () => {
  it.each(SELECTIONS)("of %s gives what reading it gives, in any number of parts", async (_, selection) => {
    const whole = joinCells(await collected(readBatches({ connection, fileId, ...selection })));
    for (const partitions of [1, 3, 8]) {
      const { jobs, rows, cells: found } = await scanned({ ...selection, partitions });
      expect(jobs.length).toBe(partitions);
      expect({ rows, cells: found }).toEqual(whole);
    }
  });

  it("is cut by rows, into no more parts than there are", async () => {
    const spans = async (options: Partial<PlanScanOptions>) => (await scanned(options)).jobs.map(({ rows }) => rows);
    expect(await spans({ partitionRows: 200 })).toEqual([
      { start: 0, stop: 200 },
      { start: 200, stop: 400 },
      { start: 400, stop: ROWS },
    ]);
    expect(await spans({})).toEqual([{ start: 0, stop: ROWS }]);
    const few = await tableOf(3);
    expect(await spans({ fileId: few, partitions: 8 })).toEqual([0, 1, 2].map((start) => ({ start, stop: start + 1 })));
    expect(() => partitionSpans(1e9, { partitionRows: 1000 })).toThrow("1000000 parts are more than 100000");
    const none = await tableOf(0);
    const { jobs, parts } = await scanned({ fileId: none, partitions: 8 });
    expect(jobs.map(({ rows }) => rows)).toEqual([{ start: 0, stop: 0 }]);
    expect(parts[0]![0]!.fields.length).toBe(FIELDS.length);
  });

  it("gives the same bytes each time, in batches as long as was said", async () => {
    const { jobs } = await planScan({ connection, fileId, query: "count > 10", partitions: 2, batchRows: 37 });
    for (const job of jobs) {
      const bytes = async () => Buffer.concat(await bytesOf(toArrowStream(readPartition(job, { connection }))));
      const first = await bytes();
      expect((await bytes()).equals(first)).toBe(true);
      const lengths = tableFromIPC(first).batches.map(({ numRows }) => numRows);
      expect(lengths.slice(0, -1).every((length) => length === 37)).toBe(true);
    }
  });

  it("keeps the rows' numbers", async () => {
    const { jobs } = await planScan({ connection, fileId, query: "count > 50", partitions: 4 });
    const batches = readPartition(jobs[3]!, { connection });
    const table = tableFromIPC(Buffer.concat(await bytesOf(toArrowStream(batches, { rowNumbers: true }))));
    const numbers = Array.from(table.getChild("__index_level_0__")!, Number);
    expect(numbers.every((row) => row >= jobs[3]!.rows.start && row < ROWS)).toBe(true);
    expect(numbers.length).toBe(table.numRows);
  });

  it("tells nothing that is secret", async () => {
    const { jobs } = await planScan({ connection, fileId });
    expect(JSON.stringify(jobs)).not.toContain(connection.session.uuid);
  });
});

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

describe("a scan of a split table", () => {
  const COLUMNS = 700;
  const wide = Object.fromEntries(
    Array.from({ length: COLUMNS }, (_, column) => [`c${column}`, Float64Array.from([3, 1, 2], (row) => row + column)]),
  );

  it("reads all of its parts as one table, whichever of them is named", async () => {
    const options = { connection, parentId: 1, split: true };
    const { fileId: first, parts } = await uploadTable(wide, "wide", options);
    for (const { fileId: part } of parts!) {
      const selection = { columnNames: ["c1", "c699"], query: "(c0 > 1) & (c699 < 702)" };
      const { jobs, cells: found } = await scanned({ fileId: part, partitions: 2, ...selection });
      expect(found).toEqual([[3], [701]]);
      expect(jobs[0]!.fileId).toBe(first);
    }
    const { fields, jobs } = await planScan({ connection, fileId: parts![1]!.fileId });
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(wide));
    const whole = joinCells(await collected(readPartition(travelled(jobs[0]!), { connection })));
    expect(whole.cells).toEqual(Object.values(wide).map((values) => [...values]));
    await using other = await openTable(connection, { fileId: parts![1]!.fileId });
    const position = other.fields.findIndex(({ name }) => name === "c699");
    await other.update({ ...batchOf([other.fields[position]!], [[-1]]), rowNumbers: Float64Array.of(0) });
    await other.close();
    await expect(collected(readPartition(jobs[0]!, { connection }))).rejects.toMatchObject({
      code: "TABLE_CHANGED",
      message: expect.stringContaining("it was changed since"),
    });
  });
});

describe("a partition", () => {
  it("is refused where the table is not the one that was planned", async () => {
    const id = await tableOf(100);
    const { jobs } = await planScan({ connection, fileId: id, partitions: 2 });
    await change(id);
    await expect(collected(readPartition(jobs[0]!, { connection }))).rejects.toMatchObject({
      code: "TABLE_CHANGED",
      fileId: id,
      message: expect.stringContaining("it was changed since"),
    });
    const other = { ...jobs[0]!, table: { ...jobs[0]!.table, name: "another server's" } };
    await expect(collected(readPartition(other, { connection }))).rejects.toThrow("this is another server");
    const more = { ...jobs[0]!, table: { ...jobs[0]!.table, rowCount: 200 } };
    await expect(collected(readPartition(more, { connection }))).rejects.toThrow("another number of rows");
  });

  it("ends with an error where the table changes while it is read", async () => {
    const id = await tableOf(100);
    const { jobs } = await planScan({ connection, fileId: id });
    let changed = false;
    onCall = async ({ operation }) => {
      if (changed || !["read", "slice"].includes(operation)) return;
      changed = true;
      await change(id);
    };
    await expect(collected(readPartition(jobs[0]!, { connection }))).rejects.toThrow(
      "it was changed while it was read",
    );
    onCall = () => {};
  });

  it("finds its server by itself, and leaves nothing open", async () => {
    const { jobs } = await planScan({ connection, fileId, partitions: 2 });
    const login = { username: "ana", password: "pass-ana", interactive: false, allowToken: false };
    expect((await collected(readPartition(jobs[1]!, login))).length).toBeGreaterThan(0);
    const { sessionKey } = { sessionKey: connection.session.uuid };
    expect((await collected(readPartition(jobs[1]!, { sessionKey }))).length).toBeGreaterThan(0);
  });

  const refusals: [string, (job: ScanJob) => unknown][] = [
    ["text that is no JSON", () => "{"],
    ["another version", (job) => ({ ...job, version: 2 })],
    ["no server", (job) => ({ ...job, server: 5 })],
    ["a server and a path", (job) => ({ ...job, path: "cells.h5" })],
    ["neither a server nor a path", (job) => ({ ...job, server: undefined, fileId: undefined })],
    ["a server with a password", (job) => ({ ...job, server: "ann:secret@host" })],
    ["rows beyond the table", (job) => ({ ...job, rows: { start: 0, stop: ROWS + 1 } })],
    ["rows backwards", (job) => ({ ...job, rows: { start: 5, stop: 2 } })],
    ["a number beyond the last", (job) => ({ ...job, partition: 1 })],
    ["no columns", (job) => ({ ...job, columnNames: [] })],
    ["a query of no form", (job) => ({ ...job, query: { parts: [], variables: {} } })],
    ["variables of no form", (job) => ({ ...job, query: { parts: ["a"], variables: { x: { long: "1.5" } } } })],
    ["a list", () => []],
    ["null", () => null],
  ];
  it.each(refusals)("is refused where it is %s", async (_, changed) => {
    const { jobs } = await planScan({ connection, fileId });
    expect(() => parseScanJob(changed(jobs[0]!))).toThrowError(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

describe("a scan of a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "scan-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function fileOf(name: string, options: object = {}): Promise<string> {
    const path = join(folder, name);
    await downloadTable({ connection, fileId, targetPath: path, ...options });
    return path;
  }

  const files: [string, object][] = [
    ["cells.h5", {}],
    ["cells.tiledb", { columnNames: ["image", "count"] }],
    ["cells.parquet", {}],
    ["cells", { partitionRows: 100 }],
  ];
  it.each(files)("%s gives what a scan of the table gives, and the same bytes each time", async (name, options) => {
    const path = await fileOf(name, options);
    for (const selection of [{ columnNames: ["count", "image"] }, { columnNames: ["count"], query: "count > 50" }]) {
      const { jobs } = await planScan({ path, partitions: 3, batchRows: 37, ...selection });
      const parts = await Promise.all(jobs.map((job) => collected(readPartition(travelled(job)))));
      const expected = joinCells(await collected(readBatches({ connection, fileId, ...selection })));
      expect(joinCells(parts.flat())).toEqual(expected);
      const bytes = async () => Buffer.concat(await bytesOf(toArrowStream(readPartition(jobs[1]!))));
      expect((await bytes()).equals(await bytes())).toBe(true);
    }
  });

  it("is refused where the file is another one by then, and through a connection", async () => {
    const path = await fileOf("changing.h5");
    const { jobs } = await planScan({ path });
    await expect(collected(readPartition(jobs[0]!, { connection }))).rejects.toThrow("not the connection");
    utimesSync(path, 1, 1);
    await expect(collected(readPartition(jobs[0]!))).rejects.toMatchObject({ code: "TABLE_CHANGED" });
    rmSync(path);
    await expect(collected(readPartition(jobs[0]!))).rejects.toMatchObject({ code: "CANNOT_READ_FILE" });
    await expect(planScan({ path, fileId: 1 })).rejects.toThrow("either path");
  });
});

it("a plan is refused before anything is sent where it cannot work", async () => {
  const plan = (options: object) => planScan({ server: "tcp://127.0.0.1:1", fileId: 1, ...options } as never);
  await expect(plan({ partitions: 0 })).rejects.toThrow("partitions is a whole number from 1");
  await expect(plan({ partitions: 2, partitionRows: 5 })).rejects.toThrow("either partitions or partitionRows");
  await expect(plan({ query: "area >" })).rejects.toMatchObject({ code: "CONDITION_SYNTAX" });
  await expect(plan({ rows: [1] })).rejects.toThrow('takes no option "rows"');
});
