/** Tables of the embedded server, kept in a store. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../src/columns/batch.js";
import type { Progress } from "../../src/columns/table.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { newTable, openTable } from "../../src/gateway/tables/open-table.js";
import { downloadTable, type ReadOptions, readArrow, readBatches, readTable } from "../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { openStore } from "../../src/store/open-store.js";
import { Environment } from "../../src/store/records/environment.js";
import type { Store } from "../../src/store/store.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { batchOf, joinCells } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";

const ROWS = 400;
const FIELDS = EVERY_TYPE.map((column) => ({ ...column, name: column.name.replace("/", "|"), description: "" }));
const cells = everyTypeCells(ROWS);
const READS = ["read", "slice", "getWhereList"];

let onCall: (call: ServedCall) => void | Promise<void> = () => {};
let calls: string[] = [];
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-"));
  store = await openStore(join(folder, "store"), { sync: "batched" });
});
afterEach(async () => {
  onCall = () => {};
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(["hdf5", "memory"] as const)("tables kept by a server as %s", (tables) => {
  let server: OmeroServer;
  let connection: OmeroConnection;

  beforeAll(async () => {
    server = await startLabServer({
      tables,
      beforeCall: (call) => {
        if (READS.includes(call.operation)) calls.push(call.operation);
        return onCall(call);
      },
    });
    connection = await connectPlain(server);
  });
  afterAll(async () => {
    await connection?.close();
    await server?.close();
  });

  async function tableOf(rows = ROWS): Promise<number> {
    const table = await newTable(connection, "cells");
    await table.initialize(FIELDS);
    await table.addData(
      batchOf(
        FIELDS,
        cells.map((column) => column.slice(0, rows)),
      ),
    );
    await table.close();
    return table.file.id;
  }

  async function change(fileId: number, row: number, count: bigint): Promise<void> {
    await using table = await openTable(connection, { fileId });
    await table.update({ ...batchOf([FIELDS[1]!], [[count]]), rowNumbers: Float64Array.of(row) });
    await table.close();
  }

  /** What is read, and how many calls for rows that took. */
  async function collect(options: ReadOptions): Promise<{ rows: number[]; cells: unknown[][]; asked: number }> {
    calls = [];
    const batches: ColumnBatch[] = [];
    for await (const batch of readBatches({ connection, store, route: "service", ...options })) batches.push(batch);
    return { ...joinCells(batches), asked: calls.length };
  }

  it("are kept whole where they were split, until one of the parts is changed", async () => {
    const columns = Array.from({ length: 600 }, (_, column) => [`c${column}`, Float64Array.of(column, -column)]);
    const split = { connection, parentId: 1, split: true };
    const { fileId, parts } = await uploadTable(Object.fromEntries(columns), "wide", split);
    const selection = { columnNames: ["c0", "c599"], fileId };
    const first = await collect(selection);
    expect(first.cells).toEqual([
      [0, -0],
      [599, -599],
    ]);
    expect((await collect({ ...selection, fileId: parts![1]!.fileId })).asked).toBe(0);
    await using table = await openTable(connection, { fileId: parts![1]!.fileId });
    const last = table.fields.find(({ name }) => name === "c599")!;
    await table.update({ ...batchOf([last], [[7]]), rowNumbers: Float64Array.of(0) });
    await table.close();
    expect((await collect(selection)).cells).toEqual([
      [0, -0],
      [7, -599],
    ]);
  });

  it("are fetched once, with every type of column", async () => {
    const fileId = await tableOf();
    const first = await collect({ fileId });
    const again = await collect({ fileId });
    expect(first.cells).toEqual(cells);
    expect(first.asked).toBeGreaterThan(0);
    expect(again).toEqual({ ...first, asked: 0 });
  });

  it("are fetched again when a cell has changed, though their size is the same", async () => {
    const fileId = await tableOf();
    await collect({ fileId });
    for (const count of [-1n, -2n]) {
      await change(fileId, 7, count);
      const { cells: found, asked } = await collect({ fileId });
      expect(asked).toBeGreaterThan(0);
      expect(found[1]).toEqual(cells[1]!.with(7, count));
      expect((await collect({ fileId })).asked).toBe(0);
    }
  });

  it("are fetched again when rows were added, even before their writer has closed them", async () => {
    const fileId = await tableOf(100);
    await collect({ fileId });
    await using writer = await openTable(connection, { fileId });
    await writer.addData(
      batchOf(
        FIELDS,
        cells.map((column) => column.slice(100, 150)),
      ),
    );
    expect((await collect({ fileId })).rows.length).toBe(150);
    await writer.close();
    expect((await collect({ fileId })).rows.length).toBe(150);
  });

  it("are not kept where they change while they are read", async () => {
    const fileId = await tableOf();
    let changed = false;
    onCall = async ({ operation }) => {
      if (!READS.includes(operation) || changed) return;
      changed = true;
      await change(fileId, 3, 99n);
    };
    await collect({ fileId });
    expect(changed).toBe(true);
    const { cells: found, asked } = await collect({ fileId });
    expect(asked).toBeGreaterThan(0);
    expect(found[1]).toEqual(cells[1]!.with(3, 99n));
  });

  it("are told from each other by columns, rows, conditions and chunks", async () => {
    const fileId = await tableOf();
    const selections: Partial<ReadOptions>[] = [
      { columnNames: ["count"] },
      { rows: [3, 1, 1] },
      { rows: { start: 10, stop: 2, step: -2 } },
      { query: "count > 50" },
      { query: "count > limit", variables: { limit: 50n } },
      { query: "count > limit", variables: { limit: 60n } },
      { query: "count < limit", variables: { limit: Number.POSITIVE_INFINITY } },
      { query: "count < limit", variables: { limit: Number.NEGATIVE_INFINITY } },
      { query: "count < -5" },
      { rows: [] },
      { chunkSize: 7 },
    ];
    for (const selection of selections) {
      const first = await collect({ fileId, ...selection });
      expect(await collect({ fileId, ...selection })).toEqual({ ...first, asked: 0 });
    }
    const kept = [];
    for await (const key of store.open("cache/omero").keys()) kept.push(key);
    expect(kept.length).toBe(selections.length);
  });

  it("are kept where their columns have long names", async () => {
    const wide = Array.from({ length: 300 }, (_, n) => field(`${"an area in µm² ".repeat(5)}${n}`, "Double"));
    const table = await newTable(connection, "wide");
    await table.initialize(wide);
    await table.addData(
      batchOf(
        wide,
        wide.map((_, n) => [n]),
      ),
    );
    await table.close();
    const first = await collect({ fileId: table.file.id });
    expect(await collect({ fileId: table.file.id })).toEqual({ ...first, asked: 0 });
  });

  it("are told from those of another server, and of another table", async () => {
    const [one, other] = [await tableOf(), await tableOf(10)];
    await collect({ fileId: one });
    expect((await collect({ fileId: other })).rows.length).toBe(10);
    await using second = await startLabServer({ tables });
    await using there = await connectPlain(second);
    const table = await newTable(there, "cells");
    await table.initialize([field("n", "Long")]);
    await table.addData(batchOf([field("n", "Long")], [[5n]]));
    await table.close();
    expect((await collect({ connection: there, fileId: table.file.id })).cells).toEqual([[5n]]);
  });

  it("give frames, Arrow tables and files from the store, with the progress", async () => {
    const fileId = await tableOf();
    const options = { connection, store, fileId, columnNames: ["count"] } as const;
    const read = async (name: string) => {
      const routes: string[] = [];
      const progress: Progress[] = [];
      const onRoute = (route: string) => void routes.push(route);
      const onProgress = (at: Progress) => void progress.push(at);
      const frame = await readTable({ ...options, onRoute, onProgress });
      const arrow = await readArrow({ ...options, onRoute });
      await downloadTable({ ...options, onRoute, targetPath: join(folder, name) });
      const csv = await readFile(join(folder, name), "utf8");
      return { routes, last: progress.at(-1), values: frame.column("count").values, rows: arrow.numRows, csv };
    };
    const first = await read("one.csv");
    const again = await read("other.csv");
    expect(again).toEqual({ ...first, routes: ["store", "store", "store"] });
    expect(first.routes[0]).toBe("service");
    expect(again.last).toEqual({ done: ROWS, total: ROWS, unit: "rows" });
  });

  it("tell the number of rows found when all were passed on", async () => {
    const fileId = await tableOf();
    const progress: Progress[] = [];
    const onProgress = (at: Progress) => void progress.push(at);
    const { rows } = await collect({ fileId, query: "count > 50" });
    await collect({ fileId, query: "count > 50", onProgress });
    expect(progress.at(-1)).toEqual({ done: rows.length, total: rows.length, unit: "rows" });
  });

  it("are kept within bounds, and by those who may not write to the store not at all", async () => {
    const fileId = await tableOf();
    const small = store.cache("small", { maxBytes: 2_000 });
    await collect({ fileId, store: small });
    expect((await collect({ fileId, store: small })).asked).toBeGreaterThan(0);
    expect(small.usedBytes).toBe(0);
    await using reader = await openStore(join(folder, "store"), { readOnly: true });
    expect((await collect({ fileId, store: reader })).cells).toEqual(cells);
    await collect({ fileId });
    expect((await collect({ fileId, store: reader })).asked).toBe(0);
  });

  it("are no less readable where what is kept was damaged", async () => {
    const fileId = await tableOf();
    await collect({ fileId });
    const kept = store.open("cache/omero");
    for await (const key of kept.keys()) await kept.set(key, "no table");
    const first = await collect({ fileId });
    expect(first.cells).toEqual(cells);
    expect(first.asked).toBeGreaterThan(0);
    expect((await collect({ fileId })).asked).toBe(0);
  });

  it("are fetched from where on what is kept was damaged", async () => {
    const fileId = await tableOf();
    const options = { fileId, chunkSize: 150 };
    const first = await collect(options);
    const env = new Environment(join(folder, "store"), { readOnly: false, sync: "batched" });
    const contents = env.database<[number, number]>("contents:cache/omero")!;
    for (const key of [...contents.getKeys()]) {
      const bytes = Buffer.from(contents.getBinary(key)!);
      await contents.put(key, bytes.fill(0xc1, bytes.length >> 1)); // of three batches the second and the third
    }
    await env.close();
    const routes: string[] = [];
    const again = await collect({ ...options, onRoute: (route) => void routes.push(route) });
    expect(again).toEqual({ ...first, asked: again.asked });
    expect([again.asked > 0, routes.includes("store")]).toEqual([true, true]);
    expect(await collect(options)).toEqual({ ...first, asked: 0 });
  });

  it("are not read by those who may not read them", async () => {
    const fileId = await tableOf();
    await collect({ fileId });
    await using stranger = await connectPlain(server, { username: "cyd", password: "pass-cyd" });
    await expect(collect({ connection: stranger, fileId })).rejects.toMatchObject({ code: "NOT_PERMITTED" });
  });
});

it("takes no other options than go together", async () => {
  const refusals: [Partial<ReadOptions>, string][] = [
    [{ path: "table.h5", store }, "store keeps tables of a server"],
    [{ fileId: 1, store: {} as never }, "what openStore gives"],
  ];
  for (const [options, message] of refusals) {
    const read = readArrow({ server: "tcp://127.0.0.1:1", username: "x", password: "y", ...options } as never);
    await expect(read).rejects.toThrow(message);
  }
});
