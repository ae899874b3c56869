import type { ColumnBatch, ColumnField } from "../batch.js";
import type { RType } from "../rtypes.js";

/** A condition ready to be applied to rows. */
export interface CompiledCondition {
  /** Positions of the columns it needs. */
  readonly columns: readonly number[];
  /** One byte a row of a batch of these columns, in this order; not 0 where the row meets the condition. */
  evaluate(batch: ColumnBatch): Uint8Array;
}

/** Makes a PyTables condition applicable to rows of a table with these columns. */
export type CompileCondition = (
  condition: string,
  fields: readonly ColumnField[],
  variables: ReadonlyMap<string, RType>,
) => CompiledCondition;

/** A list of row numbers that grows. */
export class RowNumberList {
  #rows = new Float64Array(1024);
  #count = 0;

  push(row: number): void {
    if (this.#count === this.#rows.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows[this.#count++] = row;
  }

  finish(): Float64Array {
    return this.#rows.slice(0, this.#count);
  }
}
