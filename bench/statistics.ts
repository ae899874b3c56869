/** Medians, spreads, fitted lines, units. */

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @param values at least one */
export function spread(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

export type Point = readonly [x: number, y: number];

/** The line of least squares; each point counts by its weight. @param points at least two, of different x */
export function fitLine(points: readonly Point[], weight: (point: Point) => number = () => 1): Line {
  let [sum, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (const point of points) {
    const [x, y] = point;
    const w = weight(point);
    sum += w;
    sumX += w * x;
    sumY += w * y;
    sumXX += w * x * x;
    sumXY += w * x * y;
  }
  const slope = (sum * sumXY - sumX * sumY) / (sum * sumXX - sumX * sumX);
  return { intercept: (sumY - slope * sumX) / sum, slope };
}

/** A fixed cost and a cost for each x, where errors are in proportion to y. */
export function fitCost(points: readonly Point[]): Line {
  return fitLine(points, ([, y]) => 1 / (y * y));
}

/** The exponent k of y = c * x^k: 1 where y grows in proportion to x. */
export function growth(points: readonly Point[]): number {
  return fitLine(points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)).slope;
}

/** MB (10⁶ bytes), in which the limits are given, of MiB. */
export function megabytes(mebibytes: number): number {
  return (mebibytes * 2 ** 20) / 1e6;
}
