/** Split tables that others change while they are read: rows of two states are told, in whichever part the change is. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { openTable } from "../../src/gateway/tables/open-table.js";
import type { RemoteTable } from "../../src/gateway/tables/table.js";
import { readArrow, readBatches } from "../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { batchOf } from "../support/cells.js";

const ROWS = 1000;
const COLUMNS = 1100;

let server: OmeroServer;
let reader: OmeroConnection;
let writer: OmeroConnection;
let fileId: number;
/** One table for each part, open to write. */
let parts: RemoteTable[];
/** Done before a call. */
let before: ((call: ServedCall) => Promise<void>) | undefined;

beforeEach(async () => {
  before = undefined;
  server = await startLabServer({ tables: "hdf5", optimisticLocks: false, beforeCall: (call) => before?.(call) });
  reader = await connectPlain(server);
  writer = await connectPlain(server);
  const zeros = new Float64Array(ROWS);
  const columns = Object.fromEntries(Array.from({ length: COLUMNS }, (_, index) => [`c${index}`, zeros]));
  const uploaded = await uploadTable(columns, "wide", { connection: reader, parentId: 1, split: true });
  fileId = uploaded.fileId;
  parts = [];
  for (const part of uploaded.parts!) parts.push(await openTable(writer, { fileId: part.fileId }));
});
afterEach(async () => {
  before = undefined;
  await reader.close();
  await writer.close();
  await server.close();
});

const readsRows = (operation: string) => operation === "read" || operation === "slice";

/** Changes a part before the `nth` call from now on that reads rows. */
function changeAt(nth: number, part: number, change: (table: RemoteTable) => Promise<void>): void {
  let reads = 0;
  before = async ({ operation }) => {
    if (!readsRows(operation) || ++reads !== nth) return;
    before = undefined;
    await change(parts[part]!);
  };
}

let value = 0;
async function setColumn(table: RemoteTable): Promise<void> {
  const changed = table.fields[1]!;
  const all = new Float64Array(ROWS).fill(++value);
  await table.update(batchOf([changed], [[...all]]));
}

async function appendRow(table: RemoteTable): Promise<void> {
  await table.addData(
    batchOf(
      table.fields,
      table.fields.map(({ type }) => [type === "Double" ? 0 : 0n]),
    ),
  );
}

const inService = { chunkSize: 400 } as const;

describe.each([0, 1, 2])("a change in part %i", (part) => {
  test("in the midst of one request for all of them makes the table be read again", async () => {
    changeAt(2, part, setColumn);
    const table = await readArrow({ connection: reader, fileId });
    const first = [...table.getChild(parts[part]!.fields[1]!.name)!];
    expect(new Set(first).size).toBe(1);
    expect(before).toBeUndefined();
  });

  test("is told where batches were given already", async () => {
    changeAt(7, part, setColumn);
    const states = new Set<number>();
    const reading = (async () => {
      for await (const { columns } of readBatches({ connection: reader, fileId, ...inService })) {
        for (const column of columns) if (column.kind === "double") for (const one of column.values) states.add(one);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "TABLE_CHANGED" });
  });

  test("that is closed is told, however few rows it is of", async () => {
    changeAt(5, part, async (table) => {
      await table.update({ ...batchOf([table.fields[2]!], [[9]]), rowNumbers: Float64Array.of(500) });
      await table.close();
    });
    const reading = (async () => {
      for await (const _ of readBatches({ connection: reader, fileId, ...inService }));
    })();
    await expect(reading).rejects.toMatchObject({ code: "TABLE_CHANGED" });
  });

  test("by which a row was added is told", async () => {
    changeAt(5, part, appendRow);
    const reading = (async () => {
      for await (const _ of readBatches({ connection: reader, fileId, ...inService }));
    })();
    await expect(reading).rejects.toMatchObject({ code: "TABLE_CHANGED", message: expect.stringContaining("1001") });
  });
});

test("rows that a condition found, and that no longer meet it, are told", async () => {
  const name = parts[2]!.fields[1]!.name;
  changeAt(5, 2, setColumn);
  const query = `${name} == 0`;
  const reading = (async () => {
    for await (const _ of readBatches({ connection: reader, fileId, query, columnNames: ["c0"], ...inService }));
  })();
  await expect(reading).rejects.toMatchObject({ code: "TABLE_CHANGED" });
});

test("a table that stays as it is is read once", async () => {
  const calls: string[] = [];
  before = async ({ operation }) => void calls.push(operation);
  const table = await readArrow({ connection: reader, fileId, columnNames: ["c0", "c1099"] });
  expect([table.numRows, table.numCols]).toEqual([ROWS, 2]);
  const [rows, sample] = [2, 2];
  expect(calls.filter(readsRows)).toHaveLength(rows + sample);
});

test("all rows of a part's own columns that come by one request are compared with nothing", async () => {
  const calls: string[] = [];
  before = async ({ operation }) => void calls.push(operation);
  const table = await readArrow({ connection: reader, fileId, query: "c0 == -1" });
  expect(table.numRows).toBe(0);
  expect(calls.filter(readsRows)).toEqual([]);
});
