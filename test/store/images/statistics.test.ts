import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageStatistics } from "../../../src/store/images/statistics.js";

/** By the definitions, over all values at once. */
function expected(values: readonly number[]) {
  const present = values.filter((value) => !Number.isNaN(value));
  const nonzero = present.filter((value) => value !== 0);
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const sigma = (of: readonly number[]) => Math.sqrt(mean(of.map((value) => (value - mean(of)) ** 2)));
  return {
    minimum: Math.min(...present),
    maximum: Math.max(...present),
    mean: mean(present),
    sigma: sigma(present),
    square_sum: present.reduce((sum, value) => sum + value * value, 0),
    mean_nonzero: nonzero.length === 0 ? 0 : mean(nonzero),
    sigma_nonzero: nonzero.length === 0 ? 0 : sigma(nonzero),
  };
}

function expectNear(found: Record<string, unknown>, wanted: Record<string, number>, scale: number): void {
  for (const [name, value] of Object.entries(wanted)) {
    expect(Math.abs(Number(found[name]) - value), name).toBeLessThanOrEqual(scale * 1e-12);
  }
}

describe("statistics", () => {
  it.each([
    ["uint8", (values: number[]) => Uint8Array.from(values)],
    ["int8", (values: number[]) => Int8Array.from(values)],
  ] as const)("of %s pixels are those of the definitions", (_, pixels) => {
    const values = fc.array(fc.oneof(fc.integer({ min: -128, max: 255 }), fc.constant(0)), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(values, fc.nat(3), (all, before) => {
        const data = pixels([...Array<number>(before).fill(77), ...all]).subarray(before);
        expectNear({ ...imageStatistics(data) }, expected(Array.from(data)), 1e4 * all.length);
      }),
    );
  });

  it("are those of the definitions, however the pixels lie in blocks", () => {
    const pixel = fc.oneof(
      { weight: 5, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
      { weight: 2, arbitrary: fc.constantFrom(0, -0) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    const some = fc.array(pixel, { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 300 }), (values, times) => {
        fc.pre(values.some((value) => !Number.isNaN(value)));
        const all = Array.from({ length: times }, () => values).flat();
        expectNear({ ...imageStatistics(Float64Array.from(all)) }, expected(all), 1e6 * all.length);
      }),
      { numRuns: 150 },
    );
  });

  it("of small differences on a large offset are exact to the last digits", () => {
    const values = Float64Array.from({ length: 100_000 }, (_, index) => 1e9 + (index % 10));
    const { mean, sigma } = imageStatistics(values);
    expect(mean).toBeCloseTo(1e9 + 4.5, 6);
    expect(sigma).toBeCloseTo(Math.sqrt(8.25), 9);
  });

  it("of 64-bit pixels have exact bounds", () => {
    const data = BigInt64Array.of(2n ** 62n + 1n, -(2n ** 63n), 0n);
    expect(imageStatistics(data)).toMatchObject({ minimum: -(2n ** 63n), maximum: 2n ** 62n + 1n });
    expect(imageStatistics(BigUint64Array.of(2n ** 64n - 1n)).maximum).toBe(2n ** 64n - 1n);
  });

  it("of nothing, of zeros and of infinite values are what they are", () => {
    for (const none of [new Float32Array(0), Float32Array.of(Number.NaN, Number.NaN)]) {
      expect(imageStatistics(none)).toMatchObject({ minimum: Number.NaN, mean: Number.NaN, sigma: Number.NaN });
    }
    expect(imageStatistics(new Uint8Array(10_000))).toMatchObject({ mean: 0, sigma: 0, mean_nonzero: 0 });
    const infinite = Float64Array.from({ length: 9_000 }, (_, index) => (index === 5 ? Number.POSITIVE_INFINITY : 1));
    expect(imageStatistics(infinite)).toMatchObject({
      minimum: 1,
      maximum: Number.POSITIVE_INFINITY,
      mean: Number.POSITIVE_INFINITY,
      sigma: Number.NaN,
    });
  });
});
