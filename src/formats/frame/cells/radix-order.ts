/**
 * The order of many 64-bit numbers, by a radix sort: six passes over digits of eleven bits, from the least significant.
 * It is stable, takes the same time whatever the numbers' order, and leaves out the passes whose digits are all equal.
 */
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../../columns/int64.js";

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
const PASSES = 6;
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

/** Sorts `keys`, which are no longer usable afterwards. */
function orderOf(keys: Keys): Int32Array {
  const count = keys.high.length;
  let from: KeyedRows = { ...keys, rows: Int32Array.from({ length: count }, (_, row) => row) };
  let to: KeyedRows = { high: new Uint32Array(count), low: new Uint32Array(count), rows: new Int32Array(count) };
  for (let pass = 0; pass < PASSES; pass++) {
    const starts = digitStarts(from, pass);
    if (starts === undefined) continue;
    distribute(from, to, pass, starts);
    [from, to] = [to, from];
  }
  return from.rows;
}

/** Where the rows of each digit go; undefined where all have the same. */
function digitStarts({ high, low }: Keys, pass: number): Uint32Array | undefined {
  const starts = new Uint32Array(DIGITS);
  const shift = pass * DIGIT_BITS;
  for (let row = 0; row < high.length; row++) starts[digitAt(high[row]!, low[row]!, shift)]!++;
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit]!;
    if (count === high.length) return undefined;
    starts[digit] = sum;
    sum += count;
  }
  return starts;
}

function digitAt(high: number, low: number, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & DIGIT_MASK;
  const across = shift > 32 - DIGIT_BITS ? high << (32 - shift) : 0;
  return ((low >>> shift) | across) & DIGIT_MASK;
}

type KeyedRows = Keys & { readonly rows: Int32Array };

function distribute(from: KeyedRows, to: KeyedRows, pass: number, starts: Uint32Array): void {
  const shift = pass * DIGIT_BITS;
  for (let row = 0; row < from.rows.length; row++) {
    const high = from.high[row]!;
    const low = from.low[row]!;
    const at = starts[digitAt(high, low, shift)]!++;
    to.high[at] = high;
    to.low[at] = low;
    to.rows[at] = from.rows[row]!;
  }
}
