/** Whether a table is still the one that was planned. */
import { createHash } from "node:crypto";
import type { ColumnField } from "../columns/batch.js";
import type { ReadableTable } from "../columns/table.js";
import { TableError } from "../errors.js";
import type { PlannedTable } from "./scan-job.js";

/** Where a table is, and by what it is known again. */
export interface ScanOrigin {
  /** Names it in errors. */
  readonly label: string;
  /** What changes with the table, as it was when it was opened; undefined where there is nothing of that kind. */
  readonly stamp: string | undefined;
  /** The same as it is now. */
  stampNow(signal?: AbortSignal): Promise<string | undefined>;
  /** Names it among all there are. */
  name(signal?: AbortSignal): Promise<string>;
}

type DescribedTable = Pick<ReadableTable, "rowCount" | "fields">;

export async function plannedTable(
  table: DescribedTable,
  origin: ScanOrigin,
  signal: AbortSignal | undefined,
): Promise<PlannedTable> {
  return described(await origin.name(signal), table.rowCount, table.fields, origin.stamp);
}

/** @throws TableError `TABLE_CHANGED` */
export async function checkPlanned(
  planned: PlannedTable,
  table: DescribedTable,
  origin: ScanOrigin,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await plannedTable(table, origin, signal);
  const names = ["name", "rowCount", "columns", "stamp"] as const;
  const other = names.find((name) => found[name] !== planned[name]);
  if (other !== undefined) throw changed(origin, DIFFERENCES[other]);
}

/** The same for the table as it is now. @throws TableError `TABLE_CHANGED` */
export async function checkStillPlanned(
  planned: PlannedTable,
  origin: ScanOrigin,
  signal: AbortSignal | undefined,
): Promise<void> {
  const stamp = await origin.stampNow(signal);
  if (hashOf(stamp) !== planned.stamp) throw changed(origin, "it was changed while it was read");
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

function changed({ label, fileId }: ScanOrigin & { readonly fileId?: number }, why: string): TableError {
  const message = `${label} is not the one that was planned: ${why}. Plan the scan again`;
  return new TableError("TABLE_CHANGED", message, fileId === undefined ? {} : { fileId });
}
