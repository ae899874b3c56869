import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellTable } from "../../../../src/formats/frame/cells/cell-table.js";
import type { FrameCell } from "../../../../src/formats/frame/cells/frame-cell.js";
import { concatTables } from "../../../../src/formats/frame/operations/concat.js";
import { columnsOfTable, keyKind, keys, rowsOfTable, tableFrom } from "../random-tables.js";

const NAMES = ["a", "b", "mean area", "é"];
const table = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.subarray(NAMES, { minLength: 1 })).chain(([rows, names]) =>
  fc.tuple(...names.map(() => keyKind.chain((kind) => keys(kind, rows)))).map((columns): CellTable => {
    return tableFrom(Object.fromEntries(names.map((name, at) => [name, columns[at]!])));
  }),
);

function stacked(tables: readonly CellTable[]): Record<string, FrameCell[]> {
  const names = new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)));
  return Object.fromEntries(
    Array.from(names, (name) => [
      name,
      tables.flatMap(
        ({ columns, index }) =>
          columns.find((column) => column.name === name)?.cells.toList() ?? index.list.map(() => Number.NaN),
      ),
    ]),
  );
}

describe("concatTables", () => {
  it("puts tables below each other, and leaves them as they are", () => {
    fc.assert(
      fc.property(fc.array(table, { minLength: 1, maxLength: 4 }), (tables) => {
        const before = tables.map((one) => rowsOfTable(one).map(String));
        const all = concatTables(tables, 0);
        expect(columnsOfTable(all)).toEqual(stacked(tables));
        expect(all.index.list).toEqual(all.columns[0]!.cells.list.map((_, row) => row));
        for (const { cells } of all.columns) cells.lend().fill(0);
        expect(tables.map((one) => rowsOfTable(one).map(String))).toEqual(before);
      }),
    );
  });

  it("puts two hundred thousand rows below each other", () => {
    const cells = Array.from({ length: 100_000 }, (_, row) => row / 2);
    const all = concatTables([tableFrom({ a: cells }), tableFrom({ a: cells })], 0);
    expect(all.columns[0]!.cells.length).toBe(200_000);
    expect(all.columns[0]!.cells.list[199_999]).toBe(99_999 / 2);
  });

  it("keeps a type that all have, and gives gaps that of floating-point numbers", () => {
    const types = (...tables: CellTable[]) =>
      concatTables(tables, 0).columns.map(({ type, isWide }) => (isWide ? "wide" : type));
    const integers = tableFrom({ a: [1, 2] });
    expect(types(integers, integers)).toEqual(["int32"]);
    expect(types(integers, tableFrom({ a: [1.5] }))).toEqual(["float32"]);
    expect(types(integers, tableFrom({ a: [2 ** 40] }))).toEqual(["wide"]);
    expect(types(integers, tableFrom({ a: ["x"] }))).toEqual(["string"]);
    expect(types(integers, tableFrom({ b: [1] }))).toEqual(["float32", "float32"]);
    expect(types(tableFrom({ a: [true] }), tableFrom({ a: [false] }))).toEqual(["boolean"]);
    expect(types(integers, tableFrom({ a: [] }))).toEqual(["int32"]);
  });

  it("puts tables side by side, rows together by their labels", () => {
    const one = tableFrom({ a: [1, 2], b: ["x", "y"] }, [10, 20]);
    const other = tableFrom({ a: [3, 4] }, [20, 30]);
    const all = concatTables([one, other], 1);
    expect(all.index.list).toEqual([10, 20, 30]);
    expect(columnsOfTable(all)).toEqual({ a: [1, 2, Number.NaN], b: ["x", "y", Number.NaN], a1: [Number.NaN, 3, 4] });
    expect(columnsOfTable(concatTables([one, one], 1))).toEqual({
      a: [1, 2],
      b: ["x", "y"],
      a1: [1, 2],
      b1: ["x", "y"],
    });
  });

  it("refuses no frame and other axes", () => {
    expect(() => concatTables([], 0)).toThrow("at least one");
    expect(() => concatTables([tableFrom({ a: [1] })], 2 as never)).toThrow("axis must be 0 or 1");
  });
});
