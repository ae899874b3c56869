import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { batchBytes, emptyBatch, takeRows } from "../../src/columns/batch-operations.js";
import { batchOf, cellsOf } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";

const ROWS = 40;
const cells = everyTypeCells(ROWS);
const batch = batchOf(EVERY_TYPE, cells);

describe("takeRows", () => {
  it("takes any rows in any order from columns of every type", () => {
    const positions = fc.array(fc.integer({ min: 0, max: ROWS - 1 }), { maxLength: 60 });
    fc.assert(
      fc.property(positions, (list) => {
        const taken = takeRows(batch, Int32Array.from(list), Float64Array.from(list));
        expect(taken.rowCount).toBe(list.length);
        expect(cellsOf(taken)).toEqual(cells.map((column) => list.map((row) => column[row])));
      }),
    );
  });

  it("takes from columns that are views into a larger buffer", () => {
    const buffer = new ArrayBuffer(80);
    const values = new Float64Array(buffer, 16, 4);
    const longs = new BigInt64Array(buffer, 48, 2);
    values.set([1, 2, 3, 4]);
    const fields = [field("d", "Double")];
    const column = { kind: "double", values } as const;
    const taken = takeRows(
      { fields, columns: [column], rowCount: 4, rowNumbers: { start: 0, step: 1 } },
      Int32Array.of(3, 0),
      {
        start: 3,
        step: -3,
      },
    );
    expect(cellsOf(taken)).toEqual([[4, 1]]);
    longs.set([2n ** 63n - 1n, -1n]);
    const long = { kind: "long", values: longs } as const;
    const numbers = { start: 0, step: 1 };
    const source = { fields: [field("l", "Long")], columns: [long], rowCount: 2, rowNumbers: numbers };
    expect(cellsOf(takeRows(source, Int32Array.of(1, 0), numbers))).toEqual([[-1n, 2n ** 63n - 1n]]);
  });

  it("keeps text apart whose bytes do not begin at 0 or are long", () => {
    const long = "x".repeat(100);
    const text = batchOf([field("s", "String", 100)], [["skip", "a", long, "b", long]]);
    expect(cellsOf(takeRows(text, Int32Array.of(2, 3, 4, 1, 2), { start: 0, step: 1 }))).toEqual([
      [long, "b", long, "a", long],
    ]);
  });
});

describe("emptyBatch", () => {
  it("has every column, without rows", () => {
    const empty = emptyBatch(EVERY_TYPE);
    expect(empty.columns.map(({ kind }) => kind)).toEqual(batch.columns.map(({ kind }) => kind));
    expect(cellsOf(empty)).toEqual(EVERY_TYPE.map(() => []));
    expect(takeRows(batch, new Int32Array(0), { start: 0, step: 1 }).columns).toEqual(empty.columns);
  });
});

describe("batchBytes", () => {
  it("counts the bytes of values, text and masks", () => {
    const fields = [field("l", "Long"), field("b", "Bool"), field("s", "String", 4), field("a", "FloatArray", 2)];
    expect(
      batchBytes(
        batchOf(fields, [
          [1n, 2n],
          [true, false],
          ["é", "x"],
          [
            [1, 2],
            [3, 4],
          ],
        ]),
      ),
    ).toBe(16 + 2 + 12 + 3 + 16);
  });
});
