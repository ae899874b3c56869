/** Least and greatest values, and histograms, of pixels that come in strips. */
import type { PixelValues } from "./pixels-kinds.js";

export type ValueRange = [least: number, greatest: number];

export const NO_RANGE: Readonly<ValueRange> = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** The range with these values in it, too. */
export function widened([least, greatest]: Readonly<ValueRange>, values: PixelValues): ValueRange {
  let [low, high] = [least, greatest];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Counts the values in each of equal parts of a range; those outside are not counted. */
export function countInto(counts: Int32Array, values: PixelValues, [least, greatest]: Readonly<ValueRange>): void {
  const width = (greatest - least) / counts.length;
  const last = counts.length - 1;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!(value >= least && value <= greatest)) continue;
    // Values of a range without an extent are in its one bin.
    const bin = width === 0 ? 0 : Math.trunc((value - least) / width);
    counts[Math.min(bin, last)]!++;
  }
}
