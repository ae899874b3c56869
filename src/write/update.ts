/** Changing rows of a table. */

import { isAscii } from "node:buffer";
import type { ColumnBatch } from "../columns/batch.js";
import { columnValues } from "../columns/column-values.js";
import { columnKind } from "../columns/kinds/kinds.js";
import type { OnProgress, WritableTable } from "../columns/table.js";
import { AbortError, ArgumentError, DataError, type OmeroError, TableError, throwIfAborted } from "../errors.js";
import { watchingCallbacks } from "../flow/callbacks.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { type CsvOptions, checkCsvNames } from "../formats/csv/opening/dialect.js";
import type { Source } from "../formats/format.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { valueDoesNotFit } from "../formats/values/value-errors.js";
import { unlessChanged } from "../read/changes/unless-changed.js";
import { matchRows, typesOf } from "./matching.js";
import { checkChunkSize } from "./send-rows.js";
import { TABLE_OPTIONS, type TableOption, withWritableTable } from "./table-option.js";
import { checkTargets, findTargets, type UpdateTargets } from "./update-targets.js";

export interface UpdateOptions extends TableOption, UpdateTargets {
  /** Rows a call. Default: as many as make 20,000 cells, because the server sets cell by cell. */
  readonly chunkSize?: number | undefined;
  /** How a CSV is to be read. */
  readonly csv?: CsvOptions | undefined;
  /** Stops between two calls; rows changed by then stay changed. */
  readonly signal?: AbortSignal | undefined;
  /** Told of rows changed. */
  readonly onProgress?: OnProgress | undefined;
}

/** What was changed. */
export interface UpdateResult {
  /** Rows changed. */
  readonly rowCount: number;
}

/** One value a column, for all rows to change. */
export type Constants = Readonly<Record<string, bigint | number | string | boolean | Date>>;

const UPDATE_OPTIONS: OptionNames<UpdateOptions> = {
  ...TABLE_OPTIONS,
  rows: true,
  query: true,
  variables: true,
  chunkSize: true,
  csv: true,
  signal: true,
  onProgress: true,
};

/** The server takes about 0.1 ms for each cell. */
const CELLS_A_CALL = 20_000;
const CHECKED_ROWS = 10_000;

/**
 * Changes values of rows that a table has: those numbered `rows`, those that meet `query`, or, for a frame, column
 * batches or an Arrow table that was read from it, the rows they came from. The source has some of the table's columns and
 * a row for each row to change; or it is an object of single values, which all these rows get.
 *
 * Values take the table's types; what does not fit is refused before anything is sent, and so is text that is not
 * ASCII, which the server cannot set. If sending fails half-way, the
 * error says how many rows were changed.
 *
 * @example await updateRows({ diagnosis: "benign" }, { fileId: 5, query: "area < 100" })
 * @throws ArgumentError, ConditionError, DataError with `column` and `row`: nothing was changed
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`, `NOT_A_TABLE`; `WRITE_FAILED`
 */
export async function updateRows(source: RowSource | Constants, options: UpdateOptions): Promise<UpdateResult> {
  checkOptions(options, UPDATE_OPTIONS, "updateRows");
  checkChunkSize(options.chunkSize);
  checkCsvNames(options.csv);
  checkTargets(source, options);
  return watchingCallbacks(options, (watched) =>
    withWritableTable(watched, (table) => updateFrom(table, source, watched)),
  );
}

async function updateFrom(
  table: WritableTable,
  source: RowSource | Constants,
  options: UpdateOptions,
): Promise<UpdateResult> {
  const { csv = {}, signal } = options;
  // Where someone else changes the table meanwhile and the server says so, the rows are looked for again.
  const rows = await unlessChanged(() => findTargets(table, source as RowSource, options, signal));
  const repeated = isConstants(source) ? repeatedColumns(source, rows.length) : source;
  const typing = typesOf(table.fields, true);
  const onWarning = () => {};
  const opened = await openSource(repeated, { ...typing, csv, onWarning, signal, onProgress: undefined });
  try {
    const matched = await matchRows(opened, table.fields, signal);
    checkUpdate(matched, rows.length);
    if (options.table === undefined) await checkAscii(matched, signal);
    return await update(table, matched, rows, options);
  } finally {
    await opened.close();
  }
}

function isConstants(source: RowSource | Constants): source is Constants {
  if (typeof source !== "object" || source === null || Array.isArray(source)) return false;
  if (Object.getPrototypeOf(source) !== Object.prototype && Object.getPrototypeOf(source) !== null) return false;
  const values = Object.values(source);
  return values.length > 0 && values.every((value) => typeof value !== "object" || value instanceof Date);
}

function repeatedColumns(constants: Constants, rowCount: number): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, new Array(rowCount).fill(value)]));
}

function checkUpdate({ fields, rowCount }: Source, targets: number): void {
  const mask = fields.find(({ type }) => columnKind(type) === "mask");
  if (mask !== undefined) {
    const message = `Column "${mask.name}" holds masks, which the server cannot change`;
    throw new DataError("UNSUPPORTED_TYPE", message, { column: mask.name });
  }
  if (rowCount === undefined) {
    const message = "The number of rows in a stream is not known; give a list of batches, or another source";
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  if (rowCount !== targets) {
    const message = `There are ${targets} rows to change and ${rowCount} rows of values; give one for each`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
}

/**
 * The server sets text cell by cell, which PyTables does for ASCII only; a call that fails at another text has changed
 * some cells by then.
 */
async function checkAscii(source: Source, signal: AbortSignal | undefined): Promise<void> {
  if (!source.fields.some(({ type }) => columnKind(type) === "string")) return;
  let row = 0;
  for await (const { columns, rowCount } of source.batches(CHECKED_ROWS, { signal })) {
    for (const [index, column] of columns.entries()) {
      if (column.kind !== "string" || isAscii(column.bytes.subarray(column.offsets[0], column.offsets.at(-1))))
        continue;
      const text = columnValues(column).find((one) => /[^\0-\x7f]/.test(one as string));
      const at = row + columnValues(column).indexOf(text);
      const why = "cannot be set: OMERO.tables changes text to ASCII only. Upload the table anew, with replace";
      throw valueDoesNotFit(source.fields[index]!.name, at, text, why);
    }
    row += rowCount;
  }
}

async function update(
  table: WritableTable,
  source: Source,
  rows: Float64Array,
  options: UpdateOptions,
): Promise<UpdateResult> {
  const { signal, onProgress } = options;
  const perCall = options.chunkSize ?? Math.max(1, Math.floor(CELLS_A_CALL / source.fields.length));
  let changed = 0;
  try {
    for await (const batch of source.batches(perCall, { signal })) {
      throwIfAborted(signal, "updateRows");
      const rowNumbers = rows.subarray(changed, changed + batch.rowCount);
      await table.update({ ...batch, rowNumbers } satisfies ColumnBatch, { signal });
      changed += batch.rowCount;
      onProgress?.({ done: changed, total: rows.length, unit: "rows" });
    }
    return { rowCount: changed };
  } catch (cause) {
    throw failure(cause, changed, rows);
  }
}

function failure(cause: unknown, changed: number, rows: Float64Array): OmeroError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const next = rows[changed];
  const message = `The update failed after ${changed} of ${rows.length} rows, before row ${next}: ${why}. It can be repeated as a whole.`;
  if (cause instanceof AbortError) return new AbortError("ABORTED", message, { cause: cause.cause, row: next });
  return new TableError("WRITE_FAILED", message, { cause, row: next });
}
