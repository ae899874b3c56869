/** Numbers as codes: equal numbers have equal codes, and codes go up with the numbers. */
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../../columns/int64.js";
import { ascendingOrder } from "./radix-order.js";

export interface NumberCodes {
  /** One code a number; `count` where it is NaN. */
  readonly codes: Int32Array;
  /** Different numbers, NaN not counted. */
  readonly count: number;
}

/** Tables by value have at most this many places a number, or this many at all. */
const PLACES_A_NUMBER = 4;
const LEAST_PLACES = 65_536;

export function numberCodes(numbers: Float64Array): NumberCodes {
  const span = shortSpan(numbers);
  return span === undefined ? codesByHash(numbers) : codesByValue(numbers, span);
}

/** Different numbers, NaN not counted. */
export function countDifferentNumbers(numbers: Float64Array): number {
  const span = shortSpan(numbers);
  if (span !== undefined) return codesByValue(numbers, span).count;
  const table = new NumberTable();
  for (let row = 0; row < numbers.length; row++) if (!Number.isNaN(numbers[row])) table.add(numbers, row);
  return table.count;
}

/** Of integers that are near enough to each other for a table by value. */
function shortSpan(numbers: Float64Array): Span | undefined {
  const span = integerSpan(numbers);
  const most = Math.max(LEAST_PLACES, PLACES_A_NUMBER * numbers.length);
  return span !== undefined && span.largest - span.least < most ? span : undefined;
}

interface Span {
  readonly least: number;
  readonly largest: number;
}

/** Undefined where there are fractions, or no numbers. */
function integerSpan(numbers: Float64Array): Span | undefined {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    if (Number.isNaN(value)) continue;
    if (Math.floor(value) !== value) return undefined;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return least > largest ? undefined : { least, largest };
}

function codesByValue(numbers: Float64Array, { least, largest }: Span): NumberCodes {
  const codeOf = new Int32Array(largest - least + 1);
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    if (!Number.isNaN(value)) codeOf[value - least] = 1;
  }
  let count = 0;
  for (let place = 0; place < codeOf.length; place++) if (codeOf[place] === 1) codeOf[place] = count++;
  const codes = new Int32Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    codes[row] = Number.isNaN(value) ? count : codeOf[value - least]!;
  }
  return { codes, count };
}

function codesByHash(numbers: Float64Array): NumberCodes {
  const table = new NumberTable();
  const codes = new Int32Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) codes[row] = Number.isNaN(numbers[row]) ? -1 : table.add(numbers, row);
  const { count } = table;
  const rankOf = new Int32Array(count);
  const order = ascendingOrder(table.numbers.slice(0, count));
  for (let rank = 0; rank < count; rank++) rankOf[order[rank]!] = rank;
  for (let row = 0; row < codes.length; row++) codes[row] = codes[row] === -1 ? count : rankOf[codes[row]!]!;
  return { codes, count };
}

/** A hash table with open addressing: numbers to codes in the order they come in. Minus zero is zero. */
class NumberTable {
  count = 0;
  /** By code. */
  numbers = new Float64Array(1024);
  #places = new Int32Array(2048).fill(-1);

  /** The code of `numbers[row]`, which is not NaN. */
  add(numbers: Float64Array, row: number): number {
    const value = numbers[row]! + 0;
    const mask = this.#places.length - 1;
    let place = hashOf(value) & mask;
    for (let code = this.#places[place]!; code >= 0; code = this.#places[place]!) {
      if (this.numbers[code] === value) return code;
      place = (place + 1) & mask;
    }
    this.#places[place] = this.count;
    this.numbers[this.count] = value;
    if (++this.count === this.numbers.length) this.#grow();
    return this.count - 1;
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.count);
    numbers.set(this.numbers);
    this.numbers = numbers;
    this.#places = new Int32Array(4 * this.count).fill(-1);
    const mask = this.#places.length - 1;
    for (let code = 0; code < this.count; code++) {
      let place = hashOf(numbers[code]!) & mask;
      while (this.#places[place]! >= 0) place = (place + 1) & mask;
      this.#places[place] = code;
    }
  }
}

const bits = new Float64Array(1);
const halves = wordHalves(bits);

function hashOf(value: number): number {
  bits[0] = value;
  let hash = Math.imul(halves[LOW_HALF]! ^ Math.imul(halves[HIGH_HALF]!, 0x9e3779b1), 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
