/** Numbers that come in parts. */

/** Room for more is made when they come: a server may say how many there will be, and be wrong. */
const MOST_RESERVED = 1 << 22;

export class GrowingNumbers {
  #numbers: Float64Array;
  #count = 0;

  /** @param expected how many will come. */
  constructor(expected: number) {
    this.#numbers = new Float64Array(Math.min(expected, MOST_RESERVED));
  }

  /** The room for `count` more numbers. */
  next(count: number): Float64Array {
    const start = this.#count;
    this.#count += count;
    if (this.#count > this.#numbers.length) this.#grow();
    return this.#numbers.subarray(start, this.#count);
  }

  /** All that have come. */
  get all(): Float64Array {
    return this.#count === this.#numbers.length ? this.#numbers : this.#numbers.slice(0, this.#count);
  }

  #grow(): void {
    const numbers = new Float64Array(Math.max(this.#count, 2 * this.#numbers.length));
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
