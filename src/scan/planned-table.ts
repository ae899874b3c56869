/** Whether a table is still the one that was planned. */
import { createHash } from "node:crypto";
import type { ColumnField } from "../columns/batch.js";
import { TableError } from "../errors.js";
import type { RemoteTable } from "../gateway/tables/table.js";
import type { TableOrigin } from "../gateway/tables/table-origin.js";
import type { PlannedTable } from "./scan-job.js";

export async function plannedTable(
  table: RemoteTable,
  origin: TableOrigin,
  signal: AbortSignal | undefined,
): Promise<PlannedTable> {
  return described(await origin.name(signal), table.rowCount, table.fields, origin.stamp);
}

/** @throws TableError `TABLE_CHANGED` */
export async function checkPlanned(
  planned: PlannedTable,
  table: RemoteTable,
  origin: TableOrigin,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await plannedTable(table, origin, signal);
  const names = ["name", "rowCount", "columns", "stamp"] as const;
  const other = names.find((name) => found[name] !== planned[name]);
  if (other !== undefined) throw changed(origin.fileId, DIFFERENCES[other]);
}

/** The same for the table as it is now. @throws TableError `TABLE_CHANGED` */
export async function checkStillPlanned(
  planned: PlannedTable,
  origin: TableOrigin,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stamp = await origin.stampNow(signal);
  if (hashOf(stamp) !== planned.stamp) throw changed(origin.fileId, "it was changed while it was read");
}

const DIFFERENCES = {
  name: "this is another server",
  rowCount: "it has another number of rows",
  columns: "it has other columns",
  stamp: "it was changed since",
} as const;

function described(
  name: string,
  rowCount: number,
  fields: readonly ColumnField[],
  stamp: string | undefined,
): PlannedTable {
  const columns = fields.map((field) => [field.name, field.type, field.size]);
  return { name: name.trim(), rowCount, columns: hashOf(JSON.stringify(columns))!, stamp: hashOf(stamp) };
}

function hashOf(text: string | undefined): string | null {
  return text === undefined ? null : createHash("sha256").update(text).digest("hex");
}

function changed(fileId: number, why: string): TableError {
  const message = `Table ${fileId} is not the one that was planned: ${why}. Plan the scan again`;
  return new TableError("TABLE_CHANGED", message, { fileId });
}
