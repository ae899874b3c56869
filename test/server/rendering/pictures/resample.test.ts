import { describe, expect, it } from "vitest";
import { resample } from "../../../../src/server/rendering/pictures/resample.js";

const [RED, BLUE] = [0xffff0000 | 0, 0xff0000ff | 0];
const RED_OF = (pixel: number) => (pixel >> 16) & 0xff;

describe("a picture made smaller or larger", () => {
  it.each([
    [64, 48, 32, 24],
    [7, 300, 3, 100],
    [1, 1, 48, 48],
    [2, 3, 5, 1],
  ])("of one colour keeps it: %i x %i to %i x %i", (fromWidth, fromHeight, width, height) => {
    const pixels = new Int32Array(fromWidth * fromHeight).fill(0xff0a64c8);
    const found = resample({ width: fromWidth, height: fromHeight, pixels }, width, height);
    expect(found).toEqual({ width, height, pixels: new Int32Array(width * height).fill(0xff0a64c8) });
  });

  it("has its parts where they were", () => {
    const [width, height] = [60, 40];
    const pixels = Int32Array.from({ length: width * height }, (_, index) => {
      const isRight = index % width >= width / 2;
      return isRight && index < (width * height) / 2 ? RED : BLUE;
    });
    for (const [w, h] of [
      [30, 10],
      [180, 90],
    ] as const) {
      const found = resample({ width, height, pixels }, w, h).pixels;
      const redAt = (x: number, y: number) => RED_OF(found[Math.floor(y * h) * w + Math.floor(x * w)]!);
      expect(redAt(0.8, 0.2)).toBeGreaterThan(245);
      expect(Math.max(redAt(0.2, 0.2), redAt(0.2, 0.8), redAt(0.8, 0.8))).toBeLessThan(10);
    }
  });

  it("is bright where the middle of what it shows is, without steps", () => {
    const pixels = Int32Array.from({ length: 256 * 4 }, (_, index) => 0xff000000 | ((index % 256) << 16));
    const { pixels: found } = resample({ width: 256, height: 4, pixels }, 32, 2);
    const row = Array.from(found.subarray(0, 32), RED_OF);
    // The edges are looked at twice, by what is beyond them.
    for (let x = 4; x < 28; x++) expect(Math.abs(row[x]! - (8 * x + 4))).toBeLessThanOrEqual(1);
  });
});
