/**
 * Figures of an image's pixels, in one pass over them. NaN stands for a missing value and is left out. Distances are taken from
 * the mean of each block and the blocks put together (Chan, Golub and LeVeque 1983): a difference of large squares never arises.
 */
import { invalidArgument } from "../../errors.js";
import { byteStatistics } from "./byte-statistics.js";
import { type Pixels, pixelType } from "./pixels.js";

/** All NaN, where there is no pixel but NaN. Of 64-bit pixels, minimum and maximum are bigints and exact. */
export interface ImageStatistics {
  /** Smallest value. */
  readonly minimum: number | bigint;
  /** Largest value. */
  readonly maximum: number | bigint;
  /** Mean of all values. */
  readonly mean: number;
  /** Standard deviation of all pixels, not of a sample: EMAN2's own `sigma` divides by one less than there are. */
  readonly sigma: number;
  /** Sum of the squares of all values. */
  readonly square_sum: number;
  /** Of the pixels that are not 0; 0 where all are. */
  readonly mean_nonzero: number;
  /** Standard deviation of the values that are not 0. */
  readonly sigma_nonzero: number;
}

/** Their names, in the order in which they are kept. */
export const STATISTICS = [
  "minimum",
  "maximum",
  "mean",
  "sigma",
  "square_sum",
  "mean_nonzero",
  "sigma_nonzero",
] as const satisfies readonly (keyof ImageStatistics)[];

/**
 * Minimum, maximum, mean and deviation of pixels, as EMAN2 names them.
 * @throws ArgumentError `INVALID_ARGUMENT` for what is no typed array of pixels
 *
 * @example
 * ```ts
 * const { mean, sigma } = imageStatistics(image.data);
 * ```
 */
export function imageStatistics(data: Pixels): ImageStatistics {
  if (pixelType(data) === undefined) throw invalidArgument("Pixels are a typed array, of whole numbers or fractions");
  if (data.length > 0 && (data instanceof Uint8Array || data instanceof Int8Array)) return byteStatistics(data);
  const all = new Moments();
  const nonzero = new Moments();
  const range = { minimum: Number.POSITIVE_INFINITY, maximum: Number.NEGATIVE_INFINITY };
  const values = new Float64Array(Math.min(BLOCK, data.length));
  let squares = 0;
  for (let start = 0; start < data.length; start += BLOCK) {
    const block = sumsOf(values, copyBlock(data, start, values));
    if (block.count === 0) continue;
    range.minimum = Math.min(range.minimum, block.minimum);
    range.maximum = Math.max(range.maximum, block.maximum);
    squares += block.squares;
    const distances = squaredDistances(values, block.count, block.total / block.count);
    all.add(block.count, block.total, distances);
    if (block.nonzero === block.count) nonzero.add(block.count, block.total, distances);
    else nonzero.add(block.nonzero, block.total, nonzeroDistances(values, block));
  }
  return {
    ...rangeOf(data, range, all.count),
    mean: all.mean,
    sigma: all.sigma,
    square_sum: squares,
    mean_nonzero: nonzero.count === 0 ? 0 : nonzero.mean,
    sigma_nonzero: nonzero.count === 0 ? 0 : nonzero.sigma,
  };
}

/** So many doubles stay in a processor's own memory while they are gone over twice. */
const BLOCK = 4096;

/** Mean and deviation of values that come in blocks. */
class Moments {
  count = 0;
  #total = 0;
  #distances = 0;

  get mean(): number {
    return this.#total / this.count;
  }

  get sigma(): number {
    return Math.sqrt(this.#distances / this.count);
  }

  /** Adds `count` values by their sum, and the sum of their squared distances from their own mean. */
  add(count: number, total: number, distances: number): void {
    if (count === 0) return;
    this.#distances += distances;
    if (this.count > 0) {
      const apart = total / count - this.mean;
      this.#distances += (apart * apart * count * this.count) / (count + this.count);
    }
    this.count += count;
    this.#total += total;
  }
}

/** Pixels from `start` on as doubles, as many as there is room for. Returns how many. */
function copyBlock(data: Pixels, start: number, values: Float64Array): number {
  const part = data.subarray(start, start + values.length);
  if (part instanceof BigInt64Array || part instanceof BigUint64Array) {
    for (let index = 0; index < part.length; index++) values[index] = Number(part[index]);
  } else values.set(part);
  return part.length;
}

interface Sums {
  readonly count: number;
  readonly nonzero: number;
  readonly total: number;
  readonly squares: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Sums of the first `length` values. Those that are numbers are moved to the front. */
function sumsOf(values: Float64Array, length: number): Sums {
  if (length % 2 === 1) return sumsOfNumbers(values, length);
  const sums = sumsOfPairs(values, length);
  return Number.isNaN(sums.total) ? sumsOfNumbers(values, length) : sums;
}

/** An addition waits for the one before it: two go on side by side, in variables of their own, which stay in registers. */
function sumsOfPairs(values: Float64Array, length: number): Sums {
  let zeros = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let even = 0;
  let odd = 0;
  let evenSquares = 0;
  let oddSquares = 0;
  for (let index = 0; index < length; index += 2) {
    const value = values[index]!;
    const next = values[index + 1]!;
    if (value === 0) zeros++;
    if (next === 0) zeros++;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    if (next < minimum) minimum = next;
    if (next > maximum) maximum = next;
    even += value;
    odd += next;
    evenSquares += value * value;
    oddSquares += next * next;
  }
  const nonzero = length - zeros;
  return { count: length, nonzero, total: even + odd, squares: evenSquares + oddSquares, minimum, maximum };
}

function sumsOfNumbers(values: Float64Array, length: number): Sums {
  let [count, zeros, total, squares] = [0, 0, 0, 0];
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) continue;
    values[count++] = value;
    if (value === 0) zeros++;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    total += value;
    squares += value * value;
  }
  return { count, nonzero: count - zeros, total, squares, minimum, maximum };
}

function squaredDistances(values: Float64Array, count: number, mean: number): number {
  let [even, odd] = [0, 0];
  for (let index = 1; index < count; index += 2) {
    const distance = values[index - 1]! - mean;
    const next = values[index]! - mean;
    even += distance * distance;
    odd += next * next;
  }
  const last = count % 2 === 1 ? values[count - 1]! - mean : 0;
  return even + odd + last * last;
}

function nonzeroDistances(values: Float64Array, { count, nonzero, total }: Sums): number {
  const mean = total / nonzero;
  let sum = 0;
  for (let index = 0; index < count; index++) {
    const value = values[index]!;
    if (value !== 0) sum += (value - mean) * (value - mean);
  }
  return sum;
}

/** Of 64-bit pixels as bigints: as doubles they may have been rounded. */
function rangeOf(data: Pixels, range: { minimum: number; maximum: number }, count: number) {
  if (count === 0) return { minimum: Number.NaN, maximum: Number.NaN };
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return range;
  let [minimum, maximum] = [data[0]!, data[0]!];
  for (const pixel of data) {
    if (pixel < minimum) minimum = pixel;
    if (pixel > maximum) maximum = pixel;
  }
  return { minimum, maximum };
}
