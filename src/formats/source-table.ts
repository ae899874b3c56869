/** The rows of a source as a table, of which columns and rows are selected: for files that are read from front to back. */
import type { ColumnBatch, ColumnField, RowNumbers } from "../columns/batch.js";
import { emptyBatch, sliceBatch, takeRows } from "../columns/batch-operations.js";
import { joinColumns } from "../columns/kinds/kinds.js";
import type { ReadableTable, RowSpan, TableCallOptions, TableMetadata } from "../columns/table.js";
import { ArgumentError } from "../errors.js";
import { TaskQueue } from "../flow/task-queue.js";
import { compileCondition } from "../query/index.js";
import { scanWhereList } from "../query/scan.js";
import type { RType } from "../rtypes.js";
import type { Source } from "./format.js";

const BATCH_ROWS = 16_384;
/** One for reading and one for searching, which take turns. */
const MOST_CURSORS = 2;

/**
 * Reads forward as long as what is asked for lies ahead, and from the beginning again where it does not. Calls may overlap;
 * they run one after the other.
 */
export class SourceTable implements ReadableTable {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly #source: Source;
  readonly #cursors: RowCursor[] = [];
  readonly #turns = new TaskQueue();

  /** Takes over a source whose number of rows is known. */
  constructor(source: Source) {
    this.#source = source;
    this.fields = source.fields;
    this.rowCount = source.rowCount!;
  }

  async read(columns: readonly number[], start: number, stop: number, options: TableCallOptions = {}) {
    if (!(Number.isInteger(start) && start >= 0 && start <= stop && stop <= this.rowCount)) {
      throw this.#outOfRange(`rows ${start} to ${stop}`);
    }
    return this.#turns.run(async () => {
      const parts = await this.#spans(start, stop, options);
      return this.#joined(parts, columns, { start, step: 1 });
    });
  }

  async slice(columns: readonly number[], rows: Float64Array, options: TableCallOptions = {}) {
    const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < this.rowCount));
    if (wrong !== undefined) throw this.#outOfRange(`row ${wrong}`);
    return this.#turns.run(async () => {
      const order = Int32Array.from(rows, (_, index) => index).sort((a, b) => rows[a]! - rows[b]!);
      const parts = await this.#pick(
        Float64Array.from(order, (index) => rows[index]!),
        options,
      );
      const places = new Int32Array(rows.length);
      for (const [place, index] of order.entries()) places[index] = place;
      return takeRows(this.#joined(parts, columns, rows), places, rows);
    });
  }

  getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    return scanWhereList(this, compileCondition(condition, this.fields, variables), span, BATCH_ROWS, options);
  }

  /** None of a file that cannot keep them. */
  async getAllMetadata(): Promise<TableMetadata> {
    return new Map(this.#source.metadata);
  }

  async close(): Promise<void> {
    await Promise.all(this.#cursors.splice(0).map((cursor) => cursor.close()));
    await this.#source.close();
  }

  async #spans(start: number, stop: number, options: TableCallOptions): Promise<ColumnBatch[]> {
    const parts: ColumnBatch[] = [];
    const cursor = await this.#cursorAt(start, options);
    for (let row = start; row < stop; ) {
      const { batch, first } = await cursor.at(row);
      const end = Math.min(stop, first + batch.rowCount);
      parts.push(sliceBatch(batch, row - first, end - first));
      row = end;
    }
    return parts;
  }

  /** Rows by ascending number. */
  async #pick(rows: Float64Array, options: TableCallOptions): Promise<ColumnBatch[]> {
    const parts: ColumnBatch[] = [];
    if (rows.length === 0) return parts;
    const cursor = await this.#cursorAt(rows[0]!, options);
    for (let index = 0; index < rows.length; ) {
      const { batch, first } = await cursor.at(rows[index]!);
      let end = index + 1;
      while (end < rows.length && rows[end]! < first + batch.rowCount) end++;
      const numbers = rows.subarray(index, end);
      parts.push(
        takeRows(
          batch,
          Int32Array.from(numbers, (row) => row - first),
          numbers,
        ),
      );
      index = end;
    }
    return parts;
  }

  /** The cursor nearest before `row`, or else a new one. */
  async #cursorAt(row: number, options: TableCallOptions): Promise<RowCursor> {
    const before = this.#cursors.filter((cursor) => cursor.first <= row && !cursor.failed);
    const nearest = before.sort((a, b) => b.first - a.first)[0];
    if (nearest !== undefined) return nearest;
    while (this.#cursors.length >= MOST_CURSORS) await this.#cursors.shift()!.close();
    const cursor = new RowCursor(this.#source.batches(BATCH_ROWS, options));
    this.#cursors.push(cursor);
    return cursor;
  }

  #joined(parts: readonly ColumnBatch[], columns: readonly number[], rowNumbers: RowNumbers): ColumnBatch {
    const fields = columns.map((column) => this.fields[column]!);
    const filled = parts.length > 0 ? parts : [emptyBatch(this.fields)];
    const data = columns.map((column) => joinColumns(filled.map((part) => part.columns[column]!)));
    return { fields, columns: data, rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0), rowNumbers };
  }

  #outOfRange(asked: string): ArgumentError {
    return new ArgumentError("ROWS_OUT_OF_RANGE", `${asked} asked for, there are ${this.rowCount}`);
  }
}

/** A place in the rows of a source, which moves forward only. */
class RowCursor {
  /** Number of the first row of the batch that is at hand. */
  first = 0;
  failed = false;
  #batch: ColumnBatch | undefined;
  readonly #batches: AsyncIterator<ColumnBatch>;

  constructor(batches: AsyncIterable<ColumnBatch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** The batch that holds a row, which lies at or behind {@link first}. */
  async at(row: number): Promise<{ readonly batch: ColumnBatch; readonly first: number }> {
    try {
      while (this.#batch === undefined || row >= this.first + this.#batch.rowCount) {
        this.first += this.#batch?.rowCount ?? 0;
        const { done, value } = await this.#batches.next();
        if (done === true) throw new RangeError(`the source ended before row ${row}`);
        this.#batch = value;
      }
      return { batch: this.#batch, first: this.first };
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
