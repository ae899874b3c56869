/** Appending rows to a table. */

import type { ColumnField } from "../columns/batch.js";
import type { OnProgress, WritableTable } from "../columns/table.js";
import { through, withConnection } from "../connect/connection-option.js";
import { AbortError, type OmeroError, TableError } from "../errors.js";
import { watchingCallbacks } from "../flow/callbacks.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import { type CsvOptions, checkCsvNames } from "../formats/csv/opening/dialect.js";
import type { Source } from "../formats/format.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { type LinkTarget, PARENT_OPTIONS, type ParentOption, parentTarget } from "../gateway/links.js";
import type { ObjectRef } from "../gateway/object-ref.js";
import { AppendedRows } from "../gateway/tables/appended-rows.js";
import { matchRows, typesOf } from "./matching.js";
import { type AppendedNames, appendedNames, checkNamesTarget, namedFields } from "./names/appended-names.js";
import { checkChunkSize, sendRows } from "./send-rows.js";
import { TABLE_OPTIONS, type TableOption, withWritableTable } from "./table-option.js";

export interface AppendOptions extends TableOption, ParentOption {
  /** Rows a call; chosen by the columns' width unless given. */
  readonly chunkSize?: number | undefined;
  /** How a CSV is written, where that is not to be found out. */
  readonly csv?: CsvOptions | undefined;
  /**
   * Object below which names of wells, images and so on, in columns that hold ids in the table, are looked up, as
   * `uploadTable` does. Without it such columns take ids alone.
   */
  readonly parent?: ObjectRef | undefined;
  /** Stops between two calls; rows appended by then stay. */
  readonly signal?: AbortSignal | undefined;
  /** Told of rows added. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what was found out and repaired of a CSV; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

const APPEND_OPTIONS: OptionNames<AppendOptions> = {
  ...TABLE_OPTIONS,
  chunkSize: true,
  csv: true,
  ...PARENT_OPTIONS,
  signal: true,
  onProgress: true,
  onWarning: true,
};

/** Where the rows went. */
export interface AppendResult {
  /** Number of the first row appended. */
  readonly firstRow: number;
  /** Rows appended. */
  readonly rowCount: number;
}

/**
 * Appends rows from any source that `uploadTable` takes. They must have the table's columns, in any order, and take its
 * types; values that do not fit are refused before anything is sent, except those of a stream of column batches.
 *
 * A table's rows cannot be removed: if sending fails half-way, the error says how many rows were appended. Others may append
 * to the same table meanwhile: each call adds its rows in one piece, and where several calls' rows are not one after the
 * other, the error has the `spans` that they are in.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN` for columns that differ, `INVALID_ARGUMENT`; DataError with `column` and `row`, among
 * them `UNRESOLVED_NAMES` before anything is sent
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`, `NOT_A_TABLE`; `WRITE_FAILED` with `row`, the table's number of rows as far
 * as known; `TABLE_CHANGED` with `spans` where all rows were appended, but not in one piece
 * @throws AbortError with `row`
 *
 * @example
 * ```ts
 * const { firstRow, rowCount } = await appendRows([{ image: 3, area: 14 }], { connection, fileId: 10 });
 * ```
 */
export async function appendRows(source: RowSource, options: AppendOptions): Promise<AppendResult> {
  checkOptions(options, APPEND_OPTIONS, "appendRows");
  checkChunkSize(options.chunkSize);
  checkCsvNames(options.csv);
  const target = parentTarget(options);
  return watchingCallbacks(options, (watched) =>
    target === undefined
      ? withWritableTable(watched, (table) => appendSource(table, source, watched))
      : appendNamed(source, watched, target),
  );
}

async function appendNamed(source: RowSource, options: AppendOptions, target: LinkTarget): Promise<AppendResult> {
  const { signal, onWarning = emitWarning } = options;
  checkNamesTarget(target);
  return withConnection(options, (connection) =>
    withWritableTable(through(connection, options), (table) =>
      appendSource(table, source, options, { target, connection, onWarning, signal }),
    ),
  );
}

async function appendSource(
  table: WritableTable,
  source: RowSource,
  options: AppendOptions,
  names?: AppendedNames,
): Promise<AppendResult> {
  if (Array.isArray(source) && source.length === 0) return { firstRow: table.rowCount, rowCount: 0 };
  const { csv = {}, signal, onProgress, onWarning = emitWarning } = options;
  const taking = { csv, onWarning, signal, onProgress, slowConsumer: true };
  const { fields } = table;
  const opened = await openSource(source, {
    ...(names ? namedOpening(fields, names) : typesOf(fields, false)),
    ...taking,
  });
  try {
    const rows = names === undefined ? opened : await appendedNames(opened, fields, names);
    return await append(table, await matchRows(rows, fields, signal), options);
  } finally {
    await opened.close();
  }
}

/** Columns that may hold names have their type when these are looked up; the columns are checked thereafter, too. */
function namedOpening(fields: readonly ColumnField[], names: AppendedNames): ReturnType<typeof typesOf> {
  const opening = typesOf(fields, false);
  const types = new Map(opening.types);
  for (const { name } of namedFields(fields, names)) types.delete(name);
  return { ...opening, types, checkNames: () => {} };
}

async function append(table: WritableTable, rows: Source, options: AppendOptions): Promise<AppendResult> {
  const { signal } = options;
  const appended = await AppendedRows.of(table, { signal });
  try {
    await sendRows(table, rows, options, (batch, call) => appended.append(batch, call));
  } catch (cause) {
    throw failure(cause, appended, rows.rowCount);
  }
  const [span = { start: appended.rowCount, stop: appended.rowCount }, ...more] = appended.spans;
  if (appended.areKnown && more.length === 0) return { firstRow: span.start, rowCount: appended.count };
  throw scattered(appended);
}

/** All rows are there, but no first row and count can say where. */
function scattered({ count, spans, areKnown }: AppendedRows): TableError {
  const where = areKnown
    ? `they are ${spans.map(({ start, stop }) => `rows ${start} to ${stop - 1}`).join(", ")}`
    : "where they are could not be found out";
  const message = `All ${count} rows were appended, do not append them again; but someone else appended meanwhile: ${where}`;
  return new TableError("TABLE_CHANGED", message, { row: spans[0]?.start, spans: areKnown ? spans : undefined });
}

function failure(cause: unknown, { count, spans, rowCount }: AppendedRows, total: number | undefined): OmeroError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const of = total === undefined ? "" : ` of ${total}`;
  const first = spans[0]?.start ?? rowCount;
  const message = `Appending failed after ${count}${of} rows, from row ${first} on: ${why}. Look at the table's number of rows before appending the rest.`;
  if (cause instanceof AbortError) return new AbortError("ABORTED", message, { cause: cause.cause, row: rowCount });
  return new TableError("WRITE_FAILED", message, { cause, row: rowCount });
}
