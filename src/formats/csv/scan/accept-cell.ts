/** Cells as they come: quoted, spaced, missing, or of another kind than those before them in their column. */
import { fitsInt64 } from "../../../columns/int64.js";
import { DataError } from "../../../errors.js";
import {
  BOOL_CELLS,
  type CellColumn,
  type CellKind,
  DOUBLE_CELLS,
  LONG_CELLS,
  NONE,
  STRING_CELLS,
} from "./cell-column.js";
import type { MissingValues } from "./missing-values.js";
import { boolWord } from "./plain-cells.js";

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DIGITS = /^\d+$/;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
/** The spaces that pandas passes over around numbers. */
const AROUND = /^[\t-\r ]+|[\t-\r ]+$/g;
const SPACE = 32;
const LONGEST_SHOWN = 60;
/** Bytes of a cell that may be a number; longer ones are text. */
const LONGEST_NUMBER = 4096;
const KIND_NAMES: Record<CellKind, string> = {
  [NONE]: "missing value",
  [BOOL_CELLS]: "boolean",
  [LONG_CELLS]: "64-bit integer",
  [DOUBLE_CELLS]: "number",
  [STRING_CELLS]: "text",
};

interface Place {
  readonly row: number;
  readonly line: number;
}

/** How numbers are written. */
export interface NumberMarks {
  /** Between the whole and the fraction. */
  readonly decimal: "." | ",";
  /** Between thousands; empty where nothing is. */
  readonly thousands: string;
}

/** Stores the cell `bytes[start] ..< bytes[end]` as row `row` of the chunk, widening the column's kind if it must. */
export function acceptCell(
  column: CellColumn,
  bytes: Uint8Array,
  start: number,
  end: number,
  row: number,
  place: Place,
  missing: MissingValues,
  marks: NumberMarks,
): void {
  if (
    missing.has(bytes, start, end) ||
    (column.kind !== STRING_CELLS && isSpacedMissing(column, bytes, start, end, missing))
  ) {
    acceptMissing(column, row, place);
    return;
  }
  if (end - start > column.width) column.width = end - start;
  const word = boolWord(bytes, start);
  const isBool = word >= 0 && end - start === 5 - word;
  if (column.kind === STRING_CELLS) {
    if (!isBool) column.onlyBools = false;
    column.setText(row, bytes, start, end);
    return;
  }
  if (isBool) {
    column.sawBool = true;
    if (toKind(column, BOOL_CELLS, row)) {
      column.bools[row] = word;
      return;
    }
  } else if (end - start <= LONGEST_NUMBER && acceptNumber(column, numberText(bytes, start, end, marks), row, place)) {
    return;
  }
  if (column.fixed) throw valueDoesNotFit(column, readText(bytes, start, end), place);
  if (column.kind === LONG_CELLS || column.kind === DOUBLE_CELLS) {
    column.firstText = { ...place, text: shown(readText(bytes, start, end)) };
  }
  column.widen(STRING_CELLS, row);
  if (!isBool) column.onlyBools = false;
  column.setText(row, bytes, start, end);
}

/** Whether nothing but spaces keeps a cell from being a missing value; in a column of text it is none. */
function isSpacedMissing(
  column: CellColumn,
  bytes: Uint8Array,
  start: number,
  end: number,
  missing: MissingValues,
): boolean {
  let first = start;
  let last = end;
  while (first < last && bytes[first] === SPACE) first++;
  while (last > first && bytes[last - 1] === SPACE) last--;
  const isMissing = last - first < end - start && missing.has(bytes, first, last);
  if (isMissing) column.sawSpacedMissing = true;
  return isMissing;
}

/** Whether the column now is of `kind` or one that holds it. */
function toKind(column: CellColumn, kind: CellKind, row: number): boolean {
  if (column.kind === kind || (column.kind === DOUBLE_CELLS && kind === LONG_CELLS)) return true;
  if (column.fixed) return false;
  const widens =
    column.kind === NONE
      ? kind === DOUBLE_CELLS || !column.sawMissing || (kind === LONG_CELLS && column.ids)
      : column.kind === LONG_CELLS && kind === DOUBLE_CELLS;
  if (widens) column.widen(kind, row);
  else if (column.kind === NONE && kind === LONG_CELLS) column.widen(DOUBLE_CELLS, row);
  else return false;
  return true;
}

