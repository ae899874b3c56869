/** Batches cut at the same rows, however they came. */
import { type ColumnBatch, rowNumberArray } from "../columns/batch.js";
import { joinBatches, sliceBatch } from "../columns/batch-operations.js";

/** The rows of `batches` in batches of `rows` rows; the last may hold fewer. They keep their numbers. At least one batch. */
export async function* evenBatches(
  batches: AsyncIterable<ColumnBatch>,
  rows: number,
): AsyncGenerator<ColumnBatch, void, undefined> {
  let parts: ColumnBatch[] = [];
  let waiting = 0;
  let none: ColumnBatch | undefined;
  let isFirst = true;
  for await (const batch of batches) {
    if (batch.rowCount === 0) none = batch;
    for (let taken = 0; taken < batch.rowCount; ) {
      const count = Math.min(rows - waiting, batch.rowCount - taken);
      parts.push(numberedSlice(batch, taken, taken + count));
      taken += count;
      waiting += count;
      if (waiting < rows) break;
      yield joined(parts);
      [parts, waiting, isFirst] = [[], 0, false];
    }
  }
  if (waiting > 0) yield joined(parts);
  else if (isFirst && none !== undefined) yield none;
}

function numberedSlice(batch: ColumnBatch, start: number, stop: number): ColumnBatch {
  const rowNumbers = rowNumberArray(batch.rowNumbers, batch.rowCount).subarray(start, stop);
  return { ...sliceBatch(batch, start, stop), rowNumbers };
}

function joined(parts: readonly ColumnBatch[]): ColumnBatch {
  const numbers = new Float64Array(parts.reduce((sum, { rowCount }) => sum + rowCount, 0));
  let at = 0;
  for (const { rowNumbers, rowCount } of parts) {
    numbers.set(rowNumbers as Float64Array, at);
    at += rowCount;
  }
  return joinBatches(parts, numbers);
}
