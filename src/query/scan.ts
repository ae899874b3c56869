/** Applies a condition to a table block by block: what a table that is not on a server does for `getWhereList`. */
import type { ColumnBatch, ColumnField } from "../columns/batch.js";
import type { ReadableTable, RowSpan, TableCallOptions } from "../columns/table.js";
import { ArgumentError, throwIfAborted } from "../errors.js";
import type { RType } from "../rtypes.js";

/** A condition ready to be applied to column batches. */
export interface CompiledCondition {
  /** Positions, in the table's fields, of the columns needed, ascending. */
  readonly columns: readonly number[];
  /** One byte a row: 1 where the condition holds, 0 elsewhere. The batch holds at least the needed columns. */
  evaluate(batch: ColumnBatch): Uint8Array;
}

/** Makes a PyTables condition applicable to rows of a table with these columns. */
export type CompileCondition = (
  condition: string,
  fields: readonly ColumnField[],
  variables: ReadonlyMap<string, RType>,
) => CompiledCondition;

/**
 * Numbers of the rows of `span` that meet `condition`, ascending. Reads `blockRows` rows at a time.
 *
 * @throws ArgumentError `ROWS_OUT_OF_RANGE` for a span outside the table, `INVALID_ARGUMENT` for a step below 1; AbortError.
 */
export async function scanWhereList(
  table: Pick<ReadableTable, "read" | "rowCount">,
  condition: CompiledCondition,
  { start, stop, step = 1 }: RowSpan,
  blockRows: number,
  { signal }: TableCallOptions = {},
): Promise<Float64Array> {
  if (!(start >= 0 && start <= stop && stop <= table.rowCount)) {
    const message = `rows ${start} to ${stop} asked for, the table has ${table.rowCount}`;
    throw new ArgumentError("ROWS_OUT_OF_RANGE", message);
  }
  if (!Number.isInteger(step) || step < 1) {
    throw new ArgumentError("INVALID_ARGUMENT", `a step of ${step} is not possible; it must be at least 1`);
  }
  const found = new RowNumberList();
  for (let first = start; first < stop; first += blockRows) {
    throwIfAborted(signal, "getWhereList");
    const last = Math.min(first + blockRows, stop);
    const mask = condition.evaluate(await conditionBatch(table, condition.columns, first, last));
    for (let row = first + ((step - ((first - start) % step)) % step); row < last; row += step) {
      if (mask[row - first] !== 0) found.push(row);
    }
  }
  return found.finish();
}

async function conditionBatch(
  table: Pick<ReadableTable, "read">,
  columns: readonly number[],
  first: number,
  last: number,
): Promise<ColumnBatch> {
  if (columns.length > 0) return table.read(columns, first, last);
  return { fields: [], columns: [], rowCount: last - first, rowNumbers: { start: first, step: 1 } };
}

/** A list of row numbers that grows. */
class RowNumberList {
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
