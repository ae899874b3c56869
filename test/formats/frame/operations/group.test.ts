import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NamedCells } from "../../../../src/formats/frame/cells/cell-table.js";
import type { FrameCell } from "../../../../src/formats/frame/cells/frame-cell.js";
import * as aggregates from "../../../../src/formats/frame/operations/aggregates.js";
import { RowGroups } from "../../../../src/formats/frame/operations/group-rows.js";
import { countDifferent, medianValue, mostFrequent } from "../../../../src/formats/frame/operations/group-values.js";
import { compareCells, isMissingCell, keyKind, keys, sameCell, tableFrom } from "../random-tables.js";

const keyed = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.array(keyKind, { minLength: 1, maxLength: 3 }))
  .chain(([rows, kinds]) =>
    fc.tuple(
      fc.tuple(...kinds.map((kind) => keys(kind, rows))),
      fc.array(fc.oneof(fc.integer({ min: -100, max: 100 }), fc.constant(Number.NaN)), {
        minLength: rows,
        maxLength: rows,
      }),
    ),
  );

/** The rows of each group, found by comparing each with each, in the order of the keys. */
function expectedGroups(columns: readonly FrameCell[][]): number[][] {
  const groups: number[][] = [];
  for (const row of columns[0]!.keys()) {
    if (columns.some((cells) => isMissingCell(cells[row]!))) continue;
    const group = groups.find(([first]) => columns.every((cells) => sameCell(cells[first!]!, cells[row]!)));
    if (group === undefined) groups.push([row]);
    else group.push(row);
  }
  return groups.sort(([a], [b]) => {
    for (const cells of columns) {
      const order = compareCells(cells[a!]!, cells[b!]!);
      if (order !== 0) return order;
    }
    return 0;
  });
}

const there = (values: number[]) => values.filter((value) => !Number.isNaN(value));
const sum = (values: number[]) => there(values).reduce((total, value) => total + value, 0);
const mean = (values: number[]) => sum(values) / there(values).length;
const deviations = (values: number[]) => there(values).map((value) => (value - mean(values)) ** 2);

function median(values: number[]): number {
  const sorted = there(values).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

const ORACLES: Record<
  string,
  [(column: NamedCells, groups: RowGroups) => aggregates.Aggregated, (values: number[]) => number]
> = {
  count: [aggregates.countValues, (values) => there(values).length],
  sum: [aggregates.sumValues, sum],
  mean: [aggregates.meanValue, mean],
  median: [medianValue, median],
  var: [
    aggregates.variance,
    (values) => (there(values).length < 2 ? Number.NaN : sum(deviations(values)) / (there(values).length - 1)),
  ],
  min: [aggregates.smallest, (values) => (there(values).length === 0 ? Number.NaN : Math.min(...there(values)))],
  max: [aggregates.largest, (values) => (there(values).length === 0 ? Number.NaN : Math.max(...there(values)))],
  first: [aggregates.firstValue, (values) => there(values)[0] ?? Number.NaN],
  last: [aggregates.lastValue, (values) => there(values).at(-1) ?? Number.NaN],
  nunique: [countDifferent, (values) => new Set(there(values)).size],
};

describe("RowGroups", () => {
  it("groups by keys of any kind in the order of the keys, without the rows that lack one", () => {
    fc.assert(
      fc.property(keyed, ([columns]) => {
        const table = tableFrom(Object.fromEntries(columns.map((cells, at) => [`key ${at}`, cells])));
        const found = new RowGroups(
          table,
          table.columns.map(({ name }) => name),
        );
        const expected = expectedGroups(columns);
        expect(found.count).toBe(expected.length);
        const rows = expected.map((_, group) => [...found.rows.subarray(found.starts[group], found.starts[group + 1])]);
        expect(rows).toEqual(expected);
        for (const [at, { cells }] of found.keys.entries()) {
          expect(cells.list).toEqual(expected.map(([row]) => columns[at]![row!]));
        }
        for (const [group, members] of expected.entries())
          for (const row of members) expect(found.groups[row]).toBe(group);
      }),
    );
  });
});

describe("aggregates", () => {
  it.each(Object.entries(ORACLES))("%s leaves out missing values", (_, [aggregate, oracle]) => {
    fc.assert(
      fc.property(keyed, ([columns, values]) => {
        const table = tableFrom({ key: columns[0]!, value: values });
        const { cells } = aggregate(table.columns[1]!, new RowGroups(table, ["key"]));
        const expected = expectedGroups([columns[0]!]).map((rows) => oracle(rows.map((row) => values[row]!)));
        expect(cells.length).toBe(expected.length);
        for (const [group, value] of expected.entries()) {
          if (Number.isNaN(value)) expect(cells.list[group]).toBeNaN();
          else expect(cells.list[group]).toBeCloseTo(value, 9);
        }
      }),
    );
  });

  const texts = tableFrom({ key: [1, 1, 2, 2], text: ["b", "a", Number.NaN, "c"], id: [2n ** 60n, 1n, 5n, -7n] });
  const groups = new RowGroups(texts, ["key"]);

  it("take the least, greatest and most frequent of texts, and calculate with bigints exactly", () => {
    expect(aggregates.smallest(texts.columns[1]!, groups).cells.list).toEqual(["a", "c"]);
    expect(aggregates.largest(texts.columns[1]!, groups).cells.list).toEqual(["b", "c"]);
    expect(mostFrequent(texts.columns[1]!, groups).cells.list).toEqual(["b", "c"]);
    expect(aggregates.sumValues(texts.columns[2]!, groups).cells.list).toEqual([2n ** 60n + 1n, -2n]);
    expect(aggregates.largest(texts.columns[2]!, groups).cells.list).toEqual([2n ** 60n, 5n]);
  });

  it("refuse the sum of integers that a number cannot hold", () => {
    const wide = tableFrom({ key: ["a", "a"], id: [2 ** 53 - 1, 2 ** 53 - 1] });
    expect(() => aggregates.sumValues(wide.columns[1]!, new RowGroups(wide, ["key"]))).toThrow(
      expect.objectContaining({ code: "UNSAFE_INTEGER", column: "id" }),
    );
  });

  it("keep what rounding leaves", () => {
    const numbers = tableFrom({ key: new Array(11).fill(1), value: [1e16, ...new Array(10).fill(1)] });
    const value = { ...numbers.columns[1]!, type: "float32" as const, isWide: false };
    expect(aggregates.sumValues(value, new RowGroups(numbers, ["key"])).cells.list).toEqual([1e16 + 10]);
  });
});
