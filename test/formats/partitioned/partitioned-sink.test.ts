import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { downloadTable } from "../../../src/read/index.js";

const ROWS = 1000;
let folder: string;
let source: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parts-"));
  source = at("cells.csv");
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${row},${row / 4},${["a/b", "größe 1", "", "x=y%"][row % 4]},${row % 2 === 0}`,
  );
  writeFileSync(source, `object,area,label,ok\n${lines.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesIn = (path: string) =>
  readdirSync(path, { recursive: true })
    .map(String)
    .filter((name) => name.includes(".") || name === "_SUCCESS")
    .sort();

async function ask(statement: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const db = await instance.connect();
  const rows = (await db.runAndReadAll(statement)).getRowsJson();
  db.closeSync();
  instance.closeSync();
  return rows;
}

it("writes files of so many rows, which DuckDB reads as one data set", async () => {
  const targetPath = at("by-rows");
  expect(await downloadTable({ path: source, targetPath, partitionRows: 300 })).toBe(ROWS);
  expect(filesIn(targetPath)).toEqual([
    "_SUCCESS",
    "part-00000.parquet",
    "part-00001.parquet",
    "part-00002.parquet",
    "part-00003.parquet",
  ]);
  const rows = await ask(
    `select count(*)::int, sum(object)::int, count(distinct filename)::int from read_parquet('${targetPath}/*.parquet', filename = true)`,
  );
  expect(rows).toEqual([[ROWS, (ROWS * (ROWS - 1)) / 2, 4]]);
  expect(readdirSync(folder).filter((name) => name.includes(".part"))).toEqual([]);
});

it("writes a folder for each value of a column, named as Hive does", async () => {
  const targetPath = at("by-label");
  await downloadTable({ path: source, targetPath, partitionBy: "label" });
  expect(readdirSync(targetPath).sort()).toEqual([
    "_SUCCESS",
    "label=__HIVE_DEFAULT_PARTITION__",
    "label=a%2Fb",
    "label=größe%201",
    "label=x%3Dy%25",
  ]);
  const rows = await ask(
    `select label, count(*)::int, min(object)::int from read_parquet('${targetPath}/*/*.parquet', hive_partitioning = true) group by label order by 3`,
  );
  expect(rows).toEqual([
    ["a/b", 250, 0],
    ["größe 1", 250, 1],
    [null, 250, 2],
    ["x=y%", 250, 3],
  ]);
});

it("writes other formats, one file where there are no rows, and only what is selected", async () => {
  await downloadTable({
    path: source,
    targetPath: at("csv"),
    partitionRows: 500,
    format: "csv",
    columnNames: ["area"],
    query: "object < 20",
  });
  expect(filesIn(at("csv"))).toEqual(["_SUCCESS", "part-00000.csv"]);
  await downloadTable({ path: source, targetPath: at("none"), partitionRows: 5, query: "object < 0" });
  expect(filesIn(at("none"))).toEqual(["_SUCCESS", "part-00000.parquet"]);
});

it("replaces a data set and nothing else, and leaves nothing half-made", async () => {
  const targetPath = at("again");
  await downloadTable({ path: source, targetPath, partitionRows: 300 });
  await expect(downloadTable({ path: source, targetPath, partitionRows: 300 })).rejects.toMatchObject({
    code: "FILE_EXISTS",
  });
  await downloadTable({ path: source, targetPath, partitionRows: 600, overwrite: true });
  expect(filesIn(targetPath)).toHaveLength(3);
  await expect(
    downloadTable({ path: source, targetPath: folder, partitionRows: 300, overwrite: true }),
  ).rejects.toThrow("is no partitioned data set");
  const aborted = new AbortController();
  const failing = downloadTable({
    path: source,
    targetPath: at("gone"),
    partitionRows: 10,
    signal: aborted.signal,
    onProgress: () => aborted.abort(),
  });
  await expect(failing).rejects.toMatchObject({ code: "ABORTED" });
  expect(readdirSync(folder).filter((name) => name.includes("gone"))).toEqual([]);
});

it.each<[string, object, string]>([
  ["both ways at once", { partitionRows: 1, partitionBy: "label" }, "give one of them"],
  ["no rows", { partitionRows: 0 }, "from 1"],
  ["a column that is not there", { partitionBy: "well" }, 'no column "well"'],
  ["a format without files", { partitionRows: 5, format: "tiledb" }, 'no format "tiledb"'],
])("refuses %s", async (_, options, why) => {
  await expect(downloadTable({ path: source, targetPath: at("bad"), ...options })).rejects.toThrow(why);
  expect(readdirSync(folder)).not.toContain("bad");
});
