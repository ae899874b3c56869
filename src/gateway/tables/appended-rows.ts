/** Where rows went that were appended: others may append to the same table meanwhile, between two calls or before one. */
import type { ColumnBatch } from "../../columns/batch.js";
import { sliceBatch } from "../../columns/batch-operations.js";
import { messageRows } from "../../columns/chunk-size.js";
import { differingColumn } from "../../columns/differing-column.js";
import type { TableCallOptions, WritableTable } from "../../columns/table.js";
import type { WrittenSpan } from "../../errors.js";

export class AppendedRows {
  /** In the order in which they were sent; neighbours are joined. */
  readonly spans: WrittenSpan[] = [];
  /** Rows of which it is known that they were appended. */
  count = 0;
  /** Rows that the table had when it was last asked. */
  rowCount: number;
  /** Whether the numbers of all rows are known. */
  areKnown = true;
  readonly #table: WritableTable;

  private constructor(table: WritableTable, rowCount: number) {
    this.#table = table;
    this.rowCount = rowCount;
  }

  static async of(table: WritableTable, options: TableCallOptions): Promise<AppendedRows> {
    return new AppendedRows(table, await countRows(table, options));
  }

  /** Appends rows, and finds out where they are: a call adds all of its rows at once, one after the other. */
  async append(batch: ColumnBatch, options: TableCallOptions): Promise<void> {
    const before = this.rowCount;
    await this.#table.addData(batch, options);
    this.count += batch.rowCount;
    this.rowCount = await countRows(this.#table, options);
    const start = await this.#find(batch, before, options);
    if (start === undefined) this.areKnown = false;
    else this.#note(start, start + batch.rowCount);
  }

  /** The only place among the rows added since in which the batch can be. */
  async #find(batch: ColumnBatch, from: number, options: TableCallOptions): Promise<number | undefined> {
    const last = this.rowCount - batch.rowCount;
    if (last <= from) return last === from ? from : undefined;
    if (this.rowCount - from > messageRows(batch.fields)) return undefined;
    const columns = batch.fields.map((_, index) => index);
    const added = await this.#table.read(columns, from, this.rowCount, options);
    let found: number | undefined;
    for (let offset = 0; offset <= last - from; offset++) {
      const isThere = differingColumn(batch, sliceBatch(added, offset, offset + batch.rowCount)) === undefined;
      if (isThere && found !== undefined) return undefined;
      if (isThere) found = from + offset;
    }
    return found;
  }

  #note(start: number, stop: number): void {
    const before = this.spans.at(-1);
    if (before?.stop === start) this.spans[this.spans.length - 1] = { start: before.start, stop };
    else this.spans.push({ start, stop });
  }
}

async function countRows(table: WritableTable, options: TableCallOptions): Promise<number> {
  return table.countRows ? table.countRows(options) : table.rowCount;
}
