/** Batches as wholes. */
import type { ColumnBatch, ColumnField, RowNumbers } from "./batch.js";
import { columnBytes, emptyColumn, joinColumns, sliceColumn, takeFromColumn } from "./kinds/kinds.js";

/** A batch of no rows: what an empty selection gives, with the right columns and types. */
export function emptyBatch(fields: readonly ColumnField[]): ColumnBatch {
  const columns = fields.map(({ type, size }) => emptyColumn(type, size));
  return { fields, columns, rowCount: 0, rowNumbers: { start: 0, step: 1 } };
}

/** Rows `start ..< stop` of a batch, sharing its memory, numbered from 0. */
export function sliceBatch(batch: ColumnBatch, start: number, stop: number): ColumnBatch {
  const columns = batch.columns.map((column) => sliceColumn(column, start, stop));
  return { fields: batch.fields, columns, rowCount: stop - start, rowNumbers: { start: 0, step: 1 } };
}

/** The rows of batches of the same columns, at least one, one after the other. */
export function joinBatches(parts: readonly ColumnBatch[], rowNumbers: RowNumbers): ColumnBatch {
  const { fields } = parts[0]!;
  return {
    fields,
    columns: fields.map((_, index) => joinColumns(parts.map(({ columns }) => columns[index]!))),
    rowCount: parts.reduce((sum, { rowCount }) => sum + rowCount, 0),
    rowNumbers,
  };
}

/** Bytes the columns of a batch hold. */
export function batchBytes({ columns }: ColumnBatch): number {
  return columns.reduce((sum, column) => sum + columnBytes(column), 0);
}

/** The rows of `batch` at `positions`, in that order. `rowNumbers` are those of the rows taken. */
export function takeRows(batch: ColumnBatch, positions: Int32Array, rowNumbers: RowNumbers): ColumnBatch {
  const columns = batch.columns.map((column) => takeFromColumn(column, positions));
  return { fields: batch.fields, columns, rowCount: positions.length, rowNumbers };
}

/**
 * The rows of `batches`, which follow each other from row `firstRow`, in batches of `rows` rows; the last may hold
 * fewer. Batches without rows are left out.
 */
export async function* rechunk(
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  rows: number,
  firstRow = 0,
): AsyncGenerator<ColumnBatch, void, undefined> {
  let waiting: ColumnBatch[] = [];
  let waitingRows = 0;
  let start = firstRow;
  for await (const batch of batches) {
    let taken = 0;
    while (taken < batch.rowCount) {
      const count = Math.min(rows - waitingRows, batch.rowCount - taken);
      waiting.push(count === batch.rowCount ? batch : sliceBatch(batch, taken, taken + count));
      taken += count;
      waitingRows += count;
      if (waitingRows < rows) break;
      yield joinBatches(waiting, { start, step: 1 });
      start += rows;
      waiting = [];
      waitingRows = 0;
    }
  }
  if (waitingRows > 0) yield joinBatches(waiting, { start, step: 1 });
}
