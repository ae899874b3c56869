import fc from "fast-check";
import { expect, it } from "vitest";
import { int64ToFloat32, nextAfter, roundHalfEven, roundToFloat16 } from "../../../src/query/evaluate/float-bits.js";

it.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, -0],
  [-1.5, -2],
  [-0, -0],
  [2 ** 52 + 1, 2 ** 52 + 1],
  [4503599627370495.5, 2 ** 52],
  [Number.NaN, Number.NaN],
  [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
])("rounds %d to %d", (x, rounded) => expect(roundHalfEven(x)).toBe(rounded));

it("steps to the neighbour and back", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const up = nextAfter(x, Number.POSITIVE_INFINITY);
      expect(up).toBeGreaterThan(x);
      expect(nextAfter(up, Number.NEGATIVE_INFINITY)).toBe(x === 0 ? 0 : x);
    }),
  );
  expect(nextAfter(1, 1)).toBe(1);
  expect(nextAfter(0, -1)).toBe(-5e-324);
  expect(nextAfter(Number.NaN, 1)).toBeNaN();
});

it("rounds int64 to float32 once", () => {
  const nearest = (value: bigint) => int64ToFloat32(Number(value >> 32n), Number(BigInt.asIntN(32, value)));
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const distance = (float: number) => {
        const difference = BigInt(float) - value;
        return difference < 0n ? -difference : difference;
      };
      const float = nearest(value);
      const bits = new Int32Array(Float32Array.of(float).buffer);
      const neighbours = [-1, 1].map((step) => new Float32Array(Int32Array.of(bits[0]! + step).buffer)[0]!);
      for (const neighbour of neighbours.filter(Number.isInteger)) {
        expect(distance(float) <= distance(neighbour)).toBe(true);
      }
    }),
  );
  expect(nearest(2n ** 60n + 2n ** 36n + 1n)).toBe(2 ** 60 + 2 ** 37);
  expect(nearest(2n ** 60n + 2n ** 36n)).toBe(2 ** 60);
});

it.each([
  [1, 1],
  [0.1, 0.0999755859375],
  [65519, 65504],
  [65520, Number.POSITIVE_INFINITY],
  [2 ** -25, 0],
  [-(2 ** -24), -(2 ** -24)],
  [Number.NaN, Number.NaN],
])("rounds %d to float16 %d", (x, half) => expect(roundToFloat16(x)).toBe(half));
