import { describe, expect, it } from "vitest";
import { eightBitPixels, pictureBytes, renderLimits } from "../../../src/store/image-files/eight-bit.js";

const image = (values: readonly number[], header = {}) => ({
  data: Float64Array.from(values),
  shape: [values.length],
  header,
});

/** Limits by EMAN2's functions of 2010 to 2019; bytes are rounded, as its later ones do. */
const VECTORS: [string, number[], [number, number], number[]][] = [
  ["whole numbers", [0, 1, 128, 255], [0, 255], [0, 1, 128, 255]],
  ["numbers over 255", [0, 1, 128, 1000], [0, 1000], [0, 0, 33, 255]],
  ["negative numbers", [-100, 1, 128, 1000], [-100, 1000], [0, 23, 53, 255]],
  ["fractions from 0 to 1", [0, 0.25, 0.5, 1], [0, 1], [0, 64, 128, 255]],
  ["positive fractions", [0.5, 0.75, 1.25, 3.5], [0.5, 3.5], [0, 21, 64, 255]],
  ["one value", [2.5, 2.5, 2.5], [2.5, 2.5], [0, 0, 0]],
];

describe("pixels as bytes", () => {
  it.each(VECTORS)("spread %s between limits without outliers", (_, values, [low, high], bytes) => {
    expect(renderLimits(image(values))).toEqual({ low, high });
    expect([...pictureBytes(image(values))]).toEqual(bytes);
  });

  it("are spread between the limits given, by option or attribute", () => {
    const values = [0.5, 0.75, 1.25, 3.5];
    expect([...pictureBytes(image(values), { renderMin: 0.6, renderMax: 3 })]).toEqual([0, 16, 69, 255]);
    expect([...pictureBytes(image(values, { render_min: 0.6, render_max: 3 }))]).toEqual([0, 16, 69, 255]);
    expect(renderLimits(image(values), { renderMin: 3, renderMax: 3 })).toEqual({ low: 0.5, high: 3.5 });
    expect(renderLimits(image(values), { renderMin: Number.NaN, renderMax: 3 })).toEqual({ low: 0.5, high: 3.5 });
    expect(() => renderLimits(image(values, { render_min: "0" }))).toThrow("render_min");
  });

  it("leave out an outlier: five standard deviations around the mean", () => {
    const values = Array.from({ length: 10_000 }, (_, index) => (index / 9_999) * 2 - 1);
    values[5_000] = 100;
    const { low, high } = renderLimits(image(values));
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const sigma = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(low).toBe(-1);
    expect(high).toBeCloseTo(mean + 5 * sigma, 9);
    expect(high).toBeGreaterThan(5);
    expect(high).toBeLessThan(6.5);
    expect(pictureBytes(image(values))[5_000]).toBe(255);
  });

  it("leave out infinite ones, which are outliers of any others", () => {
    const values = [0, 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(renderLimits(image(values))).toEqual({ low: 0, high: 2 });
    expect([...pictureBytes(image(values))]).toEqual([0, 128, 255, 255, 0]);
  });

  it("take limits of 64 bits, such as the minimum of an image, and refuse what is no number", () => {
    const data = BigInt64Array.of(-5n, 0n, 100n);
    const whole = { data, shape: [3], header: { render_min: 0n, render_max: 100n } };
    expect([...pictureBytes(whole)]).toEqual([0, 0, 255]);
    expect([...pictureBytes(whole, { renderMin: -5n, renderMax: 95n })]).toEqual([0, 13, 255]);
    expect(() => renderLimits(whole, { renderMin: "m" as never })).toThrow("renderMin is a number, not string");
    expect(() => renderLimits({ data: [1, 2] as never, shape: [2] })).toThrow("typed array");
  });

  it("are 0 where there is none, and whole at the ends", () => {
    expect([
      ...eightBitPixels(Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), {
        low: 0,
        high: 1,
      }),
    ]).toEqual([0, 0, 255]);
    expect([...pictureBytes(image([Number.NaN]))]).toEqual([0]);
    expect([...pictureBytes({ data: BigInt64Array.of(0n, 5n, 10n), shape: [3] })]).toEqual([0, 128, 255]);
  });

  it("stay as they are where they are bytes", () => {
    const bytes = { data: Uint8Array.of(10, 20), shape: [2] };
    expect([...pictureBytes(bytes, { renderMin: 9, renderMax: 9 })]).toEqual([10, 20]);
    expect([...pictureBytes(bytes)]).toEqual([10, 20]);
    expect([...pictureBytes(bytes, { renderMin: 10, renderMax: 20 })]).toEqual([0, 255]);
  });
});
