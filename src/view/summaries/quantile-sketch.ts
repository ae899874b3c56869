/**
 * Quantiles of a stream in bounded memory: values are kept in levels, those of level `n` standing for `2 ** n` values each. A level that
 * is full is sorted, and every other of its values goes to the next (Manku, Rajagopalan, Lindsay 1998; Agarwal et al. 2012).
 * Exact up to {@link QuantileSketch.capacity} values; beyond, the rank of an answer is off by less than `log2(n / capacity) / capacity` of all.
 */
export class QuantileSketch {
  /** Values that a level holds. */
  readonly capacity: number;
  readonly #levels: Float64Array[] = [];
  readonly #lengths: number[] = [];
  /** By level, which of two values goes on next: they take turns, so that errors cancel. */
  readonly #odd: boolean[] = [];
  #count = 0;

  /** @param capacity an even number */
  constructor(capacity = 4096) {
    this.capacity = capacity;
  }

  /** Values taken. */
  get count(): number {
    return this.#count;
  }

  /** Whether answers are exact. */
  get isExact(): boolean {
    return this.#levels.length <= 1;
  }

  /** Takes a number that is not NaN. */
  add(value: number): void {
    this.#count++;
    this.#put(0, value);
  }

  #put(level: number, value: number): void {
    if (level === this.#levels.length) this.#addLevel();
    const length = this.#lengths[level]!;
    this.#levels[level]![length] = value;
    this.#lengths[level] = length + 1;
    if (length + 1 === this.capacity) this.#compact(level);
  }

  #addLevel(): void {
    this.#levels.push(new Float64Array(this.capacity));
    this.#lengths.push(0);
    this.#odd.push(false);
  }

  #compact(level: number): void {
    const values = this.#levels[level]!.sort();
    const first = this.#odd[level] ? 1 : 0;
    this.#odd[level] = !this.#odd[level];
    this.#lengths[level] = 0;
    for (let index = first; index < values.length; index += 2) this.#put(level + 1, values[index]!);
  }

  /** Values in order, and how many each stands for. */
  weighted(): { readonly values: Float64Array; readonly weights: Float64Array } {
    const parts = this.#levels.flatMap((level, index) =>
      Array.from(level.subarray(0, this.#lengths[index]), (value) => [value, 2 ** index] as const),
    );
    parts.sort(([a], [b]) => a - b);
    return {
      values: Float64Array.from(parts, ([value]) => value),
      weights: Float64Array.from(parts, ([, weight]) => weight),
    };
  }

  /** The values at shares from 0 to 1 of the order, between neighbours in proportion, as numpy and pandas do; NaN where there is none. */
  quantiles(shares: readonly number[]): number[] {
    const { values, weights } = this.weighted();
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return shares.map((share) => valueAt(values, weights, share * (total - 1)));
  }
}

/** The value at a rank from 0. */
function valueAt(values: Float64Array, weights: Float64Array, rank: number): number {
  if (values.length === 0) return Number.NaN;
  let before = 0;
  for (let index = 0; index < values.length; index++) {
    const last = before + weights[index]! - 1;
    if (rank <= last || index === values.length - 1) return values[index]!;
    if (rank < last + 1) return between(values[index]!, values[index + 1]!, rank - last);
    before = last + 1;
  }
  return values.at(-1)!;
}

function between(low: number, high: number, share: number): number {
  if (low === high || !Number.isFinite(low) || !Number.isFinite(high)) return share < 0.5 ? low : high;
  return low + (high - low) * share;
}
