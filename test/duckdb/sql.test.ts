import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { type FetchedTable, sql } from "../../src/duckdb/index.js";
import { nameTables } from "../../src/duckdb/named-tables.js";
import type { OmeroServer } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";

const ROWS = 500;
let server: OmeroServer;
let connection: OmeroConnection;
let instance: DuckDBInstance;
let db: DuckDBConnection;
let folder: string;
let table: number;
let fetched: FetchedTable[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sql-"));
  server = await startLabServer({});
  connection = await connectPlain(server);
  const rows = <T>(make: (row: number) => T) => Array.from({ length: ROWS }, (_, row) => make(row));
  const columns = {
    object: rows((row) => 2n ** 53n + BigInt(row)),
    "mean area": rows((row) => (row % 50 === 0 ? Number.NaN : row / 2)),
    label: rows((row) => ["it's", "größe", ""][row % 3]!),
    ok: rows((row) => row % 2 === 0),
    big: rows((row) => "x".repeat(200) + row),
  };
  table = (await uploadTable(columns, "cells", { connection, parentId: 1 })).fileId;
  instance = await DuckDBInstance.create(":memory:");
  db = await instance.connect();
});
afterAll(async () => {
  db?.closeSync();
  instance?.closeSync();
  await connection?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(statement: string): Promise<unknown[][]> {
  fetched = [];
  const reader = await sql(db, statement.replaceAll("$t", `omero_table(${table})`), {
    connection,
    onFetch: (one) => fetched.push(one),
  });
  return reader.getRowsJson();
}

it("fetches the columns and rows that are looked at, and no others", async () => {
  expect(await ask(`select ok, count(*)::int from $t where "mean area" < 10 group by ok order by ok`)).toEqual([
    [false, 10],
    [true, 9],
  ]);
  expect(fetched).toEqual([
    { table: { fileId: BigInt(table) }, columns: ["mean area", "ok"], query: "(`mean area` < 10)", rowCount: 19 },
  ]);
  expect(await ask("select max(object) from $t where label = 'it''s'")).toEqual([[String(2n ** 53n + 498n)]]);
  expect(fetched).toMatchObject([{ columns: ["object", "label"], rowCount: 167 }]);
  expect(await ask("select count(*)::int from $t")).toEqual([[ROWS]]);
  expect(fetched).toMatchObject([{ columns: [], rowCount: ROWS }]);
  expect(await ask("select object from $t where object >= 9007199254741489")).toHaveLength(3);
  expect(fetched).toMatchObject([{ columns: ["object"], rowCount: 3 }]);
});

it.each([
  ["label in ('größe', '')", 333],
  ["label <> ''", 334],
  ["object between 9007199254740993 and 9007199254740995", 3],
  ["object in (9007199254740992, 9007199254740999, 1)", 2],
  [`"mean area" between 1 and 3`, 5],
  // DuckDB counts the 10 that are NaN as greater than 248.
  [`"mean area" < 2 or "mean area" > 248`, 6 + 10],
  ["ok", 250],
  ["not ok", 250],
  ["ok and label = ''", 83],
  ["object + 1 = 9007199254740993", 1],
  // OMERO does not compare texts by their order.
  ["label like 'gr%'", ROWS],
])("fetches for %s %d rows, and gives those that DuckDB finds in all rows", async (where, rowCount) => {
  const all = await ask(`select object from (select * from $t limit 10000) where ${where}`);
  expect(fetched).toMatchObject([{ rowCount: ROWS }]);
  expect(await ask(`select object from $t where ${where}`)).toEqual(all);
  expect(fetched).toMatchObject([{ rowCount }]);
});

it("answers as DuckDB does where OMERO would not: NaN is greater than all numbers", async () => {
  expect(await ask(`select count(*)::int from $t where "mean area" > 200`)).toEqual([[99 + 8 + 1]]);
  expect(await ask(`select count(*)::int from $t where "mean area" <> 1`)).toEqual([[ROWS - 1]]);
  expect(await ask(`select count(*)::int from $t where "mean area" between 10 and 20 or ok`)).toEqual([[260]]);
});

it("joins tables with themselves, with files and with tables of DuckDB", async () => {
  writeFileSync(join(folder, "labels.csv"), "label,colour\ngröße,red\nit's,blue\n");
  const csv = `omero_table('${join(folder, "labels.csv")}')`;
  const joined = await ask(
    `select colour, count(*)::int from $t t join ${csv} l using (label) where t.ok group by 1 order by 1`,
  );
  expect(joined).toEqual([
    ["blue", 84],
    ["red", 83],
  ]);
  expect(fetched.map(({ columns }) => columns)).toEqual([
    ["label", "ok"],
    ["label", "colour"],
  ]);
  expect(await ask("select count(*)::int from $t a join $t b using (object) where a.ok and b.label = ''")).toEqual([
    [83],
  ]);
  await db.run("create or replace table wanted as select 9007199254740992::bigint as object");
  expect(await ask("select t.label from $t t semi join wanted using (object)")).toEqual([["it's"]]);
  await ask("create or replace table kept as select object, label from $t where ok");
  expect((await db.runAndReadAll("select count(*)::int from kept")).getRowsJson()).toEqual([[ROWS / 2]]);
});

it("leaves nothing in the connection, and settings as they were, after failures too", async () => {
  const before = await db.runAndReadAll("select current_setting('disabled_optimizers')");
  await expect(ask("select nonesuch from $t")).rejects.toThrow("nonesuch");
  await expect(ask("select 1 from omero_table(999999)")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(ask("select 1; select count(*) from $t")).rejects.toThrow("one statement");
  await expect(ask("select * from omero_table(x)")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect((await db.runAndReadAll("select current_setting('disabled_optimizers')")).getRows()).toEqual(before.getRows());
  const left = await db.runAndReadAll(
    "select table_name from information_schema.tables where table_name like 'omero%'",
  );
  expect(left.getRows()).toEqual([]);
});

it("finds tables in a statement, not in its texts and remarks", () => {
  const statement = `select 'omero_table(1)', "omero_table(2)" /* omero_table(3) */ from omero_table(4), OMERO_TABLE( 'Annotation:5' ), omero_table(4) -- omero_table(6)`;
  const { statement: named, tables } = nameTables(statement, (number) => `t${number}`);
  expect(named).toBe(
    `select 'omero_table(1)', "omero_table(2)" /* omero_table(3) */ from t0, t1, t0 -- omero_table(6)`,
  );
  expect(tables).toEqual([{ fileId: 4n }, { annotationId: 5n }]);
});
