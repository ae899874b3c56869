import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statistics } from "../../../../src/formats/tiledb/fragments/statistics.js";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
const int64s = (bytes: Uint8Array) => [...new BigInt64Array(bytes.slice().buffer)];
const doubles = (bytes: Uint8Array) => [...new Float64Array(bytes.slice().buffer)];

describe("statistics of integers", () => {
  it("are those of each tile, and of all", () => {
    const stats = statistics(BigInt64Array.of(5n, -2n, 7n, 1n, 9n), 2);
    expect(int64s(stats.tileMins)).toEqual([-2n, 1n, 9n]);
    expect(int64s(stats.tileMaxs)).toEqual([5n, 7n, 9n]);
    expect(int64s(stats.tileSums)).toEqual([3n, 8n, 9n]);
    expect([stats.min, stats.max, stats.sum].flatMap(int64s)).toEqual([-2n, 9n, 20n]);
  });

  it("sum exactly, and stop at the first overflow", () => {
    const value = fc.oneof(fc.bigInt(MIN, MAX), fc.bigInt(-1000n, 1000n), fc.constantFrom(MIN, MAX, 2n ** 62n));
    const property = fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
      const sum = (items: readonly bigint[]) => {
        let total = 0n;
        for (const item of items) {
          total += item;
          if (total > MAX) return MAX;
          if (total < MIN) return MIN;
        }
        return total;
      };
      const stats = statistics(BigInt64Array.from(values), 7);
      const tiles: bigint[] = [];
      for (let at = 0; at < values.length; at += 7) tiles.push(sum(values.slice(at, at + 7)));
      expect(int64s(stats.tileSums)).toEqual(tiles);
      expect(int64s(stats.sum)).toEqual([sum(tiles)]);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("go on from a sum that only reaches the limit", () => {
    const stats = statistics(BigInt64Array.of(MAX, 1n, -5n, 0n), 2);
    expect(int64s(stats.tileSums)).toEqual([MAX, -5n]);
    expect(int64s(stats.sum)).toEqual([MAX - 5n]);
  });
});

describe("statistics of doubles", () => {
  it("let NaN stick or restart, as the engine's comparisons do", () => {
    const stats = statistics(Float64Array.of(1, Number.NaN, 3, 2, 1, Number.NaN), 3);
    expect(doubles(stats.tileMins)).toEqual([3, Number.NaN]);
    expect(doubles(stats.tileMaxs)).toEqual([3, Number.NaN]);
    expect(doubles(stats.tileSums)).toEqual([Number.NaN, Number.NaN]);
  });

  it("stop at the largest number", () => {
    const stats = statistics(
      Float64Array.of(Number.MAX_VALUE, Number.MAX_VALUE, -1, 1, Number.NEGATIVE_INFINITY, 5),
      2,
    );
    expect(doubles(stats.tileSums)).toEqual([Number.MAX_VALUE, 0, Number.NEGATIVE_INFINITY]);
    expect(doubles(stats.min)).toEqual([Number.NEGATIVE_INFINITY]);
  });
});

it("statistics of bools count the true ones", () => {
  const stats = statistics(Uint8Array.of(1, 0, 1, 1, 1), 4);
  expect([...stats.tileMins, ...stats.tileMaxs]).toEqual([0, 1, 1, 1]);
  expect(int64s(stats.tileSums)).toEqual([3n, 1n]);
  expect([...stats.min, ...stats.max, ...int64s(stats.sum)]).toEqual([0, 1, 4n]);
});
