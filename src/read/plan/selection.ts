/** Which columns and rows of a table are wanted: checked against the table before anything is read. */
import type { ColumnField } from "../../columns/batch.js";
import { ArgumentError } from "../../errors.js";
import { nearestName } from "../../flow/nearest-name.js";

/**
 * Rows by number, from 0: a list in any order, duplicates allowed (any iterable of integers, typed arrays too); or a
 * range like Python's, `start` included, `stop` excluded.
 */
export type RowsOption = Iterable<number | bigint> | RowRange;

/** Rows of a table: `start`, `start + step`, … up to but not including `stop`. */
export interface RowRange {
  /** First row. Default 0, or the last row where `step` is negative. */
  readonly start?: number;
  /** Row after the last. Beyond the end it means the end. Default: the end, or before row 0 where `step` is negative. */
  readonly stop?: number;
  /** Distance of rows, not 0; negative counts down. Default 1. */
  readonly step?: number;
}

/** The rows wanted: `count` rows from `start`, `step` apart, or those of a list. */
export type RowSelection =
  | { readonly kind: "range"; readonly start: number; readonly step: number; readonly count: number }
  | { readonly kind: "list"; readonly rows: Float64Array };

/**
 * Positions of the named columns, in table order, each once. `undefined` means all.
 * @throws ArgumentError `UNKNOWN_COLUMN` for a name the table lacks.
 */
export function selectColumns(fields: readonly ColumnField[], names: readonly string[] | undefined): number[] {
  if (names === undefined) return fields.map((_, index) => index);
  const positions = new Map(fields.map(({ name }, index) => [name, index]));
  const wanted = names.map((name) => positions.get(name) ?? throwUnknownColumn(name, fields));
  return [...new Set(wanted)].sort((a, b) => a - b);
}

function throwUnknownColumn(name: string, fields: readonly ColumnField[]): never {
  const nearest = nearestName(
    String(name),
    fields.map((field) => field.name),
  );
  const hint = nearest === undefined ? `its columns are ${listNames(fields)}` : `did you mean "${nearest}"?`;
  throw new ArgumentError("UNKNOWN_COLUMN", `The table has no column "${name}"; ${hint}`, { column: String(name) });
}

function listNames(fields: readonly ColumnField[]): string {
  const shown = fields.slice(0, 20).map(({ name }) => `"${name}"`);
  return shown.join(", ") + (fields.length > shown.length ? ` and ${fields.length - shown.length} more` : "");
}

/**
 * The rows an option means in a table of `rowCount` rows.
 * @throws ArgumentError `ROWS_OUT_OF_RANGE` for a row the table lacks (negative ones included), `INVALID_ARGUMENT` for
 * what is no row number or no range.
 */
export function selectRows(rows: RowsOption | undefined, rowCount: number): RowSelection {
  if (rows === undefined) return { kind: "range", start: 0, step: 1, count: rowCount };
  if (typeof rows !== "object" || rows === null) throw invalidRows(rows);
  return Symbol.iterator in rows ? selectList(rows, rowCount) : selectRange(rows, rowCount);
}

function selectList(rows: Iterable<number | bigint>, rowCount: number): RowSelection {
  const list = Float64Array.from(rows as Iterable<number>, Number);
  for (let index = 0; index < list.length; index++) {
    const row = list[index]!;
    if (!Number.isInteger(row)) throw invalidRows(row);
    if (row < 0 || row >= rowCount) throw outOfRange(row, rowCount);
  }
  return { kind: "list", rows: list };
}

function selectRange(range: RowRange, rowCount: number): RowSelection {
  const step = checkedInteger(range.step ?? 1);
  if (step === 0)
    throw new ArgumentError("INVALID_ARGUMENT", "rows.step is 0; it must be a positive or negative integer");
  return step > 0 ? upwards(range, step, rowCount) : downwards(range, step, rowCount);
}

function upwards(range: RowRange, step: number, rowCount: number): RowSelection {
  const start = checkedInteger(range.start ?? 0);
  const stop = checkedInteger(range.stop ?? rowCount);
  if (start < 0 || start > rowCount) throw outOfRange(start, rowCount);
  if (stop < 0) throw outOfRange(stop, rowCount);
  return { kind: "range", start, step, count: Math.max(0, Math.ceil((Math.min(stop, rowCount) - start) / step)) };
}

function downwards(range: RowRange, step: number, rowCount: number): RowSelection {
  const start = checkedInteger(range.start ?? rowCount - 1);
  const stop = checkedInteger(range.stop ?? -1);
  const empty = stop >= start;
  if (start >= rowCount || (start < 0 && range.start !== undefined)) throw outOfRange(start, rowCount);
  if (stop < -1) throw outOfRange(stop, rowCount);
  return { kind: "range", start: Math.max(start, 0), step, count: empty ? 0 : Math.ceil((start - stop) / -step) };
}

function checkedInteger(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw invalidRows(value);
  return value;
}

function outOfRange(row: number, rowCount: number): ArgumentError {
  const has = rowCount === 0 ? "has no rows" : `has rows 0 to ${rowCount - 1}`;
  return new ArgumentError("ROWS_OUT_OF_RANGE", `Row ${row} was asked for, but the table ${has}`, { row });
}

function invalidRows(value: unknown): ArgumentError {
  const found = typeof value === "object" ? "an object of another kind" : `${typeof value} ${String(value)}`;
  return new ArgumentError(
    "INVALID_ARGUMENT",
    `rows must be a list of row numbers or { start, stop, step } in integers; found ${found}`,
  );
}
