/** A few of the rows that were read, kept to be compared with what the table shows afterwards. */
import { type ColumnBatch, rowNumberAt } from "../../columns/batch.js";
import { joinBatches, takeRows } from "../../columns/batch-operations.js";
import { messageRows } from "../../columns/chunk-size.js";

export class RowSample {
  readonly #most: number;
  readonly #share: (rows: number) => number;
  readonly #parts: ColumnBatch[] = [];
  readonly #numbers: number[] = [];
  #count = 0;

  /** @param rowsExpected how many rows there will be, as far as known */
  constructor(most: number, rowsExpected: number) {
    this.#most = most;
    this.#share = (rows) => Math.ceil((most * rows) / Math.max(rowsExpected, 1));
  }

  /** Keeps the first and the last of some rows, and random ones between, as many as are their share. */
  take(batch: ColumnBatch, random: () => number = Math.random): void {
    const room = Math.min(this.#most, messageRows(batch.fields)) - this.#count;
    const count = Math.min(Math.max(2, this.#share(batch.rowCount)), room, batch.rowCount);
    if (count <= 0) return;
    const positions = somePositions(batch.rowCount, count, random);
    const numbers = Float64Array.from(positions, (position) => rowNumberAt(batch.rowNumbers, position));
    this.#numbers.push(...numbers);
    this.#parts.push(takeRows(batch, positions, numbers));
    this.#count += count;
  }

  /** What was kept; undefined if that is nothing. */
  get rows(): (ColumnBatch & { readonly rowNumbers: Float64Array }) | undefined {
    if (this.#parts.length === 0) return undefined;
    const rowNumbers = Float64Array.from(this.#numbers);
    return { ...joinBatches(this.#parts, rowNumbers), rowNumbers };
  }
}

/** Some of `length` positions, ascending, each once: the first and the last among them, if there are to be two. */
function somePositions(length: number, count: number, random: () => number): Int32Array {
  if (count >= length) return Int32Array.from({ length }, (_, position) => position);
  const positions = new Set(count === 1 ? [Math.floor(random() * length)] : [0, length - 1]);
  while (positions.size < count) positions.add(Math.floor(random() * length));
  return Int32Array.from(positions).sort();
}
