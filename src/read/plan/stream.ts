/** The rows and columns selected from a table as a stream of column batches. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { emptyBatch } from "../../columns/batch-operations.js";
import type { ReadableTable } from "../../columns/table.js";
import { throwIfAborted } from "../../errors.js";
import { mapInOrder } from "../../flow/map-in-order.js";
import { ChangeWatch } from "../changes/change-watch.js";
import { SERVICE } from "./access-path.js";
import type { ReadRequest } from "./plan.js";
import type { TableRoutes } from "./route.js";
import { RowReader } from "./row-reader.js";
import { searchRows, WINDOW_ROWS } from "./row-search.js";
import type { RowSelection } from "./selection.js";
import type { StreamSettings } from "./stream-settings.js";
import type { TableSelection } from "./table-selection.js";

/** Names the work in errors. */
const READING = "Reading the table";

/**
 * The batches, each holding the rows of one request, never none, except that an empty selection gives one batch without
 * rows: its fields tell the columns and types. The route is chosen before the first request: for a condition, when the
 * first window of rows has been searched.
 * @throws TableError `TABLE_CHANGED` when the table returns other rows than it was asked for, or was changed by others before
 * all had come; where one batch holds all rows, before it is given.
 */
export async function* streamBatches(
  selection: TableSelection,
  routes: TableRoutes,
  settings: StreamSettings = {},
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { signal, fields, onProgress } = selection;
  throwIfAborted(signal, READING);
  const stream = new Stream(selection, routes, settings);
  let done = 0;
  let told: number | undefined;
  const report = () => {
    told = stream.total;
    onProgress?.({ done, total: told, unit: "rows" });
  };
  for await (const batch of stream.batches()) {
    done += batch.rowCount;
    await stream.watch(batch, done === stream.total);
    report();
    yield wantedColumns(batch, fields);
  }
  await stream.watchEnd();
  if (told === undefined) report();
  if (done === 0) yield emptyBatch(fields);
}

function wantedColumns(batch: ColumnBatch, fields: readonly ColumnField[]): ColumnBatch {
  if (batch.fields.length === fields.length) return batch;
  return { ...batch, fields, columns: batch.columns.slice(0, fields.length) };
}

class Stream {
  /** Rows to come in all; undefined while a condition has not searched the whole table. */
  total: number | undefined;
  readonly #selection: TableSelection;
  readonly #routes: TableRoutes;
  readonly #settings: StreamSettings;
  readonly #window: number;
  readonly #watch: ChangeWatch | undefined;
  #reader: RowReader | undefined;
  #isByService = false;
  /** Whether what could be compared in the end has been. */
  #compared = false;

  constructor(selection: TableSelection, routes: TableRoutes, settings: StreamSettings) {
    this.#selection = selection;
    this.#routes = routes;
    this.#settings = settings;
    this.total = selection.rowCount;
    this.#watch = ChangeWatch.of(routes.table, selection);
    this.#window = settings.window ?? 2 * (settings.concurrency ?? 2);
  }

  batches(): AsyncGenerator<ColumnBatch, void, undefined> {
    const requests = async function* (this: Stream, signal: AbortSignal) {
      for await (const rows of this.#rows(signal)) {
        this.#reader ??= await this.#open(rows, signal);
        yield* this.#reader.requests(rows);
      }
    };
    return mapInOrder<ReadRequest, ColumnBatch>(
      (stopped) => requests.call(this, stopped),
      (request, stopped) => this.#reader!.read(request, stopped),
      {
        concurrency: () => this.#reader?.concurrency ?? 1,
        window: this.#window,
        signal: this.#selection.signal,
        label: READING,
      },
    );
  }

  /** Looks at a batch before it is given away. @param isLast whether no other follows */
  async watch(batch: ColumnBatch, isLast: boolean): Promise<void> {
    await this.#watch?.take(batch, this.#selection.signal);
    if (isLast) await this.watchEnd();
  }

  /** Compares in the end what can be. One answer is of one state: nothing is asked then. */
  async watchEnd(): Promise<void> {
    if (this.#compared || this.#watch === undefined || !this.#mayBeMixed) return;
    this.#compared = true;
    await this.#watch.check(this.#answers, this.#selection.signal);
  }

  /** Whether what was read may be of several states of the table. A fetched file is of one. */
  get #mayBeMixed(): boolean {
    if ("condition" in this.#selection.rows) return true;
    return this.#isByService && this.#answers > 1;
  }

  /** Answers that rows came by, each of one state of one table. */
  get #answers(): number {
    return (this.#reader?.answers ?? 0) * (this.#watch?.partCount ?? 1);
  }

  /** The rows wanted, in parts: those of a condition as they are found. */
  async *#rows(signal: AbortSignal): AsyncGenerator<RowSelection, void, undefined> {
    const { rows } = this.#selection;
    if (!("condition" in rows)) return yield rows;
    let found = 0;
    const searched = await this.#routes.forSearch(signal);
    for await (const matches of searchRows(searched, rows, signal, this.#settings.searchRows)) {
      found += matches.length;
      yield { kind: "list", rows: matches };
    }
    this.total = found;
  }

  /** Chooses the route for all rows, of which `first` are known. */
  async #open(first: RowSelection, signal: AbortSignal): Promise<RowReader> {
    const { readFields: fields, chunkSize } = this.#selection;
    const rows = this.total ?? expectedMatches(first, this.#routes.table, this.#settings);
    const path = await this.#routes.forRows({ rows, fields, chunkSize, signal });
    this.#isByService = path.method === SERVICE;
    if (this.#isByService) this.#watch?.sampleRows(rows);
    return new RowReader(path, this.#selection, rows, this.#window, this.#settings);
  }
}

/** Rows to come, if the rest of the table meets the condition as often as the part that was searched first. */
function expectedMatches(first: RowSelection, { rowCount }: ReadableTable, settings: StreamSettings): number {
  const found = first.kind === "list" ? first.rows.length : first.count;
  const searched = Math.min(settings.searchRows ?? WINDOW_ROWS, rowCount);
  return Math.round((found * rowCount) / searched);
}
