/** Appending rows to a table. */

import type { OnProgress, WritableTable } from "../columns/table.js";
import { type OmeroError, TableError } from "../errors.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import { type CsvOptions, checkCsvNames } from "../formats/csv/opening/dialect.js";
import type { Source } from "../formats/format.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { matchRows, typesOf } from "./matching.js";
import { checkChunkSize, sendRows } from "./send-rows.js";
import { TABLE_OPTIONS, type TableOption, withWritableTable } from "./table-option.js";

export interface AppendOptions extends TableOption {
  /** Rows a call; chosen by the columns' width unless given. */
  readonly chunkSize?: number | undefined;
  /** How a CSV is written, where that is not to be found out. */
  readonly csv?: CsvOptions | undefined;
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
 * A table's rows cannot be removed: if sending fails half-way, the error says how many rows were appended.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN` for columns that differ, `INVALID_ARGUMENT`; DataError with `column` and `row`
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`, `NOT_A_TABLE`; `WRITE_FAILED` with `row`, the table's number of rows as far as known
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
  return withWritableTable(options, async (table) => {
    if (Array.isArray(source) && source.length === 0) return { firstRow: table.rowCount, rowCount: 0 };
    const { csv = {}, signal, onProgress, onWarning = emitWarning } = options;
    const taking = { csv, onWarning, signal, onProgress, slowConsumer: true };
    const opened = await openSource(source, { ...typesOf(table.fields, false), ...taking });
    try {
      return await append(table, await matchRows(opened, table.fields, signal), options);
    } finally {
      await opened.close();
    }
  });
}

async function append(table: WritableTable, rows: Source, options: AppendOptions): Promise<AppendResult> {
  const firstRow = table.rowCount;
  let appended = 0;
  const onProgress: OnProgress = (progress) => {
    appended = progress.done;
    options.onProgress?.(progress);
  };
  try {
    return { firstRow, rowCount: await sendRows(table, rows, { ...options, onProgress }) };
  } catch (cause) {
    throw failure(cause, firstRow, appended, rows.rowCount);
  }
}

function failure(cause: unknown, firstRow: number, appended: number, total: number | undefined): OmeroError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const of = total === undefined ? "" : ` of ${total}`;
  const message = `Appending failed after ${appended}${of} rows, from row ${firstRow} on: ${why}. Look at the table's number of rows before appending the rest.`;
  return new TableError("WRITE_FAILED", message, { cause, row: firstRow + appended });
}
