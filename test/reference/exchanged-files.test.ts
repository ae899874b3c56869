/** Files of every format read cell by cell by polars, DuckDB, pyarrow, pandas, PyTables and TileDB-Py, and theirs read here. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { type ColumnField, field } from "../../src/columns/batch.js";
import { writeHdf5Table } from "../../src/formats/hdf5/index.js";
import { openFileTable } from "../../src/formats/open-table.js";
import { downloadTable } from "../../src/read/index.js";
import { batchOf, type Cell, cellsOf } from "../support/cells.js";
import { ROOT } from "./installed-project.js";
import { runPython } from "./reference-server.js";

const SCRIPT = fileURLToPath(new URL("exchanged_files.py", import.meta.url));
const PYTHON = join(process.env.OMERO2FRAME_REFERENCE ?? join(ROOT, ".reference"), "files", "bin", "python");
const TYPED = ["parquet", "arrow", "arrows", "h5", "tiledb"];
/** Where what is no finite number is no cell, or an empty text is none. */
const UNTYPED = ["csv", "csv.gz", "tsv", "ndjson", "json"];

type Columns = Readonly<Record<string, readonly (string | boolean | null)[]>>;
const SPARK_PYTHON = join(process.env.OMERO2FRAME_REFERENCE ?? join(ROOT, ".reference"), "scale", "bin", "python");
const SPARK_SCRIPT = fileURLToPath(new URL("exchanged_spark.py", import.meta.url));
/** Spark starts a virtual machine. */
const SPARK_TIME = 300_000;
const ask = async (what: "read" | "write", folder: string) =>
  JSON.parse(await runPython(SCRIPT, [what, folder], "", PYTHON));

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "exchanged-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A cell as the script tells it. */
function told(cell: Cell): string | boolean {
  if (typeof cell === "boolean" || typeof cell === "string") return cell;
  if (typeof cell !== "number") return String(cell);
  if (Number.isNaN(cell)) return "nan";
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(cell);
  return bytes.toString("hex");
}

const toldColumns = (fields: readonly ColumnField[], cells: readonly (readonly Cell[])[]): Columns =>
  Object.fromEntries(fields.map(({ name }, index) => [name, cells[index]!.map(told)]));

/** Writes the rows in each format, and gives what the programs read. */
async function readByAll(
  fields: readonly ColumnField[],
  cells: readonly (readonly Cell[])[],
  formats: readonly string[],
): Promise<Record<string, Columns>> {
  const folder = temporaryFolder();
  const path = join(folder, "t.h5");
  await writeHdf5Table(path, fields, [batchOf(fields, cells)], { metadata: new Map() });
  const files = join(folder, "files");
  mkdirSync(files);
  for (const format of formats) await downloadTable({ path, targetPath: join(files, `t.${format}`) });
  return ask("read", files);
}

const FIELDS = [field("int", "Long"), field("double", "Double"), field("text", "String", 40), field("flag", "Bool")];
const ROWS = 500;
const rows = <T>(first: readonly T[], make: (row: number) => T) =>
  Array.from({ length: ROWS }, (_, row) => first[row] ?? make(row));
const INTS = rows([-(2n ** 63n), 2n ** 63n - 1n, 0n, 2n ** 53n + 1n], BigInt);
const TEXTS = rows(["", "größe", "日本 😀", '"quoted", with\ttab'], (row) => `class ${row % 3}`);
const FLAGS = rows<boolean>([], (row) => row % 3 === 0);

it("keeps every cell in formats that have types: extremes, NaN, -0, empty and foreign text, dictionaries", async () => {
  const doubles = rows([Number.NaN, -0, Number.POSITIVE_INFINITY, 5e-324, -1.7976931348623157e308], (row) => row / 3);
  const cells = [INTS, doubles, TEXTS, FLAGS];
  const found = await readByAll(FIELDS, cells, TYPED);
  expect(Object.keys(found)).toHaveLength(11);
  const expected = toldColumns(FIELDS, cells);
  for (const [name, columns] of Object.entries(found)) expect(columns, name).toEqual(expected);
});

