/**
 * Figures of the values of many arrays, in one pass. Distances are taken from the mean of each array and these put together (Chan,
 * Golub and LeVeque 1983): a difference of large squares never arises.
 */
import type { PixelArray } from "./pixel-arrays.js";

/** Figures of pixels without NaN. All but `count` and `sum` are NaN where there is none. */
export interface ValueStatistics {
  /** Pixels that have a value. */
  readonly count: number;
  /** Least value. */
  readonly minimum: number;
  /** Greatest value. */
  readonly maximum: number;
  /** Sum of the values. */
  readonly sum: number;
  /** Mean of the values. */
  readonly mean: number;
  /** Standard deviation of all values, not of a sample. */
  readonly sigma: number;
}

interface Sums {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

const NOTHING: Sums = { count: 0, sum: 0, minimum: Number.POSITIVE_INFINITY, maximum: Number.NEGATIVE_INFINITY };

export class PixelStatistics {
  #sums = NOTHING;
  /** Sum of the squared distances from the mean. */
  #squares = 0;

  add(data: PixelArray): void {
    const sums = sumsOf(data);
    if (sums.count === 0) return;
    const { count, sum, minimum, maximum } = this.#sums;
    const total = count + sums.count;
    const distance = count === 0 ? 0 : sums.sum / sums.count - sum / count;
    this.#squares += squaredDistances(data, sums.sum / sums.count) + (distance ** 2 * count * sums.count) / total;
    this.#sums = {
      count: total,
      sum: sum + sums.sum,
      minimum: Math.min(minimum, sums.minimum),
      maximum: Math.max(maximum, sums.maximum),
    };
  }

  result(): ValueStatistics {
    const { count, sum, minimum, maximum } = this.#sums;
    if (count === 0) return { count, sum, minimum: NaN, maximum: NaN, mean: NaN, sigma: NaN };
    return { count, sum, minimum, maximum, mean: sum / count, sigma: Math.sqrt(this.#squares / count) };
  }
}

function sumsOf(data: PixelArray): Sums {
  let { count, sum, minimum, maximum } = NOTHING;
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    if (Number.isNaN(value)) continue;
    count += 1;
    sum += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { count, sum, minimum, maximum };
}

function squaredDistances(data: PixelArray, mean: number): number {
  let squares = 0;
  for (let index = 0; index < data.length; index++) {
    const distance = data[index]! - mean;
    if (!Number.isNaN(distance)) squares += distance * distance;
  }
  return squares;
}
