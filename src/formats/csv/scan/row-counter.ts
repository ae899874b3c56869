/** Finds out whether a column numbers the rows: 0, 1, 2, ... or 1, 2, 3, ... */
import { type CellColumn, LONG_CELLS } from "./cell-column.js";

export class RowCounter {
  readonly #column: CellColumn;
  #rows = 0;
  #first: bigint | undefined;
  #counts = true;

  constructor(column: CellColumn) {
    this.#column = column;
  }

  /** Looks at a chunk of rows before the column lets go of it. */
  add(rows: number): void {
    if (!this.#counts) return;
    const { kind, longs, lostValues } = this.#column;
    this.#counts = kind === LONG_CELLS && !lostValues && this.#continues(longs, rows);
    this.#rows += rows;
  }

  /** Of all rows, at least one. */
  get isIndex(): boolean {
    return this.#counts && this.#rows > 0;
  }

  #continues(values: BigInt64Array, rows: number): boolean {
    this.#first ??= values[0]!;
    if (this.#first !== 0n && this.#first !== 1n) return false;
    let expected = this.#first + BigInt(this.#rows);
    for (let row = 0; row < rows; row++) if (values[row] !== expected++) return false;
    return true;
  }
}
