/** Rows of a batch by position, gathered into new columns. */
import type { ColumnBatch, RowNumbers } from "./batch.js";
import { takeFromColumn } from "./kinds/kinds.js";

/** The rows of `batch` at `positions`, in that order. `rowNumbers` are those of the rows taken. */
export function takeRows(batch: ColumnBatch, positions: Int32Array, rowNumbers: RowNumbers): ColumnBatch {
  const columns = batch.columns.map((column) => takeFromColumn(column, positions));
  return { fields: batch.fields, columns, rowCount: positions.length, rowNumbers };
}
