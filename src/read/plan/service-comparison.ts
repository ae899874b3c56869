/** A fetched table file without a checksum, compared with what the table service shows. */
import { isDeepStrictEqual } from "node:util";
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { messageRows } from "../../columns/chunk-size.js";
import { joinColumns } from "../../columns/kinds/kinds.js";
import type { ReadableTable } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { TableError } from "../../errors.js";
import { findOriginalFile } from "../../gateway/files/original-file.js";
import type { RemoteTable } from "../../gateway/tables/table.js";

/**
 * Rows compared. Where one row in 30 has changed, 14 of 1,000 samples miss it; where one in 100 has, 28 of 100 do.
 */
export const SAMPLE_ROWS = 128;

/**
 * Compares a file just fetched with the service, which may have been written to meanwhile: size, columns and number of rows
 * as they are now, and every column of a sample of rows, the first, the last and random ones between.
 * @param fetched what has been found to have the columns and the number of rows that the service showed before
 * @throws TableError `TABLE_CHANGED` where anything differs.
 */
export async function compareWithService(
  connection: OmeroConnection,
  service: RemoteTable,
  fetched: ReadableTable,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { id, size } = service.file;
  const { fields, rowCount } = fetched;
  const columns = fields.map((_, index) => index);
  const rows = sampleRows(rowCount, Math.min(SAMPLE_ROWS, messageRows(fields)));
  const [noted, now, shown, stored] = await Promise.all([
    findOriginalFile(connection, { fileId: id }, { signal }),
    service.readHeaders({ signal }),
    service.slice(columns, rows, { signal }),
    fetched.slice(columns, rows, { signal }),
  ]);
  if (noted.size !== size) throw changed(id, `its size was ${size} and is ${noted.size}`);
  if (now.rowCount !== rowCount) throw changed(id, `it had ${rowCount} rows and has ${now.rowCount}`);
  if (!haveSameColumns(now.fields, fields)) throw changed(id, "its columns have changed");
  const column = differingColumn(shown, stored);
  if (column !== undefined) throw changed(id, `column "${column}" is not what the table service shows`);
}

/** Whether columns have equal names, types and widths of text. */
export function haveSameColumns(some: readonly ColumnField[], others: readonly ColumnField[]): boolean {
  return some.length === others.length && some.every((field, index) => isSame(field, others[index]!));
}

function isSame(a: ColumnField, b: ColumnField): boolean {
  return a.name === b.name && a.type === b.type && (a.type !== "String" || a.size === b.size);
}

/** At most `most` rows, ascending, each once: the first, the last and random ones. */
export function sampleRows(rowCount: number, most: number, random: () => number = Math.random): Float64Array {
  if (rowCount <= most) return Float64Array.from({ length: rowCount }, (_, row) => row);
  const rows = new Set([0, rowCount - 1]);
  while (rows.size < most) rows.add(Math.floor(random() * rowCount));
  return Float64Array.from(rows).sort();
}

/** Name of the first column in which two batches of equal fields differ. NaN equals NaN. */
function differingColumn(one: ColumnBatch, other: ColumnBatch): string | undefined {
  const index = one.columns.findIndex((column, at) => {
    // Joined with itself a column has nothing around its values, wherever it was cut from.
    const [first, second] = [column, other.columns[at]!].map((part) => joinColumns([part, part]));
    return !isDeepStrictEqual(first, second);
  });
  return index < 0 ? undefined : one.fields[index]!.name;
}

function changed(fileId: bigint, why: string): TableError {
  return new TableError("TABLE_CHANGED", `file ${fileId} cannot be read as a file: ${why}; it may be being written`, {
    fileId,
  });
}
