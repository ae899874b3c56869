/** Columns as JavaScript values, for the few that must be looked at one by one. */
import type { ArrayColumn, BoolColumn, StringColumn } from "./batch.js";

/** Texts, booleans, or a typed array for each list. */
export function columnValues(column: StringColumn | BoolColumn | ArrayColumn): unknown[] {
  switch (column.kind) {
    case "string": {
      const { offsets, bytes } = column;
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const rows = offsets.length - 1;
      return Array.from({ length: rows }, (_, row) => buffer.toString("utf8", offsets[row], offsets[row + 1]));
    }
    case "bool":
      return Array.from(column.values, (value) => value !== 0);
    case "array": {
      const { size, values } = column;
      return Array.from({ length: values.length / size }, (_, row) => values.subarray(row * size, (row + 1) * size));
    }
  }
}
