import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowNumberArray } from "../../../src/columns/batch.js";
import { readCost, sliceCost } from "../../../src/columns/chunk-size.js";
import {
  type PlanConditions,
  planSelection,
  type ReadRequest,
  rowsKept,
  rowsRead,
} from "../../../src/read/plan/plan.js";
import { type RowSelection, selectRows } from "../../../src/read/plan/selection.js";

const service: PlanConditions = {
  span: readCost(10, 74),
  slice: sliceCost(10, 74),
  spanRows: 100_000,
  sliceRows: 10_000,
};

function plan(selection: RowSelection, conditions: PlanConditions): ReadRequest[] {
  return [...planSelection(selection, () => conditions)];
}

/** The rows requests bring from a table whose row `i` holds `i`. */
function execute(requests: readonly ReadRequest[], rowCount: number): number[] {
  return requests.flatMap((request) => {
    if (request.kind === "slice") return [...request.rows];
    expect(request.start).toBeGreaterThanOrEqual(0);
    expect(request.stop).toBeLessThanOrEqual(rowCount);
    const span = Array.from({ length: request.stop - request.start }, (_, index) => request.start + index);
    return request.keep ? [...request.keep].map((index) => span[index]!) : span;
  });
}

function cost(requests: readonly ReadRequest[], { span, slice }: PlanConditions): number {
  return requests.reduce((sum, request) => {
    const each = request.kind === "span" ? span : slice;
    return sum + each.perCall + rowsRead(request) * each.perRow;
  }, 0);
}

const anyCost = fc.record({
  perCall: fc.double({ min: 0.01, max: 100, noNaN: true }),
  perRow: fc.double({ min: 0.0001, max: 10, noNaN: true }),
});
const anyConditions: fc.Arbitrary<PlanConditions> = fc.record({
  span: anyCost,
  slice: anyCost,
  spanRows: fc.integer({ min: 1, max: 400 }),
  sliceRows: fc.integer({ min: 1, max: 400 }),
});
const rowCount = 1000;
const row = fc.integer({ min: 0, max: rowCount - 1 });
const ascending = fc.uniqueArray(row, { maxLength: 400 }).map((rows) => rows.sort((a, b) => a - b));
const runs = fc
  .array(fc.record({ start: row, length: fc.integer({ min: 1, max: 100 }) }), { maxLength: 8 })
  .map((list) =>
    list.flatMap(({ start, length }) =>
      Array.from({ length: Math.min(length, rowCount - start) }, (_, index) => start + index),
    ),
  );
const anyRows = fc.oneof(
  fc.array(row, { maxLength: 200 }),
  ascending,
  runs,
  fc.record({
    start: row,
    stop: fc.integer({ min: 0, max: rowCount }),
    step: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: -50, max: -1 })),
  }),
);

describe("planSelection", () => {
  it("brings exactly the selected rows in their order, each request within its limits", () => {
    fc.assert(
      fc.property(anyRows, anyConditions, (rows, conditions) => {
        const selection = selectRows(rows, rowCount);
        const requests = plan(selection, conditions);
        const wanted =
          selection.kind === "list"
            ? [...selection.rows]
            : Array.from({ length: selection.count }, (_, index) => selection.start + index * selection.step);
        expect(execute(requests, rowCount)).toEqual(wanted);
        for (const request of requests) {
          expect(rowsKept(request)).toBeGreaterThan(0);
          expect(rowsRead(request)).toBeLessThanOrEqual(
            request.kind === "span" ? conditions.spanRows : conditions.sliceRows,
          );
        }
        const numbered = requests.flatMap((request) => [...rowNumberArray(request.rowNumbers, rowsKept(request))]);
        expect(numbered).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it("finds the cheapest division of a list that needs no cutting", () => {
    const short = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 9 });
    const sorted = short.map((rows) => rows.sort((a, b) => a - b));
    fc.assert(
      fc.property(sorted, anyCost, anyCost, (rows, span, slice) => {
        const conditions = { span, slice, spanRows: 1e9, sliceRows: 1e9 };
        const requests = plan({ kind: "list", rows: Float64Array.from(rows) }, conditions);
        expect(cost(requests, conditions)).toBeLessThanOrEqual(cheapestDivision(rows, conditions) * 1.0001);
      }),
      { numRuns: 300 },
    );
  });

  it("reads a whole table as few equal spans", () => {
    const requests = plan(selectRows(undefined, 1_000_000), { ...service, spanRows: 150_000 });
    expect(requests.map((request) => request.kind)).toEqual(Array(7).fill("span"));
    const sizes = requests.map(rowsRead);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(7);
  });

  it("slices a small table and scattered hits, and reads through dense ones", () => {
    const kinds = (rows: Iterable<number>) =>
      plan(selectRows([...rows], 1_000_000), service).map((request) => request.kind);
    expect(plan(selectRows(undefined, 5_000), service).map((request) => request.kind)).toEqual(["slice"]);
    expect(kinds([5, 100, 70_000])).toEqual(["slice"]);
    expect(kinds(Array.from({ length: 20_000 }, (_, index) => index * 2))).toEqual(["span"]);
    expect(kinds(Array.from({ length: 9_000 }, (_, index) => index * 100))).toEqual(["slice"]);
  });

  it("divides a list between both ways where parts of it differ", () => {
    const scattered = Array.from({ length: 50 }, (_, index) => index * 2_000);
    const dense = Array.from({ length: 60_000 }, (_, index) => 200_000 + index);
    const requests = plan(selectRows([...scattered, ...dense, 900_000], 1_000_000), service);
    expect(requests.map((request) => [request.kind, rowsKept(request)])).toEqual([
      ["slice", 50],
      ["span", 60_000],
      ["slice", 1],
    ]);
    expect(requests[1]).toMatchObject({ start: 200_000, stop: 260_000 });
    expect(requests[1]).not.toHaveProperty("keep");
  });

  it("counts what a small chunk size makes of a span's fixed cost", () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => index);
    const requests = plan(selectRows(rows, 1_000_000), { ...service, spanRows: 1_000, sliceRows: 1_000 });
    expect(requests.every((request) => request.kind === "slice")).toBe(true);
    expect(requests).toHaveLength(50);
  });

  it("follows limits that change while it plans", () => {
    let spanRows = 20_000;
    const sizes: number[] = [];
    for (const request of planSelection(selectRows(undefined, 200_000), () => ({ ...service, spanRows }))) {
      sizes.push(rowsRead(request));
      spanRows = 60_000;
    }
    expect(sizes).toEqual([20_000, 60_000, 60_000, 60_000]);
  });
});

/** Least cost over every division of `rows` into neighbouring groups, each sliced or read as a span. */
function cheapestDivision(rows: readonly number[], { span, slice }: PlanConditions): number {
  const best = [0];
  for (let end = 1; end <= rows.length; end++) {
    let least = Number.POSITIVE_INFINITY;
    for (let start = 0; start < end; start++) {
      const width = rows[end - 1]! - rows[start]! + 1;
      const group = Math.min(span.perCall + width * span.perRow, slice.perCall + (end - start) * slice.perRow);
      least = Math.min(least, best[start]! + group);
    }
    best.push(least);
  }
  return best[rows.length]!;
}
