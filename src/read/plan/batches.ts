/** The reader: the rows and columns selected from a table as a stream of column batches. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { emptyBatch } from "../../columns/empty-batch.js";
import type { OnProgress, ReadableTable } from "../../columns/table.js";
import { takeRows } from "../../columns/take.js";
import { ArgumentError, TableError, throwIfAborted } from "../../errors.js";
import { runInOrder } from "../../flow/in-order.js";
import { type ConditionVariables, checkCondition, parseCondition, type Query } from "../../query/index.js";
import { findHits, type PreparedCondition, WINDOW_ROWS } from "./hits.js";
import { InFlight } from "./in-flight.js";
import { type RowSource, SERVICE } from "./medium.js";
import { Pace } from "./pace.js";
import { planSelection, type ReadRequest, rowsKept, rowsRead } from "./plan.js";
import { onlyRoute, type TableRoutes } from "./route.js";
import { type RowSelection, type RowsOption, selectColumns, selectRows } from "./selection.js";

/** Which part of a table to read, and how. */
export interface SelectionOptions {
  /** Columns to read; they come in table order. Default: all. */
  readonly columnNames?: readonly string[] | undefined;
  /** Rows to read, by number; they come in the order given. Default: all. Not together with `query`. */
  readonly rows?: RowsOption | undefined;
  /**
   * PyTables condition, as text or made with `column()`; the rows that meet it are read, in table order. Not together
   * with `rows`.
   */
  readonly query?: Query | undefined;
  /** Values for the names in `query` that are no columns. */
  readonly variables?: ConditionVariables | undefined;
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

/** Names the work in errors. */
const READING = "Reading the table";

/** How the reader works inside; the defaults suit OMERO.tables. */
export interface ReaderSettings {
  /** Requests in flight; by default what suits where the rows are, and what measuring shows. */
  readonly concurrency?: number;
  /** Requests in flight and answers waiting, together; default 4, or twice `concurrency` where that is given. */
  readonly window?: number;
  /** Bytes for all answers alive at once; default what suits where the rows are. */
  readonly memoryBudget?: number;
  /** The server's largest message in bytes; default 250,000 KiB. */
  readonly messageLimit?: number;
  /** The ways to the table's rows; default the table itself. */
  readonly routes?: TableRoutes;
  /** Rows searched in one call of a query; default 2,097,152. */
  readonly searchRows?: number;
}

/**
 * One pass over what `options` select from `table`, which stays open.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE`, `ROWS_WITH_QUERY` or `INVALID_ARGUMENT`, and
 * ConditionError, all before anything is read.
 */
export class TableReading {
  /** Fields of the columns read. */
  readonly fields: readonly ColumnField[];
  /** Rows to come in all; undefined while a query has not searched the whole table. */
  total: number | undefined;
  readonly #table: ReadableTable;
  readonly #routes: TableRoutes;
  /** Where rows are read from, once that is decided. */
  #rowSource: RowSource;
  readonly #columns: readonly number[];
  readonly #wanted: RowSelection | PreparedCondition;
  readonly #options: SelectionOptions;
  readonly #settings: ReaderSettings;
  readonly #window: number;
  #pace: Pace;
  #inFlight: InFlight;

  constructor(table: ReadableTable, options: SelectionOptions, settings: ReaderSettings = {}) {
    checkParts(options);
    this.#table = table;
    this.#rowSource = { table, medium: SERVICE };
    this.#routes = settings.routes ?? onlyRoute(this.#rowSource);
    this.#options = options;
    this.#settings = settings;
    this.#columns = selectColumns(table.fields, options.columnNames);
    this.fields = this.#columns.map((index) => table.fields[index]!);
    this.#wanted = wantedRows(table, options);
    this.total = "condition" in this.#wanted ? undefined : countRows(this.#wanted);
    this.#window = settings.window ?? 2 * (settings.concurrency ?? 2);
    this.#pace = this.#newPace();
    this.#inFlight = this.#newInFlight();
  }

  #newInFlight(): InFlight {
    const { concurrency, mostConcurrency } = this.#rowSource.medium;
    const { concurrency: asked } = this.#settings;
    return new InFlight(asked ?? concurrency, asked ?? Math.min(mostConcurrency, this.#window));
  }

  #newPace(): Pace {
    const { medium } = this.#rowSource;
    return new Pace(this.total ?? this.#table.rowCount, {
      tableFields: this.#table.fields,
      fields: this.fields,
      medium,
      chunkSize: this.#options.chunkSize,
      memoryBudget: this.#settings.memoryBudget ?? medium.memoryBudget,
      messageLimit: this.#settings.messageLimit,
      chunksAlive: this.#window + 1,
    });
  }

