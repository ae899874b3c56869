/**
 * Cells as nearly all are: unquoted, without spaces, of the kind their column has shown so far. Each function reads one
 * cell from its first byte, stores it and returns where it ends, or returns {@link NOT_PLAIN} having stored nothing.
 * `ends` marks the bytes that end a cell; one of them must follow the last byte.
 */
import { HIGH_HALF, LOW_HALF } from "../../../columns/int64.js";
import type { CellColumn } from "./cell-column.js";
import { exactDouble } from "./exact-double.js";
import type { MissingValues } from "./missing-values.js";

export const NOT_PLAIN = -1;

const ZERO = 48;
const MINUS = 45;
const TWO_TO_32 = 2 ** 32;
/** A nine-digit accumulator below this takes one more digit. */
const NINE_DIGITS = 1e8;
const POWERS = new Float64Array([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);
/** As many as {@link exactDouble} takes. */
const MOST_LOW_DIGITS = 12;
/** Integers of more digits may pass 2^53; they are not plain. */
const SAFE_DIGITS = 15;

/** Digits of an integer: at most 15, so that it is exact as a number. A zero with a minus sign or before other digits is not plain. */
export function scanLong(column: CellColumn, bytes: Uint8Array, start: number, ends: Uint8Array, row: number): number {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  const first = at;
  let high = 0;
  let low = 0;
  let lowDigits = 0;
  let digit = bytes[at]! - ZERO;
  while (digit >= 0 && digit <= 9) {
    if (high < NINE_DIGITS) high = high * 10 + digit;
    else {
      low = low * 10 + digit;
      lowDigits++;
    }
    digit = bytes[++at]! - ZERO;
  }
  const digits = at - first;
  if (digits === 0 || digits > SAFE_DIGITS || ends[bytes[at]!] === 0 || (negative && high === 0)) return NOT_PLAIN;
  if (bytes[first] === ZERO && digits > 1) return NOT_PLAIN;
  if (at - start > column.width) column.width = at - start;
  if (at - start < column.shortest) column.shortest = at - start;
  if (lowDigits === 0) {
    column.words[2 * row + LOW_HALF] = negative ? -high : high;
    column.words[2 * row + HIGH_HALF] = negative ? -1 : 0;
  } else {
    const magnitude = high * POWERS[lowDigits]! + low;
    const value = negative ? -magnitude : magnitude;
    column.words[2 * row + LOW_HALF] = value | 0;
    column.words[2 * row + HIGH_HALF] = Math.floor(value / TWO_TO_32);
  }
  return at;
}

/** A decimal number of at most 18 significant digits, with or without mark and exponent. Integers padded with zeros are not plain. */
export function scanDouble(
  column: CellColumn,
  bytes: Uint8Array,
  start: number,
  ends: Uint8Array,
  row: number,
  mark: number,
  view: DataView,
): number {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  let high = 0;
  let low = 0;
  let lowDigits = 0;
  let exponent = 0;
  let fraction = false;
  const first = at;
  let digit = bytes[at]! - ZERO;
  while (digit >= 0 && digit <= 9) {
    if (high < NINE_DIGITS) high = high * 10 + digit;
    else {
      low = low * 10 + digit;
      lowDigits++;
    }
    digit = bytes[++at]! - ZERO;
  }
  let digits = at - first;
  if (bytes[at] === mark) {
    const afterMark = ++at;
    // Four digits at a time, from one 32-bit word: differences from "0" that are all at most 9.
    for (;;) {
      const word = view.getInt32(at, true) ^ 0x30303030;
      if (((word + 0x06060606) | word) & 0xf0f0f0f0) break;
      const pairs = word * 10 + (word >>> 8);
      const four = Math.imul(pairs & 0x00ff00ff, 0x00640001) >>> 16;
      if (high < 1e5) high = high * 10_000 + four;
      else if (lowDigits <= 6) {
        low = low * 10_000 + four;
        lowDigits += 4;
      } else break;
      at += 4;
    }
    digit = bytes[at]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      if (lowDigits === 0 && high < NINE_DIGITS) high = high * 10 + digit;
      else {
        low = low * 10 + digit;
        lowDigits++;
      }
      digit = bytes[++at]! - ZERO;
    }
    exponent = afterMark - at;
    digits += at - afterMark;
    fraction = true;
  } else if (digits > SAFE_DIGITS || (bytes[first] === ZERO && digits > 1)) return NOT_PLAIN;
  if (digits === 0 || lowDigits > MOST_LOW_DIGITS) return NOT_PLAIN;
  if ((bytes[at]! | 32) === 101) {
    at = scanExponent(bytes, at + 1);
    if (at < 0) return NOT_PLAIN;
    exponent += scannedExponent;
    fraction = true;
  }
  if (ends[bytes[at]!] === 0) return NOT_PLAIN;
  if (at - start > column.width) column.width = at - start;
  if (column.storing) {
    const value = exactDouble(high, low, lowDigits, exponent);
    column.doubles[row] = negative ? -value : value;
    // biome-ignore lint/suspicious/noSelfCompare: NaN alone differs from itself
    if (value !== value) return NOT_PLAIN;
  }
  if (fraction) column.sawFraction = true;
  else if (at - start < column.shortest) column.shortest = at - start;
  return at;
}

let scannedExponent = 0;

function scanExponent(bytes: Uint8Array, start: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === MINUS || sign === 43) at++;
  const first = at;
  let exponent = 0;
  let digit = bytes[at]! - ZERO;
  while (digit >= 0 && digit <= 9) {
    exponent = exponent * 10 + digit;
    digit = bytes[++at]! - ZERO;
  }
  if (at === first || at - first > 5) return NOT_PLAIN;
  scannedExponent = sign === MINUS ? -exponent : exponent;
  return at;
}

/** `true` or `false` in any case. */
export function scanBool(column: CellColumn, bytes: Uint8Array, start: number, ends: Uint8Array, row: number): number {
  const word = boolWord(bytes, start);
  if (word < 0) return NOT_PLAIN;
  const end = start + 5 - word;
  if (ends[bytes[end]!] === 0) return NOT_PLAIN;
  if (end - start > column.width) column.width = end - start;
  column.bools[row] = word;
  return end;
}

/** 1 where "true" begins at `start`, 0 where "false" does, in any case; else -1. */
export function boolWord(bytes: Uint8Array, start: number): 0 | 1 | -1 {
  const word =
    bytes[start]! |
    32 |
    ((bytes[start + 1]! | 32) << 8) |
    ((bytes[start + 2]! | 32) << 16) |
    ((bytes[start + 3]! | 32) << 24);
  if (word === 0x65757274) return 1;
  return word === 0x736c6166 && (bytes[start + 4]! | 32) === 101 ? 0 : -1;
}

/** Text without quotes. */
export function scanText(
  column: CellColumn,
  bytes: Uint8Array,
  start: number,
  ends: Uint8Array,
  row: number,
  quote: number,
  missing: MissingValues,
): number {
  if (bytes[start] === quote) return NOT_PLAIN;
  let end = start;
  while (ends[bytes[end]!] === 0) end++;
  if (missing.has(bytes, start, end)) return NOT_PLAIN;
  if (end - start > column.width) column.width = end - start;
  column.setText(row, bytes, start, end);
  return end;
}
