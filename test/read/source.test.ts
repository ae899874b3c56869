/** Tables on the embedded server, opened through connections given or made. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { newTable } from "../../src/gateway/tables/open-table.js";
import { getTableColumns, getTableSize, openTableSource, readBatches, readTable } from "../../src/read/index.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { batchOf, joinCells } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";

const ROWS = 300;
const cells = everyTypeCells(ROWS);
/** `/` cannot be in a stored column's name. */
const FIELDS = EVERY_TYPE.map((field) => ({ ...field, name: field.name.replace("/", " or ") }));
let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;

const login = () => ({
  server: `tcp://127.0.0.1:${server.port}`,
  username: "user",
  password: "pass",
  interactive: false,
  allowToken: false,
});

beforeAll(async () => {
  server = await startServer({ tables: "memory" });
  connection = await connectToOmero(login());
  const table = await newTable(connection, "every type");
  await table.initialize(FIELDS);
  await table.addData(batchOf(FIELDS, cells));
  fileId = table.file.id;
  await table.close();
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
});

/** Once those that were left have ended, which takes a moment. */
async function sessionCount(): Promise<number> {
  await expect
    .poll(async () => (await server.contents()).sessions.map(({ connections }) => connections))
    .not.toContain(0);
  return (await server.contents()).sessions.length;
}

describe("openTableSource", () => {
  it("reads through a connection made for it, and ends that", async () => {
    const before = await sessionCount();
    expect(await getTableSize({ ...login(), fileId })).toEqual([ROWS, FIELDS.length]);
    expect(await sessionCount()).toBe(before);
  });

  it("reads through a connection given, and leaves it open", async () => {
    expect(await getTableColumns({ connection, fileId: Number(fileId) })).toEqual(FIELDS.map(({ name }) => name));
    expect(connection.state).toBe("connected");
  });

  it("ends its connection when there is no such table or the selection is wrong", async () => {
    const before = await sessionCount();
    await expect(getTableSize({ ...login(), fileId: 4711 })).rejects.toMatchObject({
      code: "NOT_FOUND",
      fileId: 4711,
    });
    await expect(readTable({ ...login(), fileId, columnNames: ["x"] })).rejects.toMatchObject({
      code: "UNKNOWN_COLUMN",
    });
    expect(await sessionCount()).toBe(before);
  });

  it.each([
    {},
    { fileId: 1, annotationId: 2 },
    { connection: {} as OmeroConnection, server: "omero.example.org", fileId: 1 },
  ])("refuses what names no table or two ways to one, before it connects", async (options) => {
    await expect(openTableSource(options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("does not connect under a signal that has fired", async () => {
    const opening = openTableSource({ server: "127.0.0.1:1", fileId: 1, signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("readBatches over a connection", () => {
  it("reads every type, whole and by condition", async () => {
    const batches = [];
    for await (const batch of readBatches({ connection, fileId, chunkSize: 77 })) batches.push(batch);
    expect(joinCells(batches)).toEqual({ rows: Array.from({ length: ROWS }, (_, row) => row), cells });
    const query = "(`mean area` > 50) & `a or b`";
    const found = [];
    for await (const batch of readBatches({ connection, fileId, query, columnNames: ["count"] })) found.push(batch);
    const hits = cells[2]!.flatMap((area, row) => ((area as number) > 50 && cells[3]![row] ? [row] : []));
    expect(joinCells(found)).toEqual({ rows: hits, cells: [hits.map((row) => cells[1]![row])] });
  });

  it("ends its session when the loop is left", async () => {
    const before = await sessionCount();
    for await (const batch of readBatches({ ...login(), fileId, chunkSize: 10 })) if (batch.rowCount > 0) break;
    expect(await sessionCount()).toBe(before);
  });
});
