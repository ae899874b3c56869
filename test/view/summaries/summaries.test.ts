import { expect, it } from "vitest";
import { DistinctCount } from "../../../src/view/summaries/distinct-count.js";
import { Moments } from "../../../src/view/summaries/moments.js";
import { QuantileSketch } from "../../../src/view/summaries/quantile-sketch.js";
import { TextReader } from "../../../src/view/summaries/text-reader.js";

/** Numbers that look random, the same each time. */
function* numbers(count: number): Generator<number> {
  let state = 12345;
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

it("gives exact quantiles of few values, as numpy does", () => {
  const sketch = new QuantileSketch();
  for (const value of [4, 1, 3, 2]) sketch.add(value);
  expect(sketch.isExact).toBe(true);
  expect(sketch.quantiles([0, 0.25, 0.5, 0.75, 1])).toEqual([1, 1.75, 2.5, 3.25, 4]);
  expect(new QuantileSketch().quantiles([0.5])).toEqual([Number.NaN]);
});

it.each(["random", "ascending", "descending"])(
  "gives quantiles of many %s values whose ranks are right to some thousandths",
  (order) => {
    const sketch = new QuantileSketch(4096);
    const values = [...numbers(200_000)];
    if (order !== "random") values.sort((a, b) => (order === "ascending" ? a - b : b - a));
    for (const value of values) sketch.add(value);
    const sorted = Float64Array.from(values).sort();
    const { weights } = sketch.weighted();
    expect(weights.length).toBeLessThan(4096 * 10);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(200_000, -4);
    for (const share of [0.01, 0.25, 0.5, 0.75, 0.99]) {
      const [found] = sketch.quantiles([share]);
      const rank = sorted.findIndex((value) => value >= found!) / sorted.length;
      expect(Math.abs(rank - share)).toBeLessThan(0.003);
    }
  },
);

it("takes infinities", () => {
  const sketch = new QuantileSketch(4);
  for (const value of [Number.NEGATIVE_INFINITY, 1, 2, 3, Number.POSITIVE_INFINITY]) sketch.add(value);
  expect(sketch.quantiles([0, 0.5, 1]).every((value) => !Number.isNaN(value))).toBe(true);
});

it("counts few different values exactly, and many to some hundredths", () => {
  const few = new DistinctCount(100);
  for (const value of [1, 1, 2, "a", "a", 5n, 5n, 0, -0]) few.add(value);
  expect([few.count, few.isExact]).toEqual([5, true]);
  for (const kind of ["numbers", "longs", "texts"]) {
    const many = new DistinctCount(100);
    for (let index = 0; index < 200_000; index++) {
      const value = index % 50_000;
      many.add(kind === "numbers" ? value / 3 : kind === "longs" ? BigInt(value) : `text ${value}`);
    }
    expect(many.isExact).toBe(false);
    expect(Math.abs(many.count / 50_000 - 1), kind).toBeLessThan(0.06);
  }
});

it("reads texts of many batches as they are", () => {
  const texts = ["größe", "a", "", "a", "größe", "🔬".repeat(100), "b"];
  const reader = new TextReader(2);
  for (const some of [texts, texts.toReversed()]) {
    const parts = some.map((text) => Buffer.from(text));
    const offsets = new Int32Array(parts.length + 1);
    parts.forEach(({ length }, row) => {
      offsets[row + 1] = offsets[row]! + length;
    });
    const column = { kind: "string" as const, offsets, bytes: Buffer.concat(parts) };
    expect(some.map((_, row) => reader.at(column, row))).toEqual(some);
  }
});

it("loses no digits of large values", () => {
  const moments = new Moments();
  for (const value of [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]) moments.add(value);
  expect([moments.mean, moments.deviation]).toEqual([1e9 + 10, Math.sqrt(30)]);
  expect([new Moments().mean, new Moments().deviation]).toEqual([Number.NaN, Number.NaN]);
});
