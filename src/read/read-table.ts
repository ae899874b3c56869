/** The reading functions: what is selected from a table as batches, an Arrow table or a DataFrame. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Table as ArrowTable } from "apache-arrow";
import type { ColumnBatch } from "../columns/batch.js";
import { ArgumentError } from "../errors.js";
import { CallbackWatch, watchingCallbacks } from "../flow/callbacks.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { ArrowSink } from "../formats/arrow/arrow-sink.js";
import { loadDanfojs } from "../formats/frame/danfojs/danfojs.js";
import { checkInt64, type Int64Option } from "../formats/frame/frame-column.js";
import type { DataFrame } from "../formats/frame/types/data-frame.js";
import type { StoreOption } from "../store/cache/store-option.js";
import { mayReadAgain } from "./changes/unless-changed.js";
import { checkStoreOption, selectedBatches } from "./kept-batches.js";
import type { TableRoutes } from "./plan/route.js";
import {
  type CheckedSelection,
  checkSelection,
  repeatsRows,
  SELECTION_OPTIONS,
  type SelectionOptions,
  select,
  type TableSelection,
} from "./plan/table-selection.js";
import { ReopenedSource, SOURCE_OPTIONS, type SourceOptions, withTable } from "./source.js";

/** Which table, which part of it, and how. */
export interface ReadOptions extends SourceOptions, SelectionOptions, StoreOption {
  /** Stops the work: it throws an AbortError at once and releases everything it holds. */
  readonly signal?: AbortSignal | undefined;
}

export const READ_OPTIONS: OptionNames<ReadOptions> = { ...SOURCE_OPTIONS, ...SELECTION_OPTIONS, store: true };

/**
 * Reads a table batch by batch, in bounded memory: requests run ahead of the loop by a few batches and no further.
 * Leaving the loop in any way ends the requests and closes what was opened.
 *
 * Batches hold typed columns ({@link ColumnBatch}) of one request's rows each; an empty selection gives one batch
 * without rows, so that columns and types are known.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE`, `ROWS_WITH_QUERY`, `INVALID_ARGUMENT`
 * @throws ConditionError for a query that cannot work; it is not sent.
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`, `NOT_A_TABLE`, `NOT_INITIALIZED`, `TABLE_CHANGED`
 * @throws what `connectToOmero` throws, ServerError, ConnectionError, AbortError
 *
 * @example
 * ```ts
 * for await (const batch of readBatches({ connection, fileId: 10 })) console.log(batch.rowCount);
 * ```
 */
export async function* readBatches(options: ReadOptions): AsyncGenerator<ColumnBatch, void, undefined> {
  checkOptions(options, READ_OPTIONS, "readBatches");
  const watch = new CallbackWatch();
  try {
    yield* readAgain(watch.watched(options));
    await watch.settled();
  } catch (error) {
    throw watch.reasonOf(error);
  }
}

/** Begins again where the table changed before a batch was given. */
async function* readAgain(options: ReadOptions): AsyncGenerator<ColumnBatch, void, undefined> {
  const checked = checkRead(options);
  await using reopened = await ReopenedSource.connect(options);
  for (let reading = 1; ; reading++) {
    let given = false;
    const source = await reopened.open();
    try {
      for await (const batch of selectedBatches(select(source.table, checked), source.routes, options)) {
        given = true;
        yield batch;
      }
      return;
    } catch (error) {
      if (given || !mayReadAgain(error, reading)) throw error;
    } finally {
      await source.close();
    }
  }
}

/** @throws ArgumentError, ConditionError */
export function checkRead(options: ReadOptions): CheckedSelection {
  checkStoreOption(options);
  return checkSelection(options);
}

export interface ReadArrowOptions extends ReadOptions {
  /** Add the rows' numbers as a last column, `__index_level_0__`, which pandas takes for the index. */
  readonly rowNumbers?: boolean | undefined;
}

/**
 * Reads a table into an Apache Arrow table. Ids and Long are Int64, Double is Float64 (NaN stays NaN), text is Utf8, arrays are
 * FixedSizeList, masks Struct. The schema keeps the table's metadata, and each field its OMERO type, description and
 * width. Throws as {@link readBatches} does.
 *
 * @example
 * ```ts
 * const arrow = await readArrow({ connection, fileId: 10, columnNames: ["image", "area"] });
 * console.log(arrow.numRows, arrow.getChild("area")?.get(0));
 * ```
 */
export async function readArrow(options: ReadArrowOptions): Promise<ArrowTable> {
  checkOptions(options, { ...READ_OPTIONS, rowNumbers: true }, "readArrow");
  return watchingCallbacks(options, (watched) => {
    const { signal } = watched;
    const checked = checkRead(watched);
    return withTable(watched, async (table, routes) => {
      const batches = selectedBatches(select(table, checked), routes, watched);
      return new ArrowSink(watched).write({ batches, metadata: () => table.getAllMetadata({ signal }) });
    });
  });
}

export interface ReadTableOptions extends ReadOptions {
  /**
   * How ids and Long values appear: as numbers (default), where a value that a number cannot hold exactly is an error,
   * or as bigints, which can be shown, selected, sorted, joined, grouped and summed up.
   */
  readonly int64?: Int64Option | undefined;
}

/**
 * Reads a table into a {@link DataFrame}, its index the rows' numbers in the table. Array columns give arrays; a mask
 * is JSON text. A column named as a member of the frame (`index`, `mean`, ...) is reached by `frame.column(name)`.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` for a row asked for twice, as an index cannot name it; and what {@link readBatches} throws
 * @throws DataError `UNSAFE_INTEGER` with `column` and `row`
 *
 * @example
 * ```ts
 * const frame = await readTable({ connection, fileId: 10, query: "`mean area` > 1000" });
 * frame.head().print();
 * ```
 */
export async function readTable(options: ReadTableOptions): Promise<DataFrame> {
  checkOptions(options, { ...READ_OPTIONS, int64: true }, "readTable");
  const { int64 = "number" } = options;
  checkInt64(int64);
  return watchingCallbacks(options, (watched) => {
    const checked = checkRead(watched);
    return withTable(watched, (table, routes) => readFrame(select(table, checked), routes, { ...watched, int64 }));
  });
}

async function readFrame(
  selection: TableSelection,
  routes: TableRoutes,
  options: ReadTableOptions,
): Promise<DataFrame> {
  if (repeatsRows(selection)) {
    const message = "rows names a row twice; the index of a DataFrame cannot: give each row once, or use readArrow";
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  // Loading takes the processor for a while; by the next turn the first requests are on their way.
  const danfojs = nextTurn().then(() => loadDanfojs());
  const { int64 = "number" } = options;
  const batches = selectedBatches(selection, routes, options);
  const { FrameSink } = await import("../formats/frame/frame.js");
  return new FrameSink({ int64, danfojs }).write({ batches, rowCount: selection.rowCount });
}
