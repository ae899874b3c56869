/** Columns as JavaScript values, for the few that must be looked at one by one. */
import type { ArrayColumn, BoolColumn, StringColumn } from "./batch.js";

type ListedColumn = StringColumn | BoolColumn | ArrayColumn;

const VALUES: {
  readonly [Kind in ListedColumn["kind"]]: (column: Extract<ListedColumn, { kind: Kind }>) => unknown[];
} = {
  bool: ({ values }) => Array.from(values, (value) => value !== 0),
  string({ offsets, bytes }) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const rows = offsets.length - 1;
    return Array.from({ length: rows }, (_, row) => buffer.toString("utf8", offsets[row], offsets[row + 1]));
  },
  array: ({ size, values }) =>
    Array.from({ length: values.length / size }, (_, row) => values.subarray(row * size, (row + 1) * size)),
};

/** Texts, booleans, or a typed array for each list. */
export function columnValues(column: ListedColumn): unknown[] {
  return (VALUES[column.kind] as (column: ListedColumn) => unknown[])(column);
}
