/** Batches cut and joined to another number of rows. */
import type { ColumnBatch } from "./batch.js";
import { joinBatches, sliceBatch } from "./batch-operations.js";

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
