/**
 * The order of many 64-bit numbers, by a radix sort over digits of eleven bits, from the least significant; passes whose
 * digits are all equal are left out. Three passes put the upper halves in order, after which few numbers are left with
 * others of the same half: these are put in order among themselves, or, where they are many, all six passes are made. It is
 * stable.
 */
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../../columns/int64.js";
import { rowsUpTo } from "./numbers.js";

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
const SIGN = 0x8000_0000;

/** Positions of numbers in ascending order, equal ones as they come; NaN last, minus zero as zero. */
export function ascendingOrder(numbers: Float64Array): Int32Array {
  return orderOf(doubleKeys(numbers, 0));
}

/** Positions of numbers in descending order, equal ones as they come; NaN last all the same. */
export function descendingOrder(numbers: Float64Array): Int32Array {
  return orderOf(doubleKeys(numbers, -1));
}

/** Unsigned 64-bit numbers that have the order of others. */
interface Keys {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/**
 * The bits of doubles have their order once those of negative ones are inverted and the sign of others is set.
 * @param inverted -1 for the keys of the opposite order.
 */
function doubleKeys(numbers: Float64Array, inverted: 0 | -1): Keys {
  const count = numbers.length;
  const keys = { high: new Uint32Array(count), low: new Uint32Array(count) };
  const halves = wordHalves(numbers);
  for (let row = 0; row < count; row++) {
    const value = numbers[row]!;
    if (Number.isNaN(value)) {
      keys.high[row] = 0xffff_ffff;
      keys.low[row] = 0xffff_ffff;
      continue;
    }
    const high = value === 0 ? 0 : halves[2 * row + HIGH_HALF]!;
    const negative = high >> 31;
    keys.high[row] = high ^ (negative | SIGN) ^ inverted;
    keys.low[row] = halves[2 * row + LOW_HALF]! ^ negative ^ inverted;
  }
  return keys;
}

/** Sorts `keys`, which are no longer usable afterwards. */
function orderOf(keys: Keys): Int32Array {
  return orderByHigh(keys) ?? orderByAll(keys);
}

interface HighRows {
  readonly high: Uint32Array;
  readonly rows: Int32Array;
}

const HIGH_SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS] as const;

/** Undefined where too many upper halves are equal. */
function orderByHigh(keys: Keys): Int32Array | undefined {
  const count = keys.high.length;
  let from: HighRows = { high: keys.high.slice(), rows: rowsUpTo(count) };
  let to: HighRows = { high: new Uint32Array(count), rows: new Int32Array(count) };
  for (const [digit, counts] of highCounts(keys.high).entries()) {
    if (!toStarts(counts, count)) continue;
    distributeHigh(from, to, counts, HIGH_SHIFTS[digit]!);
    [from, to] = [to, from];
  }
  return settleEqual(from, keys.low) ? from.rows : undefined;
}

/** How often each value of each digit of the upper halves is there. */
function highCounts(high: Uint32Array): Uint32Array[] {
  const counts = HIGH_SHIFTS.map(() => new Uint32Array(DIGITS)) as Three<Uint32Array>;
  const [first, second, third] = counts;
  for (let row = 0; row < high.length; row++) {
    const upper = high[row]!;
    first[upper & DIGIT_MASK]!++;
    second[(upper >>> DIGIT_BITS) & DIGIT_MASK]!++;
    third[upper >>> (2 * DIGIT_BITS)]!++;
  }
  return counts;
}

function distributeHigh(from: HighRows, to: HighRows, starts: Uint32Array, shift: number): void {
  for (let row = 0; row < from.rows.length; row++) {
    const high = from.high[row]!;
    const at = starts[(high >>> shift) & DIGIT_MASK]!++;
    to.high[at] = high;
    to.rows[at] = from.rows[row]!;
  }
}

/** So many numbers with the same upper half are put in order by insertion. */
const MOST_EQUAL = 32;

/** Puts rows with the same upper half in the order of the lower ones; false, with the rows in any order, where they are too many. */
function settleEqual({ high, rows }: HighRows, low: Uint32Array): boolean {
  for (let start = 0, stop = 1; start < rows.length; start = stop++) {
    while (stop < rows.length && high[stop] === high[start]) stop++;
    if (stop - start === 1) continue;
    if (stop - start <= MOST_EQUAL) insertByLow(rows, low, start, stop);
    else if (!areLowEqual(rows, low, start, stop)) return false;
  }
  return true;
}

function insertByLow(rows: Int32Array, low: Uint32Array, start: number, stop: number): void {
  for (let next = start + 1; next < stop; next++) {
    const row = rows[next]!;
    const key = low[row]!;
    let at = next;
    for (; at > start && low[rows[at - 1]!]! > key; at--) rows[at] = rows[at - 1]!;
    rows[at] = row;
  }
}

function areLowEqual(rows: Int32Array, low: Uint32Array, start: number, stop: number): boolean {
  const first = low[rows[start]!]!;
  for (let at = start + 1; at < stop; at++) if (low[rows[at]!] !== first) return false;
  return true;
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

/** The same by both halves. */
function orderByAll(keys: Keys): Int32Array {
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

type Three<T> = [T, T, T];
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
