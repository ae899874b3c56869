/** Rows of a batch by position, gathered into new columns. */
import type { ColumnBatch, RowNumbers } from "./batch.js";
import { takeFromColumn } from "./kinds/kinds.js";

/** The rows of `batch` at `positions`, in that order. `rowNumbers` are those of the rows taken. */
export function takeRows(batch: ColumnBatch, positions: Int32Array, rowNumbers: RowNumbers): ColumnBatch {
  const columns = batch.columns.map((column) => takeFromColumn(column, positions));
  return { fields: batch.fields, columns, rowCount: positions.length, rowNumbers };
}

/** Numbers of all rows of several batches, one element a row. */
export function joinRowNumbers(batches: readonly ColumnBatch[]): Float64Array {
  const joined = new Float64Array(batches.reduce((sum, { rowCount }) => sum + rowCount, 0));
  let at = 0;
  for (const { rowNumbers, rowCount } of batches) {
    if (rowNumbers instanceof Float64Array) joined.set(rowNumbers, at);
    else for (let index = 0; index < rowCount; index++) joined[at + index] = rowNumbers.start + index * rowNumbers.step;
    at += rowCount;
  }
  return joined;
}
