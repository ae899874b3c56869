/** The reader: the rows and columns selected from a table as a stream of column batches. */
import type { ColumnBatch, ColumnField } from "../batch.js";
import { ArgumentError, TableError, throwIfAborted } from "../errors.js";
import type { OnProgress, ReadableTable } from "../table.js";
import { prepareCondition, type VariablesOption } from "./condition.js";
import { emptyBatch } from "./empty-batch.js";
import { takeRows } from "./gather.js";
import { findHits, type PreparedCondition } from "./hits.js";
import { runInOrder } from "./in-order.js";
import { Pace } from "./pace.js";
import { planSelection, type ReadRequest, rowsKept, rowsRead } from "./plan.js";
import { type RowSelection, type RowsOption, selectColumns, selectRows } from "./selection.js";

/** Which part of a table to read, and how. */
export interface SelectionOptions {
  /** Columns to read; they come in table order. Default: all. */
  readonly columnNames?: readonly string[] | undefined;
  /** Rows to read, by number; they come in the order given. Default: all. Not together with `query`. */
  readonly rows?: RowsOption | undefined;
  /** PyTables condition; the rows that meet it are read, in table order. Not together with `rows`. */
  readonly query?: string | undefined;
  /** Values for the names in `query` that are no columns. */
  readonly variables?: VariablesOption | undefined;
  /**
   * Rows a request asks for. By default it is chosen, and follows what the requests cost; a number given here is kept
   * to, except that no request exceeds what a message of the server can carry.
   */
  readonly chunkSize?: number | undefined;
  /** Stops the work: it throws an AbortError at once and releases everything it holds. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the rows read so far; their total is unknown until a query has searched the whole table. */
  readonly onProgress?: OnProgress | undefined;
}

/** How the reader works inside; the defaults suit OMERO.tables. */
export interface ReaderSettings {
  /** Requests in flight; default 2. */
  readonly concurrency?: number;
  /** Requests in flight and answers waiting, together; default twice `concurrency`. */
  readonly window?: number;
  /** Bytes for all answers alive at once; default 96 MiB. */
  readonly memoryBudget?: number;
  /** The server's largest message in bytes; default 250,000 KiB. */
  readonly messageLimit?: number;
  /** Rows searched in one call of a query; default 4,194,304. */
  readonly searchRows?: number;
}

/**
 * Streams what `options` select from `table`, which stays open. Batches hold one request's rows each, never none,
 * except that an empty selection gives one batch without rows: its fields tell the columns and types.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE`, `ROWS_WITH_QUERY` or `INVALID_ARGUMENT`, and
 * ConditionError, all before anything is read.
 * @throws TableError `TABLE_CHANGED` when the table returns other rows than it was asked for.
 */
export async function* streamBatches(
  table: ReadableTable,
  options: SelectionOptions,
  settings: ReaderSettings = {},
): AsyncGenerator<ColumnBatch, void, undefined> {
  throwIfAborted(options.signal, "Reading the table");
  const reading = new Reading(table, options, settings);
  const batches = runInOrder(
    (signal) => reading.requests(signal),
    (request, signal) => reading.execute(request, signal),
    { concurrency: reading.concurrency, window: reading.window, signal: options.signal, what: "Reading the table" },
  );
  let done = 0;
  let told: number | undefined;
  const report = () => {
    told = reading.total;
    options.onProgress?.({ done, total: told, unit: "rows" });
  };
  for await (const batch of batches) {
    done += batch.rowCount;
    report();
    yield batch;
  }
  if (told === undefined) report();
  if (done === 0) yield emptyBatch(reading.fields);
}

/** One pass over a table: what is read, and what is known of it so far. */
class Reading {
  readonly table: ReadableTable;
  readonly columns: readonly number[];
  readonly fields: readonly ColumnField[];
  readonly concurrency: number;
  readonly window: number;
  /** Rows to come in all; undefined while a query has not searched the whole table. */
  total: number | undefined;
  readonly #wanted: RowSelection | PreparedCondition;
  readonly #pace: Pace;
  readonly #searchRows: number | undefined;

  constructor(table: ReadableTable, options: SelectionOptions, settings: ReaderSettings) {
    const { columnNames, rows, query, variables } = options;
    if (rows !== undefined && query !== undefined) {
      throw new ArgumentError("ROWS_WITH_QUERY", "rows and query both say which rows to read; give only one", {
        query,
      });
    }
    this.table = table;
    this.columns = selectColumns(table.fields, columnNames);
    this.fields = this.columns.map((index) => table.fields[index]!);
    this.#wanted =
      query === undefined ? selectRows(rows, table.rowCount) : prepareCondition(query, table.fields, variables);
    this.total = "condition" in this.#wanted ? undefined : countRows(this.#wanted);
    this.concurrency = settings.concurrency ?? 2;
    this.window = settings.window ?? 2 * this.concurrency;
    this.#searchRows = settings.searchRows;
    this.#pace = new Pace(this.total ?? table.rowCount, {
      tableFields: table.fields,
      fields: this.fields,
      chunkSize: options.chunkSize,
      memoryBudget: settings.memoryBudget,
      messageLimit: settings.messageLimit,
      chunksAlive: this.window + 1,
    });
  }

  async *requests(signal: AbortSignal): AsyncGenerator<ReadRequest, void, undefined> {
    const conditions = () => this.#pace.conditions();
    if (!("condition" in this.#wanted)) {
      yield* planSelection(this.#wanted, conditions);
      return;
    }
    let found = 0;
    for await (const rows of findHits(this.table, this.#wanted, signal, this.#searchRows)) {
      found += rows.length;
      this.#pace.rowsExpected = rows.length;
      yield* planSelection({ kind: "list", rows }, conditions);
    }
    this.total = found;
  }

  async execute(request: ReadRequest, signal: AbortSignal): Promise<ColumnBatch> {
    const sentAt = performance.now();
    const answer =
      request.kind === "span"
        ? await this.table.read(this.columns, request.start, request.stop, { signal })
        : await this.table.slice(this.columns, request.rows, { signal });
    if (answer.rowCount !== rowsRead(request)) throw changedTable(request, answer);
    this.#pace.observe(request, answer, sentAt, performance.now());
    const { rowNumbers } = request;
    if (request.kind === "span" && request.keep) return takeRows(answer, request.keep, rowNumbers);
    return { fields: this.fields, columns: answer.columns, rowCount: rowsKept(request), rowNumbers };
  }
}

function countRows(selection: RowSelection): number {
  return selection.kind === "list" ? selection.rows.length : selection.count;
}

function changedTable(request: ReadRequest, answer: ColumnBatch): TableError {
  return new TableError(
    "TABLE_CHANGED",
    `The table returned ${answer.rowCount} rows where ${rowsRead(request)} were asked for; it changed meanwhile: read it again`,
  );
}
