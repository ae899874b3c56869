/**
 * The order of many 64-bit numbers, by a radix sort: six passes over digits of eleven bits, from the least significant.
 * It is stable, takes the same time whatever the numbers' order, and leaves out the passes whose digits are all equal.
 */
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../../columns/int64.js";
import { rowsUpTo } from "./numbers.js";

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
const SIGN = 0x8000_0000;

/** Positions of numbers in ascending order, equal ones as they come; NaN last, minus zero as zero. */
export function ascendingOrder(numbers: Float64Array): Int32Array {
  return orderOf(doubleKeys(numbers));
}

/** Positions of numbers in descending order, equal ones as they come; NaN last all the same. */
export function descendingOrder(numbers: Float64Array): Int32Array {
  const keys = doubleKeys(numbers);
  for (let row = 0; row < numbers.length; row++) {
    if (Number.isNaN(numbers[row])) continue;
    keys.high[row] = ~keys.high[row]!;
    keys.low[row] = ~keys.low[row]!;
  }
  return orderOf(keys);
}

/** Unsigned 64-bit numbers that have the order of others. */
interface Keys {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** The bits of doubles have their order once those of negative ones are inverted and the sign of others is set. */
function doubleKeys(numbers: Float64Array): Keys {
  const count = numbers.length;
  const keys = { high: new Uint32Array(count), low: new Uint32Array(count) };
  const halves = wordHalves(numbers);
  for (let row = 0; row < count; row++) {
    const high = halves[2 * row + HIGH_HALF]!;
    const low = halves[2 * row + LOW_HALF]!;
    const value = numbers[row]!;
    if (Number.isNaN(value)) {
      keys.high[row] = 0xffff_ffff;
      keys.low[row] = 0xffff_ffff;
    } else if (value === 0) {
      keys.high[row] = SIGN;
    } else {
      keys.high[row] = high < 0 ? ~high : high ^ SIGN;
      keys.low[row] = high < 0 ? ~low : low;
    }
  }
  return keys;
}

type KeyedRows = Keys & { readonly rows: Int32Array };
/** Puts rows with their keys where `starts` says, by one digit of the keys. */
type Pass = (from: KeyedRows, to: KeyedRows, starts: Uint32Array) => void;

/** From the least significant digit. Once the digits of the lower half are done, it is no longer needed. */
const PASSES: readonly Pass[] = [
  (from, to, starts) => distributeByLow(from, to, starts, 0),
  (from, to, starts) => distributeByLow(from, to, starts, DIGIT_BITS),
  distributeAcross,
  (from, to, starts) => distributeByHigh(from, to, starts, 1),
  (from, to, starts) => distributeByHigh(from, to, starts, 12),
  (from, to, starts) => distributeByHigh(from, to, starts, 23),
];

/** Sorts `keys`, which are no longer usable afterwards. */
function orderOf(keys: Keys): Int32Array {
  const count = keys.high.length;
  let from: KeyedRows = { ...keys, rows: rowsUpTo(count) };
  let to: KeyedRows = { high: new Uint32Array(count), low: new Uint32Array(count), rows: new Int32Array(count) };
  for (const [digit, counts] of digitCounts(keys).entries()) {
    if (!toStarts(counts, count)) continue;
    PASSES[digit]!(from, to, counts);
    [from, to] = [to, from];
  }
  return from.rows;
}

/** How often each value of each digit is there. */
function digitCounts({ high, low }: Keys): Uint32Array[] {
  const counts = PASSES.map(() => new Uint32Array(DIGITS)) as Six<Uint32Array>;
  const [first, second, third, fourth, fifth, sixth] = counts;
  for (let row = 0; row < high.length; row++) {
    const upper = high[row]!;
    const lower = low[row]!;
    first[lower & DIGIT_MASK]!++;
    second[(lower >>> DIGIT_BITS) & DIGIT_MASK]!++;
    third[((upper << 10) | (lower >>> 22)) & DIGIT_MASK]!++;
    fourth[(upper >>> 1) & DIGIT_MASK]!++;
    fifth[(upper >>> 12) & DIGIT_MASK]!++;
    sixth[upper >>> 23]!++;
  }
  return counts;
}

type Six<T> = [T, T, T, T, T, T];

/** Makes counts the places where rows begin; false where all rows have the same digit. */
function toStarts(counts: Uint32Array, rowCount: number): boolean {
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = counts[digit]!;
    if (count === rowCount) return false;
    counts[digit] = sum;
    sum += count;
  }
  return true;
}

function distributeByLow(from: KeyedRows, to: KeyedRows, starts: Uint32Array, shift: number): void {
  for (let row = 0; row < from.rows.length; row++) {
    const low = from.low[row]!;
    const at = starts[(low >>> shift) & DIGIT_MASK]!++;
    to.low[at] = low;
    to.high[at] = from.high[row]!;
    to.rows[at] = from.rows[row]!;
  }
}

function distributeAcross(from: KeyedRows, to: KeyedRows, starts: Uint32Array): void {
  for (let row = 0; row < from.rows.length; row++) {
    const high = from.high[row]!;
    const at = starts[((high << 10) | (from.low[row]! >>> 22)) & DIGIT_MASK]!++;
    to.high[at] = high;
    to.rows[at] = from.rows[row]!;
  }
}

function distributeByHigh(from: KeyedRows, to: KeyedRows, starts: Uint32Array, shift: number): void {
  for (let row = 0; row < from.rows.length; row++) {
    const high = from.high[row]!;
    const at = starts[(high >>> shift) & DIGIT_MASK]!++;
    to.high[at] = high;
    to.rows[at] = from.rows[row]!;
  }
}
