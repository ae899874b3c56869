/** A table's file read by several threads, each span by whichever is free. */
import type { ColumnBatch } from "../batch.js";
import { throwIfAborted } from "../errors.js";
import type { RType } from "../rtypes.js";
import type { ReadableTable, RowSpan, TableCallOptions, TableMetadata } from "../table.js";
import type { ThreadPool } from "../threads/pool.js";
import type { SharedFile } from "../threads/tasks.js";
import { TaskFailure } from "../threads/thread.js";

/** Cells that take longer to read than to be sent for. */
const WORTH_SENDING = 50_000;

export class ThreadedTable implements ReadableTable {
  readonly #table: ReadableTable;
  readonly #file: SharedFile;
  readonly #pool: ThreadPool;

  /**
   * @param table the table as this thread reads it; closed with this.
   * @param file the same for other threads. It must stay open until this is closed.
   */
  constructor(table: ReadableTable, file: SharedFile, pool: ThreadPool) {
    this.#table = table;
    this.#file = file;
    this.#pool = pool;
  }

  get fields() {
    return this.#table.fields;
  }

  get rowCount(): number {
    return this.#table.rowCount;
  }

  async read(
    columns: readonly number[],
    start: number,
    stop: number,
    options: TableCallOptions = {},
  ): Promise<ColumnBatch> {
    throwIfAborted(options.signal, "reading the table's file");
    const thread = (stop - start) * columns.length >= WORTH_SENDING ? this.#pool.idle : undefined;
    if (thread === undefined) return this.#table.read(columns, start, stop, options);
    try {
      const data = await thread.run("readRows", { file: this.#file, columns, start, stop });
      const fields = columns.map((column) => this.fields[column]!);
      return { fields, columns: data, rowCount: stop - start, rowNumbers: { start, step: 1 } };
    } catch (error) {
      if (!(error instanceof TaskFailure)) throw error;
      return this.#table.read(columns, start, stop, options);
    }
  }

  slice(columns: readonly number[], rows: Float64Array, options?: TableCallOptions): Promise<ColumnBatch> {
    return this.#table.slice(columns, rows, options);
  }

  getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    return this.#table.getWhereList(condition, variables, span, options);
  }

  getAllMetadata(options?: TableCallOptions): Promise<TableMetadata> {
    return this.#table.getAllMetadata(options);
  }

  async close(): Promise<void> {
    await this.#pool.runOnAll("closeFile", this.#file);
    await this.#table.close();
  }
}
