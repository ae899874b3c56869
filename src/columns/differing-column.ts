import type { ColumnBatch, ColumnData } from "./batch.js";
import { joinColumns, sliceColumn } from "./kinds/kinds.js";

/** Name of the first column in which two batches of equal fields differ, bit by bit. */
export function differingColumn(one: ColumnBatch, other: ColumnBatch): string | undefined {
  const index = one.columns.findIndex((column, at) => !haveEqualRows(column, other.columns[at]!, one.rowCount));
  return index < 0 ? undefined : one.fields[index]!.name;
}

function haveEqualRows(one: ColumnData, other: ColumnData, rows: number): boolean {
  // Most differ in their first row.
  const first = Math.min(rows, 1);
  return areEqual(sliceColumn(one, 0, first), sliceColumn(other, 0, first)) && areEqual(one, other);
}

function areEqual(one: ColumnData, other: ColumnData): boolean {
  const [some, others] = [partsOf(one), partsOf(other)];
  return some.length === others.length && some.every((bytes, index) => areEqualBytes(bytes, others[index]!));
}

/** What a column consists of, without what lies around it. Joined with itself it begins and ends with its values. */
function partsOf(column: ColumnData): Uint8Array[] {
  const parts: unknown[] = Object.values(joinColumns([column, column]));
  const views = parts.filter((part) => ArrayBuffer.isView(part));
  return views.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
}

function areEqualBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
