import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitCost, fitLine, growth, median, type Point, spread } from "../../bench/statistics.js";

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe("median and spread", () => {
  it("takes the middle value, or the mean of the two", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(spread([5])).toEqual({ min: 5, median: 5, max: 5 });
  });

  it("has as many values at most it as at least it", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { min, median: middle, max } = spread(values);
        expect(values.filter((value) => value <= middle).length).toBeGreaterThanOrEqual(values.length / 2);
        expect(values.filter((value) => value >= middle).length).toBeGreaterThanOrEqual(values.length / 2);
        expect(min <= middle && middle <= max).toBe(true);
      }),
    );
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("fitted lines", () => {
  const sizes = [1e4, 1e5, 1e6, 1e7];
  const line = fc.record({
    intercept: fc.double({ min: 0.01, max: 10, noNaN: true }),
    slope: fc.double({ min: 1e-7, max: 1e-3, noNaN: true }),
  });

  it("finds the line that points lie on, with any weights", () => {
    fc.assert(
      fc.property(line, ({ intercept, slope }) => {
        const points: Point[] = sizes.map((x) => [x, intercept + slope * x]);
        for (const fitted of [fitLine(points), fitCost(points)]) {
          expect(fitted.slope / slope).toBeCloseTo(1, 6);
          expect(Math.abs(fitted.intercept - intercept)).toBeLessThan(1e-6 * (intercept + slope * 1e7));
        }
      }),
    );
  });

  it("minimises the weighted squares", () => {
    const points: Point[] = [
      [1, 2],
      [2, 2],
      [3, 5],
      [4, 4],
    ];
    const weight = ([x]: Point) => x;
    const best = fitLine(points, weight);
    const cost = (intercept: number, slope: number) =>
      points.reduce((sum, [x, y]) => sum + x * (y - intercept - slope * x) ** 2, 0);
    for (const [i, s] of [
      [0.01, 0],
      [-0.01, 0],
      [0, 0.01],
      [0, -0.01],
    ] as const) {
      expect(cost(best.intercept + i, best.slope + s)).toBeGreaterThan(cost(best.intercept, best.slope));
    }
  });

  it("keeps a small size's cost in sight of a large one's", () => {
    const points: Point[] = [
      [1e4, 0.2],
      [1e5, 0.3],
      [1e6, 1.4],
      [1e7, 10],
    ];
    expect(Math.abs(fitCost(points).intercept - 0.19)).toBeLessThan(Math.abs(fitLine(points).intercept - 0.19));
  });

  it("finds the exponent of a power", () => {
    for (const exponent of [0, 0.5, 1, 2]) {
      expect(growth(sizes.map((x) => [x, 3 * x ** exponent]))).toBeCloseTo(exponent, 9);
    }
  });
});
