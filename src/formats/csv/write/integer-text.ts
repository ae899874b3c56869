/** Integers as decimal ASCII digits. */
import { HIGH_HALF, LOW_HALF } from "../../../columns/int64.js";

const ZERO = 48;
const MINUS = 45;
/** "00", "01" ... "99". */
const PAIRS = Uint8Array.from(
  { length: 200 },
  (_, index) => ZERO + (index % 2 ? (index >> 1) % 10 : Math.floor(index / 20)),
);
const TWO_TO_32 = 2 ** 32;

/** The most bytes an int64 takes: its sign and 19 digits. */
export const LONGEST_INTEGER = 20;

/** Writes an integer from 0 below 2^53 at `at` and returns the position after it. */
export function writeInteger(out: Uint8Array, at: number, value: number): number {
  if (value < 1e9) return writeUpTo9(out, at, value);
  const high = Math.floor(value / 1e8);
  const end = writeUpTo9(out, at, high);
  writeDigits8(out, end, value - high * 1e8);
  return end + 8;
}

function writeUpTo9(out: Uint8Array, at: number, value: number): number {
  let rest = value | 0;
  const end = at + digitCount(rest);
  let position = end;
  while (rest >= 100) {
    const next = (rest / 100) | 0;
    const pair = (rest - next * 100) << 1;
    out[--position] = PAIRS[pair + 1]!;
    out[--position] = PAIRS[pair]!;
    rest = next;
  }
  if (rest >= 10) {
    out[position - 1] = PAIRS[(rest << 1) + 1]!;
    out[position - 2] = PAIRS[rest << 1]!;
  } else {
    out[position - 1] = ZERO + rest;
  }
  return end;
}

function digitCount(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : 4;
  if (value < 100_000_000) return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8;
  return 9;
}

/** Writes an integer below 10^8 as eight digits. */
export function writeDigits8(out: Uint8Array, at: number, value: number): void {
  const digits = value | 0;
  const high = (digits / 10_000) | 0;
  writeDigits4(out, at, high);
  writeDigits4(out, at + 4, digits - high * 10_000);
}

/** Writes an integer below 10^9 as nine digits. */
export function writeDigits9(out: Uint8Array, at: number, value: number): void {
  const digits = value | 0;
  const first = (digits / 100_000_000) | 0;
  out[at] = ZERO + first;
  writeDigits8(out, at + 1, digits - first * 100_000_000);
}

function writeDigits4(out: Uint8Array, at: number, value: number): void {
  const high = (value / 100) | 0;
  const low = (value - high * 100) << 1;
  out[at] = PAIRS[high << 1]!;
  out[at + 1] = PAIRS[(high << 1) + 1]!;
  out[at + 2] = PAIRS[low]!;
  out[at + 3] = PAIRS[low + 1]!;
}

/** Writes int64 number `index` of `halves` (`wordHalves` of columns/int64) at `at` and returns the position after it; makes no bigint below 2^53. */
export function writeInt64(out: Uint8Array, at: number, halves: Int32Array, index: number): number {
  const high = halves[2 * index + HIGH_HALF]!;
  const low = halves[2 * index + LOW_HALF]! >>> 0;
  if (high >= 0x20_0000 || high < -0x20_0000) return writeWideInteger(out, at, high, low);
  const value = high * TWO_TO_32 + low;
  if (value >= 0) return writeInteger(out, at, value);
  out[at] = MINUS;
  return writeInteger(out, at + 1, -value);
}

function writeWideInteger(out: Uint8Array, at: number, high: number, low: number): number {
  const text = String((BigInt(high) << 32n) | BigInt(low));
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}