/** Stores a missing value, widening the column's kind if it has none. */
export function acceptMissing(column: CellColumn, row: number, place: Place): void {
  column.sawMissing = true;
  if (column.ids && (column.kind === LONG_CELLS || column.kind === NONE)) column.missingIds++;
  else if (column.kind === LONG_CELLS || column.kind === BOOL_CELLS) {
    if (column.fixed) throw valueDoesNotFit(column, "", place);
    column.widen(column.kind === LONG_CELLS ? DOUBLE_CELLS : STRING_CELLS, row);
  }
  column.setMissing(row);
}

function acceptNumber(column: CellColumn, text: string, row: number, place: Place): boolean {
  if (INTEGER.test(text)) return acceptInteger(column, text, row, place);
  const value = DECIMAL.test(text) ? Number(text) : INFINITY.test(text) ? infinity(text) : undefined;
  if (value === undefined) return false;
  if (takesWhole(column) && Number.isSafeInteger(value) && !Object.is(value, -0))
    return acceptWhole(column, value, row);
  if (!toKind(column, DOUBLE_CELLS, row)) return false;
  column.sawFraction = true;
  column.doubles[row] = value;
  return true;
}

/** Whether a whole number in floating-point notation is an integer of this column. */
function takesWhole({ ids, fixed, kind }: CellColumn): boolean {
  return (ids && (kind === NONE || kind === LONG_CELLS)) || (fixed && kind === LONG_CELLS);
}

function acceptWhole(column: CellColumn, value: number, row: number): boolean {
  if (column.kind === NONE) column.widen(LONG_CELLS, row);
  column.wholeIds++;
  column.sawInteger = true;
  column.setLong(row, BigInt(value));
  return true;
}

function acceptInteger(column: CellColumn, text: string, row: number, place: Place): boolean {
  const value = BigInt(text.replace("+", ""));
  const fits = fitsInt64(value);
  if (column.fixed && column.kind === LONG_CELLS && !fits) return false;
  if (column.fixed && column.kind === BOOL_CELLS && (value === 0n || value === 1n)) {
    column.bools[row] = Number(value);
    return true;
  }
  if (!toKind(column, fits ? LONG_CELLS : DOUBLE_CELLS, row)) return false;
  column.sawInteger = true;
  notePadding(column, text);
  if (!fits) column.beyondInt64 ??= { ...place, text: shown(text) };
  if (!Number.isSafeInteger(Number(value))) column.unsafeInteger ??= { ...place, text: shown(text) };
  if (value === 0n && text.startsWith("-")) column.sawNegativeZero = true;
  if (column.kind === LONG_CELLS) column.setLong(row, value);
  else column.doubles[row] = text.startsWith("-") ? -Number(-value) : Number(value);
  return true;
}

function notePadding(column: CellColumn, text: string): void {
  if (text.length < column.shortest) column.shortest = text.length;
  if (!DIGITS.test(text)) column.sawUnpadded = true;
  else if (text.length > 1 && text.startsWith("0")) column.sawLeadingZero = true;
}

function infinity(text: string): number {
  return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The cell with a point before its fraction and nothing else between digits or around them; "?" for what is no number. */
function numberText(bytes: Uint8Array, start: number, end: number, { decimal, thousands }: NumberMarks): string {
  const cell = thousands === "" ? asciiText(bytes, start, end) : readCell(bytes, start, end);
  const text = cell.replace(AROUND, "");
  if (text !== cell && INFINITY.test(text)) return "?";
  const joined = thousands === "" ? text : withoutThousands(text, decimal, thousands);
  return decimal === "." ? joined : joined.replace(".", "!").replace(decimal, ".");
}

/** Without the marks between thousands, if they stand where such marks do. */
function withoutThousands(text: string, decimal: string, thousands: string): string {
  const end = text.indexOf(decimal);
  const whole = end < 0 ? text : text.slice(0, end);
  const groups = whole.split(thousands);
  const grouped =
    groups.length > 1 && /^[+-]?\d{1,3}$/.test(groups[0]!) && groups.slice(1).every((one) => /^\d{3}$/.test(one));
  return grouped ? groups.join("") + text.slice(whole.length) : text;
}

function readCell(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** The cell as text where it is ASCII; else a text that is no number. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 127) return "?";
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The beginning of a cell's text, to be shown. */
function readText(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 4 * LONGEST_SHOWN + 4)));
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

function valueDoesNotFit(column: CellColumn, text: string, place: Place): DataError {
  const found = text === "" ? "a missing value" : `"${shown(text)}"`;
  return new DataError(
    "VALUE_DOES_NOT_FIT",
    `CSV line ${place.line}, column "${column.name}", row ${place.row}: ${found} is no ${KIND_NAMES[column.kind]}. Correct it, or give the column another type.`,
    { column: column.name, row: place.row, line: place.line },
  );
}