  /** Whether a row was asked for more than once. */
  get repeatsRows(): boolean {
    if ("condition" in this.#wanted || this.#wanted.kind === "range") return false;
    return new Set(this.#wanted.rows).size < this.#wanted.rows.length;
  }

  /**
   * The batches, each holding the rows of one request, never none, except that an empty selection gives one batch
   * without rows: its fields tell the columns and types.
   * @throws TableError `TABLE_CHANGED` when the table returns other rows than it was asked for.
   */
  async *batches(): AsyncGenerator<ColumnBatch, void, undefined> {
    const { signal } = this.#options;
    throwIfAborted(signal, READING);
    const batches = runInOrder(
      (stopped) => this.#requests(stopped),
      (request, stopped) => this.#execute(request, stopped),
      {
        concurrency: () => this.#inFlight.count,
        window: this.#window,
        signal,
        what: READING,
      },
    );
    let done = 0;
    let told: number | undefined;
    const report = () => {
      told = this.total;
      this.#options.onProgress?.({ done, total: told, unit: "rows" });
    };
    for await (const batch of batches) {
      done += batch.rowCount;
      report();
      yield batch;
    }
    if (told === undefined) report();
    if (done === 0) yield emptyBatch(this.fields);
  }

  async *#requests(signal: AbortSignal): AsyncGenerator<ReadRequest, void, undefined> {
    const conditions = () => this.#pace.conditions();
    if (!("condition" in this.#wanted)) {
      await this.#chooseRoute(this.total!, signal);
      yield* planSelection(this.#wanted, conditions);
      return;
    }
    let found = 0;
    const searched = await this.#routes.forSearch(signal);
    for await (const rows of findHits(searched, this.#wanted, signal, this.#settings.searchRows)) {
      if (found === 0) await this.#chooseRoute(this.#expectedHits(rows), signal);
      found += rows.length;
      this.#pace.rowsExpected = rows.length;
      yield* planSelection({ kind: "list", rows }, conditions);
    }
    this.total = found;
  }

  async #chooseRoute(rows: number, signal: AbortSignal): Promise<void> {
    const { medium } = this.#rowSource;
    this.#rowSource = await this.#routes.forRows({ rows, fields: this.fields, signal });
    if (this.#rowSource.medium === medium) return;
    this.#pace = this.#newPace();
    this.#inFlight = this.#newInFlight();
  }

  /** Rows to come, if the rest of the table meets the condition as often as the part in which `rows` were found. */
  #expectedHits(rows: Float64Array): number {
    const searched = Math.min(this.#settings.searchRows ?? WINDOW_ROWS, this.#table.rowCount);
    return Math.round((rows.length * this.#table.rowCount) / searched);
  }

  async #execute(request: ReadRequest, signal: AbortSignal): Promise<ColumnBatch> {
    const sentAt = performance.now();
    const { table } = this.#rowSource;
    const answer =
      request.kind === "span"
        ? await table.read(this.#columns, request.start, request.stop, { signal })
        : await table.slice(this.#columns, request.rows, { signal });
    if (answer.rowCount !== rowsRead(request)) throw changedTable(request, answer);
    const now = performance.now();
    this.#pace.observe(request, answer, sentAt, now);
    this.#inFlight.observe(answer.rowCount, now);
    const { rowNumbers } = request;
    if (request.kind === "span" && request.keep) return takeRows(answer, request.keep, rowNumbers);
    return { fields: this.fields, columns: answer.columns, rowCount: rowsKept(request), rowNumbers };
  }
}

function wantedRows(
  table: ReadableTable,
  { rows, query, variables }: SelectionOptions,
): RowSelection | PreparedCondition {
  return query === undefined ? selectRows(rows, table.rowCount) : checkCondition(query, table.fields, variables);
}

/**
 * Checks what can be checked without knowing the table.
 * @throws ArgumentError `ROWS_WITH_QUERY`, `INVALID_ARGUMENT`; ConditionError `CONDITION_SYNTAX`
 */
export function checkSelection(options: SelectionOptions): void {
  checkParts(options);
  const { query } = options;
  if (query !== undefined) parseCondition(textOf(query));
}

function textOf(query: Query): string {
  return typeof query === "string" ? query : query.query;
}

/** All but the query, which is parsed again where its names are looked up. */
function checkParts({ columnNames, rows, query, variables, chunkSize }: SelectionOptions): void {
  if (query !== undefined && rows !== undefined) {
    const message = "rows and query both say which rows to read; give only one";
    throw new ArgumentError("ROWS_WITH_QUERY", message, { query: textOf(query) });
  }
  const given = variables instanceof Map ? variables.size : Object.keys(variables ?? {}).length;
  if (query === undefined && given > 0) throw invalid("variables are given without a query that could use them");
  if (chunkSize !== undefined && !(Number.isSafeInteger(chunkSize) && chunkSize > 0)) {
    throw invalid(`chunkSize must be a positive integer; found ${String(chunkSize)}`);
  }
  if (columnNames === undefined) return;
  if (!Array.isArray(columnNames) || columnNames.some((name) => typeof name !== "string")) {
    throw invalid("columnNames must be a list of names");
  }
  if (columnNames.length === 0) throw invalid("columnNames is empty; leave it out to read every column");
}

function invalid(message: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", message);
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