it("keeps every cell in formats of text, finite numbers", async () => {
  // pandas takes integers of 64 bits in JSON for doubles where one is -2^63.
  const ints = INTS.map((int) => (int === -(2n ** 63n) ? -(2n ** 62n) : int));
  const doubles = rows([-0.5, 2.2250738585072014e-308, 1.5e300], (row) => (row + 0.5) / 3);
  const cells = [ints, doubles, TEXTS, FLAGS];
  const found = await readByAll(FIELDS, cells, UNTYPED);
  expect(Object.keys(found)).toHaveLength(8);
  const expected = toldColumns(FIELDS, cells);
  for (const [name, columns] of Object.entries(found)) expect(columns, name).toEqual(expected);
});

it.each([0, 1])("keeps the columns of a table of %d rows", async (count) => {
  const cells = [[7n], [0.1], ["ä"], [true]].map((column) => column.slice(0, count));
  const found = await readByAll(FIELDS, cells, ["parquet", "arrow", "arrows", "h5"]);
  const expected = toldColumns(FIELDS, cells);
  for (const [name, columns] of Object.entries(found)) expect(columns, name).toEqual(expected);
});

it("keeps 2,000 columns", async () => {
  const fields = Array.from({ length: 2000 }, (_, at) => field(`a b ü ${at}`, at % 2 === 0 ? "Long" : "Double"));
  const cells = fields.map((_, at) => (at % 2 === 0 ? [BigInt(at), -1n] : [at / 3, Number.NaN]));
  const found = await readByAll(fields, cells, ["parquet", "arrow", "arrows"]);
  const expected = toldColumns(fields, cells);
  for (const [name, columns] of Object.entries(found)) expect(columns, name).toEqual(expected);
});

it(
  "is one data set in a folder of files, by rows and by a column's values",
  async () => {
    const folder = temporaryFolder();
    const path = join(folder, "t.h5");
    const fields = [field("int", "Long"), field("text", "String", 20)];
    const cells = [INTS.toSorted((a, b) => (a < b ? -1 : 1)), TEXTS.map((text) => text || "none")];
    await writeHdf5Table(path, fields, [batchOf(fields, cells)], { metadata: new Map() });
    const files = join(folder, "files");
    mkdirSync(files);
    await downloadTable({ path, targetPath: join(files, "by-rows"), partitionRows: 120 });
    await downloadTable({ path, targetPath: join(files, "by-text"), partitionBy: "text" });
    const found = (await ask("read", files)) as Record<string, Columns>;
    expect(Object.keys(found)).toHaveLength(8);
    const expected = toldColumns(fields, cells);
    for (const [name, columns] of Object.entries(found)) expect(columns, name).toEqual(expected);
    const bySpark = JSON.parse(await runPython(SPARK_SCRIPT, [files], "", SPARK_PYTHON));
    expect(bySpark).toEqual({ "by-rows": expected, "by-text": expected });
  },
  SPARK_TIME,
);

it("reads what polars, DuckDB, pyarrow and pandas write, whatever it is encoded and compressed by", async () => {
  const folder = temporaryFolder();
  const { double, ...expected } = (await ask("write", folder)) as Columns;
  const files = readdirSync(folder);
  expect(files).toHaveLength(28);
  // What is missing is NaN in a column of doubles.
  const doubles = double!.map((one) => one ?? "nan");
  for (const name of files) {
    const table = await openFileTable(join(folder, name), {});
    const { fields } = table;
    const cells = cellsOf(await table.read([...fields.keys()], 0, table.rowCount));
    await table.close();
    const isJson = name.endsWith("json");
    const { double: found, ...others } = toldColumns(fields, cells) as Record<string, (string | boolean)[]>;
    expect(others, name).toEqual(expected);
    // JSON has no word for what is infinite.
    expect(found!.slice(isJson ? 1 : 0), name).toEqual(doubles.slice(isJson ? 1 : 0));
  }
});
