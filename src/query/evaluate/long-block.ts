/**
 * A block of int64. Adding or dividing BigInts costs far more than the same with numbers, so a block knows two forms:
 * 32-bit words (low and high, as in memory), and float64 as long as every value lies within ±2^53, where all whole
 * numbers are exact. Each form is made from the other when asked for.
 */
import { HIGH_HALF, LOW_HALF } from "../../columns/int64.js";

/** Rows of a block: some thousand, so that the blocks of a condition fit the processor's caches. */
export const BLOCK_ROWS = 4096;

const SAFE = 2 ** 53;
const WORD = 2 ** 32;

export class LongBlock {
  /** The block as int64; valid after {@link toWords}. */
  values: BigInt64Array = new BigInt64Array(0);
  /** Two words a value; valid after {@link toWords}. */
  words: Int32Array = new Int32Array(0);
  /** Valid when {@link toNumbers} returned true. */
  numbers: Float64Array = new Float64Array(0);
  /** No number's magnitude is above it; valid when {@link toNumbers} returned true. */
  bound = 0;
  #hasWords = false;
  #hasNumbers = false;
  /** Some value is known to lie outside ±2^53. */
  #unsafe = false;
  #ownValues: BigInt64Array | undefined;
  #ownWords: Int32Array = new Int32Array(0);
  #ownNumbers: Float64Array | undefined;

  /** Takes over words that lie elsewhere; `words` is a view of `values`. */
  setColumn(values: BigInt64Array, words: Int32Array): void {
    this.values = values;
    this.words = words;
    this.#has(true, false);
  }

  /** Takes over numbers that lie elsewhere. */
  setNumbers(numbers: Float64Array, bound: number): void {
    this.numbers = numbers;
    this.bound = bound;
    this.#has(false, true);
  }

  /** The block's own numbers, to be filled; none is to exceed `bound` in magnitude. */
  writeNumbers(bound: number): Float64Array {
    this.#ownNumbers ??= new Float64Array(BLOCK_ROWS);
    this.setNumbers(this.#ownNumbers, bound);
    return this.#ownNumbers;
  }

  /** Makes the block's own words valid; they are to be filled through {@link words} or {@link values}. */
  writeWords(): void {
    this.#ownValues ??= new BigInt64Array(BLOCK_ROWS);
    if (this.#ownWords.length === 0) this.#ownWords = new Int32Array(this.#ownValues.buffer);
    this.setColumn(this.#ownValues, this.#ownWords);
  }

  /** Makes both forms of a whole block of one value: it is not loaded again for a block of more rows. */
  fill(value: bigint): void {
    this.writeWords();
    this.values.fill(value);
    this.toNumbers(BLOCK_ROWS);
  }

  /** Whether the words are at hand without conversion. */
  get hasWords(): boolean {
    return this.#hasWords;
  }

  /** Makes the numbers valid; false if a value lies outside ±2^53. */
  toNumbers(count: number): boolean {
    if (this.#hasNumbers) return true;
    if (this.#unsafe) return false;
    this.#ownNumbers ??= new Float64Array(BLOCK_ROWS);
    const bound = wordsToNumbers(this.words, this.#ownNumbers, count);
    this.#unsafe = bound > SAFE;
    if (this.#unsafe) return false;
    this.numbers = this.#ownNumbers;
    this.bound = bound;
    this.#hasNumbers = true;
    return true;
  }

  /** Makes the words valid. */
  toWords(count: number): Int32Array {
    if (this.#hasWords) return this.words;
    const { numbers, bound } = this;
    this.writeWords();
    numbersToWords(numbers, this.words, count);
    this.numbers = numbers;
    this.bound = bound;
    this.#hasNumbers = true;
    return this.words;
  }

  #has(words: boolean, numbers: boolean): void {
    this.#hasWords = words;
    this.#hasNumbers = numbers;
    this.#unsafe = false;
  }
}

/** The greatest magnitude; above 2^53 the numbers are rounded and not to be used as whole numbers. */
function wordsToNumbers(words: Int32Array, numbers: Float64Array, count: number): number {
  let least = 0;
  let greatest = 0;
  for (let index = 0; index < count; index++) {
    const number = words[2 * index + HIGH_HALF]! * WORD + (words[2 * index + LOW_HALF]! >>> 0);
    numbers[index] = number;
    if (number < least) least = number;
    else if (number > greatest) greatest = number;
  }
  // 2^53 itself may be 2^53 + 1 rounded.
  const bound = Math.max(greatest, -least);
  return bound === SAFE ? Number.POSITIVE_INFINITY : bound;
}

function numbersToWords(numbers: Float64Array, words: Int32Array, count: number): void {
  for (let index = 0; index < count; index++) {
    const number = numbers[index]!;
    words[2 * index + LOW_HALF] = number | 0;
    words[2 * index + HIGH_HALF] = Math.floor(number / WORD);
  }
}

/** Each int64 rounded to the nearest float64, once. */
export function wordsToDoubles(words: Int32Array, doubles: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) {
    doubles[index] = words[2 * index + HIGH_HALF]! * WORD + (words[2 * index + LOW_HALF]! >>> 0);
  }
}
