/** The way to the rows of a table's file on this machine: with the help of other threads where many are wanted. */
import type { Hdf5Table } from "../hdf5/index.js";
import type { ReadableTable } from "../table.js";
import { type ThreadUse, useThreads } from "../threads/pool.js";
import { LOCAL_FILE, type RowSource } from "./medium.js";
import type { TableRoutes, Wanted } from "./route.js";
import { WORTH_THREADS } from "./table-file.js";
import { ThreadedTable } from "./threaded-table.js";

export class PathRoutes implements TableRoutes {
  readonly #table: Hdf5Table;
  #threads: ThreadUse | undefined;
  #shared: ThreadedTable | undefined;

  constructor(table: Hdf5Table) {
    this.#table = table;
  }

  async forSearch(): Promise<ReadableTable> {
    return this.#table;
  }

  async forRows({ rows }: Wanted): Promise<RowSource> {
    if (this.#shared === undefined && rows * this.#table.recordSize >= WORTH_THREADS) {
      this.#threads = useThreads();
      if (this.#threads) this.#shared = new ThreadedTable(this.#table, this.#table.path, this.#threads.pool);
    }
    return { table: this.#shared ?? this.#table, medium: LOCAL_FILE };
  }

  async close(): Promise<void> {
    await (this.#shared ?? this.#table).close();
    this.#threads?.end();
  }
}
