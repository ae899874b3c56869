/** SQL over tables of OMERO, by DuckDB. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBResultReader } from "@duckdb/node-api";
import type { ColumnField } from "../columns/batch.js";
import type { OnProgress } from "../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, useConnection } from "../connect/connection-option.js";
import { DataError } from "../errors.js";
import { clearUp, ifPossible } from "../flow/failures.js";
import { checkOptions } from "../flow/options.js";
import { allOf } from "../query/index.js";
import { downloadTable, openTableSource, type TableSource } from "../read/index.js";
import { type NamedTable, nameTables } from "./named-tables.js";
import { type PlanNode, type ScanNeeds, scanNeeds } from "./scan-needs.js";

/** Where the tables are: an open `connection`, or the options of `connectToOmero`. */
export interface SqlOptions extends ConnectionOption {
  /** Told of rows fetched, table by table. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what is fetched of each table. */
  readonly onFetch?: ((fetched: FetchedTable) => void) | undefined;
}

/** What was fetched of a table for a statement. */
export interface FetchedTable {
  /** As the statement names it. */
  readonly table: NamedTable;
  /** Columns that DuckDB looks at. */
  readonly columns: readonly string[];
  /** Condition that the rows meet; undefined where all were fetched. */
  readonly query: string | undefined;
  /** Rows that were fetched. */
  readonly rowCount: number;
}

/** A table of a statement. */
interface Table {
  readonly named: NamedTable;
  readonly name: string;
  readonly source: TableSource;
}

/** What keeps DuckDB from taking an empty table for the answer, and from reading columns later than it says. */
const PLANNING = "statistics_propagation,empty_result_pullup,late_materialization";

/**
 * Runs a statement of SQL in which `omero_table(402)` stands for the table of that file, `omero_table('Annotation:142')` for that of an
 * annotation, and `omero_table('cells.parquet')` for a file of this machine. DuckDB's own plan says which columns it looks at and, for simple
 * comparisons, which rows; only these are fetched, into temporary files, in bounded memory. Other tables of the connection can be joined.
 *
 * @throws what `readBatches` throws; DataError `UNSUPPORTED_TYPE` for more than one statement; DuckDB's own errors
 *
 * @example
 * ```ts
 * const db = await (await DuckDBInstance.create()).connect();
 * const reader = await sql(db, "select label, avg(area) from omero_table(402) where area > 20 group by label", { connection });
 * console.log(reader.getRowObjects());
 * ```
 */
export async function sql(
  connection: DuckDBConnection,
  statement: string,
  options: SqlOptions = {},
): Promise<DuckDBResultReader> {
  checkOptions(options, { ...CONNECTION_OPTIONS, onProgress: true, onFetch: true }, "sql");
  const unique = randomUUID().replaceAll("-", "");
  const named = nameTables(statement, (number) => `omero_${unique}_${number}`);
  if (named.tables.length === 0) return connection.runAndReadAll(statement);
  const folder = await mkdtemp(join(tmpdir(), "omero2frame-sql-"));
  const isOnServer = named.tables.some((table) => !("path" in table));
  const used = isOnServer ? await useConnection(options) : undefined;
  const tables: Table[] = [];
  try {
    for (const [number, table] of named.tables.entries()) {
      const where = "path" in table ? table : { ...table, connection: used!.connection };
      const source = await openTableSource({ ...where, signal: options.signal });
      tables.push({ named: table, name: `omero_${unique}_${number}`, source });
    }
    const plan = await planOf(connection, named.statement, tables, folder);
    for (const table of tables) await fetchTable(connection, table, plan, folder, options);
    return await connection.runAndReadAll(named.statement);
  } finally {
    for (const { name } of tables) await ifPossible(connection.run(`drop view if exists ${name}`));
    for (const { source } of tables) await source.close();
    await clearUp(
      () => used?.release(),
      () => rm(folder, { recursive: true, force: true }),
    );
  }
}

/** DuckDB's plan for the statement, over empty tables of the same columns; none where it does not explain the statement. */
async function planOf(
  connection: DuckDBConnection,
  statement: string,
  tables: readonly Table[],
  folder: string,
): Promise<readonly PlanNode[]> {
  if ((await connection.extractStatements(statement)).count > 1) {
    throw new DataError("UNSUPPORTED_TYPE", "Give one statement with omero_table at a time");
  }
  const before = (await connection.runAndReadAll("select current_setting('disabled_optimizers')")).getRows()[0]![0];
  for (const { name, source } of tables) {
    const empty = join(folder, `${name}-empty.parquet`);
    await downloadTable({ table: source.table, rows: [], targetPath: empty });
    await connection.run(`create temp table ${name} as from read_parquet('${quoted(empty)}') limit 0`);
  }
  try {
    await connection.run(`set disabled_optimizers = '${PLANNING}'`);
    const explained = await connection.runAndReadAll(`explain (format json) ${statement}`);
    return JSON.parse(String(explained.getRows()[0]?.[1] ?? "[]")) as PlanNode[];
  } finally {
    await connection.run(`set disabled_optimizers = '${quoted(String(before))}'`);
    for (const { name } of tables) await connection.run(`drop table if exists ${name}`);
  }
}

async function fetchTable(
  connection: DuckDBConnection,
  { named, name, source }: Table,
  plan: readonly PlanNode[],
  folder: string,
  { signal, onProgress, onFetch }: SqlOptions,
): Promise<void> {
  const { table } = source;
  const needs: ScanNeeds | undefined = scanNeeds(plan, name, table.fields);
  const columns = needs?.columns ?? table.fields.map((field) => field.name);
  const columnNames = columns.length > 0 ? columns : [smallestOf(table.fields).name];
  const query = needs && needs.conditions.length > 0 ? allOf(...needs.conditions) : undefined;
  const targetPath = join(folder, `${name}.parquet`);
  const rowCount = await downloadTable({ table, columnNames, query, targetPath, signal, onProgress });
  onFetch?.({ table: named, columns, query: query?.query, rowCount });
  await connection.run(
    `create temp view ${name} as ${await viewOf(targetPath, folder, name, table.fields, columnNames)}`,
  );
}

/** All columns are there for DuckDB to name; those that it does not look at hold nothing. */
async function viewOf(
  path: string,
  folder: string,
  name: string,
  fields: readonly ColumnField[],
  fetched: readonly string[],
) {
  const empty = join(folder, `${name}-empty.parquet`);
  const columns = fields.map((field) => {
    const column = `"${field.name.replaceAll('"', '""')}"`;
    return fetched.includes(field.name) ? `f.${column}` : `e.${column}`;
  });
  return `select ${columns.join(", ")} from read_parquet('${quoted(path)}') f left join read_parquet('${quoted(empty)}') e on false`;
}

function smallestOf(fields: readonly ColumnField[]): ColumnField {
  return (
    fields.find(({ type }) => type === "Bool") ??
    fields.find(({ type }) => type !== "String" && type !== "Mask") ??
    fields[0]!
  );
}

function quoted(text: string): string {
  return text.replaceAll("'", "''");
}
