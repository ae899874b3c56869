import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Extents } from "../../../src/server/pixels/extents.js";

const LENGTH = 40;
const ranges = fc
  .tuple(fc.integer({ min: 0, max: LENGTH - 1 }), fc.integer({ min: 1, max: 8 }))
  .map(([start, length]) => [start, Math.min(LENGTH, start + length)] as const);

describe("Extents", () => {
  it("knows which bytes were written", () => {
    const property = fc.property(fc.array(ranges), ranges, (written, [start, end]) => {
      const extents = new Extents();
      const bytes = new Uint8Array(LENGTH);
      for (const [from, to] of written) {
        extents.add(from, to);
        bytes.fill(1, from, to);
      }
      expect(extents.overlaps(start, end)).toBe(bytes.subarray(start, end).includes(1));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("joins ranges that touch", () => {
    const extents = new Extents();
    for (const start of [0, 8, 4]) extents.add(start, start + 4);
    expect(extents.overlaps(3, 9)).toBe(true);
    expect(extents.overlaps(12, 100)).toBe(false);
  });
});
