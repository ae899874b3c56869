/** Tables sent as files through a real router: omero-py's servants serve them as they serve their own. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ColumnBatch } from "../../src/columns/batch.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { findOriginalFile } from "../../src/gateway/files/original-file.js";
import { readBatches } from "../../src/read/index.js";
import { appendRows, type UploadOptions, updateRows, uploadTable } from "../../src/write/index.js";
import { batchOf, type Cell, joinCells } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";
import { restoreCells, type StatedTable } from "../support/stated-cells.js";
import { PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

const FIELDS = EVERY_TYPE.map((column) => ({ ...column, name: column.name.replace("/", "|") }));
const ROWS = 3000;
const cells = everyTypeCells(ROWS);

let server: ReferenceServer;
let connection: OmeroConnection;
let python: PythonSession;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const login = { server: `tcp://127.0.0.1:${server.port}`, username: "user", password: "pass" };
  connection = await connectToOmero({ ...login, interactive: false, allowToken: false });
  python = await PythonSession.start(`
    import omero.grid, omero.model, tables

    def opened(file_id):
        return client.sf.sharedResources().openTable(omero.model.OriginalFileI(file_id, False))
  `);
  await python.run("client = log_in(port)", { port: server.port });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await connection?.close();
  await server?.stop();
});

async function upload(rows: ColumnBatch, options: Partial<UploadOptions> = {}): Promise<number> {
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  const sent = { connection, parentId: 1, route: "file", onWarning, ...options } as const;
  const { fileId, rowCount } = await uploadTable([rows], "by file", sent);
  expect({ warnings, rowCount }).toEqual({ warnings: [], rowCount: rows.rowCount });
  return fileId;
}

async function readAll(fileId: number, route: "file" | "service"): Promise<Cell[][]> {
  const batches: ColumnBatch[] = [];
  for await (const batch of readBatches({ connection, fileId, route })) batches.push(batch);
  return joinCells(batches).cells;
}

it("are opened by omero-py with every type of column, and read by both routes", async () => {
  const fileId = await upload(batchOf(FIELDS, cells), { metadata: { note: "sent", count: 3 } });
  const found = await python.run<StatedTable & { rows: number; note: string; count: number }>(
    `
    table = opened(file_id)
    rows = table.getNumberOfRows()
    every = [table.read([i], 0, rows).columns[0] for i in range(len(table.getHeaders()))]
    pairs = [stated_column(column) for column in every]
    metadata = {key: value.val for key, value in table.getAllMetadata().items()}
    table.close()
    result = {"rows": rows, "fields": [f for f, _ in pairs], "cells": [c for _, c in pairs],
              "note": metadata["note"], "count": metadata["count"]}
    `,
    { file_id: fileId },
  );
  expect({ rows: found.rows, note: found.note, count: found.count }).toEqual({ rows: ROWS, note: "sent", count: 3 });
  expect(found.fields.map(({ name, type }) => [name, type])).toEqual(FIELDS.map(({ name, type }) => [name, type]));
  expect(restoreCells(found)).toEqual(cells);
  expect(await readAll(fileId, "service")).toEqual(cells);
  expect(await readAll(fileId, "file")).toEqual(cells);
});

it("are searched, appended to and changed by omero-py's servants", async () => {
  const rows = (from: number, to: number) =>
    batchOf(
      FIELDS,
      cells.map((column) => column.slice(from, to)),
    );
  const fileId = await upload(rows(0, 2000));
  const where = (condition: string) =>
    python.run<number[]>("t = opened(f); result = list(t.getWhereList(c, {}, 0, 0, 1)); t.close()", {
      f: fileId,
      c: condition,
    });
  const wanted = (test: (row: number) => boolean) => Array.from({ length: 2000 }, (_, row) => row).filter(test);
  expect(await where("count > 19000")).toEqual(wanted((row) => (cells[1]![row] as bigint) > 19_000n));
  expect(await where("(well >= 0) & (count < 50)")).toEqual(wanted((row) => (cells[1]![row] as bigint) < 50n));
  await appendRows([rows(2000, 3000)], { connection, fileId });
  expect(await readAll(fileId, "file")).toEqual(cells);
  await updateRows([{ count: -5n }], { connection, fileId, rows: [2500] });
  const changed = cells.map((column, index) => (index === 1 ? column.with(2500, -5n) : column));
  expect(await readAll(fileId, "service")).toEqual(changed);
  expect(await readAll(fileId, "file")).toEqual(changed);
});

it("carry a checksum, sent by either route, and after rows were appended", async () => {
  for (const route of ["file", "service"] as const) {
    const fileId = await upload(batchOf(FIELDS, cells), { route });
    const first = (await findOriginalFile(connection, { fileId })).sha1;
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    await appendRows([batchOf(FIELDS, cells)], { connection, fileId });
    const second = (await findOriginalFile(connection, { fileId })).sha1;
    expect(second).toMatch(/^[0-9a-f]{40}$/);
    expect(second).not.toBe(first);
    expect((await readAll(fileId, "file"))[1]).toEqual([...cells[1]!, ...cells[1]!]);
  }
});

it("are read by their files where omero-py has made them, which have no checksum", async () => {
  const fileId = BigInt(
    await python.run<number>(`
      table = client.sf.sharedResources().newTable(1, "plain")
      columns = [omero.grid.LongColumn("n", "", []), omero.grid.DoubleColumn("d", "", [])]
      table.initialize(columns)
      columns[0].values = list(range(200000))
      columns[1].values = [i / 7 for i in range(200000)]
      table.addData(columns)
      result = table.getOriginalFile().id.val
      table.close()
    `),
  );
  expect((await findOriginalFile(connection, { fileId })).sha1).toBeUndefined();
  const routes: string[] = [];
  const onRoute = (route: string, why: string) => routes.push(`${route}: ${why}`);
  const batches: ColumnBatch[] = [];
  for await (const batch of readBatches({ connection, fileId, onRoute })) batches.push(batch);
  expect(routes).toEqual(["file: it is cheaper"]);
  const numbers = Array.from({ length: 200_000 }, (_, row) => row);
  expect(joinCells(batches).cells).toEqual([numbers.map(BigInt), numbers.map((row) => row / 7)]);
});

it("are PyTables tables whose booleans are booleans", async () => {
  const fileId = await upload(batchOf(FIELDS, cells));
  const found = await python.run<{ kinds: Record<string, string>; true: number[] }>(
    `
    with tables.open_file(path) as file:
        table = file.root.OME.Measurements
        result = {"kinds": {name: str(table.coldtypes[name]) for name in ("a|b", "count", "mean area")},
                  "true": list(table.get_where_list("flag", {"flag": table.colinstances["a|b"]}))[:5]}
    `,
    { path: join(server.directory, String(fileId)) },
  );
  const trues = cells[3]!.flatMap((cell, row) => (cell === true ? [row] : [])).slice(0, 5);
  expect(found).toEqual({ kinds: { "a|b": "bool", count: "int64", "mean area": "float64" }, true: trues });
});
