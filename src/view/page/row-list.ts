/** Numbers of a table's rows, four bytes each where the table is not larger than that. */
import { type ColumnBatch, rowNumberArray } from "../../columns/batch.js";

/** Numbers of rows in an order. */
export type RowNumberList = Uint32Array | Float64Array;

/** Gathers the numbers of rows that were read; nothing is held while they are all rows from the first on. */
export class RowList {
  readonly #rowCount: number;
  #numbers: RowNumberList | undefined;
  #length = 0;

  /** @param rowCount rows of the table */
  constructor(rowCount: number) {
    this.#rowCount = rowCount;
  }

  add({ rowNumbers, rowCount }: ColumnBatch): void {
    const isNext = "start" in rowNumbers && rowNumbers.start === this.#length && rowNumbers.step === 1;
    if (this.#numbers !== undefined || !isNext) this.#hold(rowNumberArray(rowNumbers, rowCount));
    this.#length += rowCount;
  }

  #hold(numbers: Float64Array): void {
    if (this.#numbers === undefined) {
      this.#numbers = emptyList(this.#rowCount, this.#rowCount);
      for (let row = 0; row < this.#length; row++) this.#numbers[row] = row;
    }
    this.#numbers.set(numbers, this.#length);
  }

  /** All numbers, as they came. */
  all(): RowNumberList {
    if (this.#numbers !== undefined) return this.#numbers.slice(0, this.#length);
    return emptyList(this.#length, this.#rowCount).map((_: number, row: number) => row) as RowNumberList;
  }

  /** The numbers at positions. */
  inOrder(positions: Int32Array): RowNumberList {
    const numbers = this.#numbers;
    if (numbers === undefined) return new Uint32Array(positions.buffer, positions.byteOffset, positions.length);
    const ordered = emptyList(positions.length, this.#rowCount);
    for (let at = 0; at < positions.length; at++) ordered[at] = numbers[positions[at]!]!;
    return ordered;
  }
}

function emptyList(length: number, rowCount: number): RowNumberList {
  return rowCount <= 2 ** 32 ? new Uint32Array(length) : new Float64Array(length);
}
