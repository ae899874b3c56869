import { describe, expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { messageRows } from "../../../src/columns/chunk-size.js";
import { RowSample } from "../../../src/read/changes/row-sample.js";
import { batchOf, cellsOf } from "../../support/cells.js";
import { Seeded } from "../../support/seeded.js";

const FIELDS = [field("row", "Long"), field("half", "Double")];

/** Rows of a table whose cells tell their numbers. */
function rows(start: number, count: number) {
  const numbers = Array.from({ length: count }, (_, index) => start + index);
  const cells = [numbers.map(BigInt), numbers.map((one) => one / 2)];
  return { ...batchOf(FIELDS, cells), rowNumbers: { start, step: 1 } };
}

function seeded(): () => number {
  const random = new Seeded(7);
  return () => random.fraction();
}

function sampled(most: number, expected: number, batches: readonly (readonly [number, number])[]) {
  const sample = new RowSample(most, expected);
  const random = seeded();
  for (const [start, count] of batches) sample.take(rows(start, count), random);
  return sample.rows;
}

describe("RowSample", () => {
  it("holds nothing of no rows", () => {
    expect(sampled(128, 0, [])).toBeUndefined();
    expect(sampled(128, 0, [[0, 0]])).toBeUndefined();
  });

  it("keeps all rows where they are few", () => {
    expect([...sampled(128, 3, [[5, 3]])!.rowNumbers]).toEqual([5, 6, 7]);
    expect([...sampled(128, 1, [[9, 1]])!.rowNumbers]).toEqual([9]);
  });

  it("keeps the first and the last of each batch, and of the others as many as are its share", () => {
    const kept = sampled(100, 1000, [
      [0, 250],
      [250, 500],
      [750, 250],
    ])!;
    expect(kept.rowCount).toBe(100);
    for (const row of [0, 249, 250, 749, 750, 999]) expect(kept.rowNumbers).toContain(row);
    const within = (start: number, stop: number) => kept.rowNumbers.filter((row) => row >= start && row < stop).length;
    expect([within(0, 250), within(250, 750), within(750, 1000)]).toEqual([25, 50, 25]);
    expect(new Set(kept.rowNumbers).size).toBe(100);
    expect([...kept.rowNumbers]).toEqual([...kept.rowNumbers].sort((a, b) => a - b));
  });

  it("keeps the cells of those rows", () => {
    const kept = sampled(10, 1000, [[0, 1000]])!;
    const numbers = [...kept.rowNumbers];
    expect(cellsOf(kept)).toEqual([numbers.map(BigInt), numbers.map((row) => row / 2)]);
  });

  it("never keeps more than it may, where more rows come than were expected", () => {
    const many = Array.from({ length: 50 }, (_, index) => [100 * index, 100] as const);
    expect(sampled(32, 10, many)!.rowCount).toBe(32);
  });

  it("takes the rows' own numbers, where they are a list", () => {
    const sample = new RowSample(4, 4);
    sample.take({ ...rows(0, 4), rowNumbers: Float64Array.of(11, 7, 7, 900) });
    expect([...sample.rows!.rowNumbers]).toEqual([11, 7, 7, 900]);
  });

  it("keeps no more than fits one message", () => {
    const wide = [field("text", "String", 8 << 20)];
    const count = messageRows(wide) + 5;
    const sample = new RowSample(128, count);
    sample.take(batchOf(wide, [new Array(count).fill("a")]));
    expect(sample.rows!.rowCount).toBe(messageRows(wide));
  });
});
