/** A fetched table file without a checksum, compared with what the table service shows. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { messageRows } from "../../columns/chunk-size.js";
import { differingColumn } from "../../columns/differing-column.js";
import type { ReadableTable } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { TableError } from "../../errors.js";
import { findOriginalFile } from "../../gateway/files/original-file.js";
import type { RemoteTable } from "../../gateway/tables/table.js";

/**
 * Rows compared. Where one row in 30 has changed, 14 of 1,000 samples miss it; where one in 100 has, 28 of 100 do.
 */
export const SAMPLE_ROWS = 128;

/** What the service shows of a table: size, columns and number of rows, and every column of a sample of rows. */
interface ShownTable {
  readonly size: number | undefined;
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly sampled: Float64Array;
  readonly sample: ColumnBatch;
}

/** Asks the service for what a file just fetched is to be compared with: rows the first, the last and random ones between. */
export async function askService(
  connection: OmeroConnection,
  service: RemoteTable,
  signal: AbortSignal | undefined,
): Promise<ShownTable> {
  const sampled = sampleRows(service.rowCount, Math.min(SAMPLE_ROWS, messageRows(service.fields)));
  const [{ size }, { fields, rowCount }, sample] = await Promise.all([
    findOriginalFile(connection, { fileId: service.file.id }, { signal }),
    service.readHeaders({ signal }),
    service.slice(everyColumn(service), sampled, { signal }),
  ]);
  return { size, fields, rowCount, sampled, sample };
}

/**
 * Compares a file just fetched with what the service shows since, which may have been written to meanwhile.
 * @param fetched what has been found to have the columns and the number of rows that the service showed before
 * @throws TableError `TABLE_CHANGED` where anything differs.
 */
export async function compareWithService(
  { file: { id, size } }: RemoteTable,
  shown: ShownTable,
  fetched: ReadableTable,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (shown.size !== size) throw changed(id, `its size was ${size} and is ${shown.size}`);
  const { fields, rowCount } = fetched;
  if (shown.rowCount !== rowCount) throw changed(id, `it had ${rowCount} rows and has ${shown.rowCount}`);
  if (!haveSameColumns(shown.fields, fields)) throw changed(id, "its columns have changed");
  const stored = await fetched.slice(everyColumn(fetched), shown.sampled, { signal });
  const column = differingColumn(shown.sample, stored);
  if (column !== undefined) throw changed(id, `column "${column}" is not what the table service shows`);
}

function everyColumn({ fields }: { readonly fields: readonly ColumnField[] }): number[] {
  return fields.map((_, index) => index);
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

function changed(fileId: number, why: string): TableError {
  return new TableError("TABLE_CHANGED", `file ${fileId} cannot be read as a file: ${why}; it may be being written`, {
    fileId,
  });
}
