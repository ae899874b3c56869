/** Figures of an image's pixels. NaN stands for a missing value and is left out. */
import type { Pixels } from "./pixels.js";

/** All NaN, where there is no pixel but NaN. Of 64-bit pixels, minimum and maximum are bigints and exact. */
export interface ImageStatistics {
  /** Smallest value. */
  readonly minimum: number | bigint;
  /** Largest value. */
  readonly maximum: number | bigint;
  /** Mean of all values. */
  readonly mean: number;
  /** Standard deviation of all pixels, not of a sample. */
  readonly sigma: number;
  /** Sum of the squares of all values. */
  readonly square_sum: number;
  /** Of the pixels that are not 0; 0 where all are. */
  readonly mean_nonzero: number;
  /** Standard deviation of the values that are not 0. */
  readonly sigma_nonzero: number;
}

/**
 * Minimum, maximum, mean and deviation of pixels, as EMAN2 names them.
 *
 * @example
 * ```ts
 * const { mean, sigma } = imageStatistics(image.data);
 * ```
 */
export function imageStatistics(data: Pixels): ImageStatistics {
  const sums = sumsOf(data);
  const mean = sums.total / sums.count;
  const meanNonzero = sums.nonzero === 0 ? 0 : sums.total / sums.nonzero;
  const { deviations, nonzeroDeviations } = deviationsOf(data, mean, meanNonzero);
  return {
    minimum: sums.minimum,
    maximum: sums.maximum,
    mean,
    sigma: Math.sqrt(deviations / sums.count),
    square_sum: sums.squares,
    mean_nonzero: meanNonzero,
    sigma_nonzero: sums.nonzero === 0 ? 0 : Math.sqrt(nonzeroDeviations / sums.nonzero),
  };
}

interface Sums {
  count: number;
  nonzero: number;
  total: number;
  squares: number;
  minimum: number | bigint;
  maximum: number | bigint;
}

function sumsOf(data: Pixels): Sums {
  let count = 0;
  let nonzero = 0;
  let total = 0;
  let squares = 0;
  let minimum: number | bigint = Number.NaN;
  let maximum: number | bigint = Number.NaN;
  for (const pixel of data) {
    const value = Number(pixel);
    if (Number.isNaN(value)) continue;
    if (count++ === 0) minimum = maximum = pixel;
    if (pixel < minimum) minimum = pixel;
    if (pixel > maximum) maximum = pixel;
    if (value !== 0) nonzero++;
    total += value;
    squares += value * value;
  }
  return { count, nonzero, total, squares, minimum, maximum };
}

/** Sums of squared distances from the mean: exact where a difference of large squares would not be. */
function deviationsOf(data: Pixels, mean: number, meanNonzero: number) {
  let deviations = 0;
  let nonzeroDeviations = 0;
  for (const pixel of data) {
    const value = Number(pixel);
    if (Number.isNaN(value)) continue;
    deviations += (value - mean) ** 2;
    if (value !== 0) nonzeroDeviations += (value - meanNonzero) ** 2;
  }
  return { deviations, nonzeroDeviations };
}
