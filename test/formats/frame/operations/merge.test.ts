import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellTable } from "../../../../src/formats/frame/cells/cell-table.js";
import type { FrameCell } from "../../../../src/formats/frame/cells/frame-cell.js";
import { type MergeHow, mergeTables } from "../../../../src/formats/frame/operations/merge.js";
import { columnsOfTable, compareCells, keyKind, keys, rowsOfTable, sameCell, tableFrom } from "../random-tables.js";

const HOWS: MergeHow[] = ["inner", "left", "right", "outer"];
const sizes = fc.tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 25 }));

/** Two tables with the same key columns and a column of row numbers each. */
const sides = (keyCount: number) =>
  fc
    .tuple(sizes, fc.array(keyKind, { minLength: keyCount, maxLength: keyCount }))
    .chain(([[left, right], kinds]) =>
      fc.tuple(fc.tuple(...kinds.map((kind) => keys(kind, left))), fc.tuple(...kinds.map((kind) => keys(kind, right)))),
    );

function sideOf(columns: readonly FrameCell[][], name: string): CellTable {
  const named = columns.map((cells, at) => [`key ${at}`, cells]);
  return tableFrom({ ...Object.fromEntries(named), [name]: columns[0]!.map((_, row) => row) });
}

/** Rows of both sides that belong together, found by comparing each with each. */
function expectedPairs(left: readonly FrameCell[][], right: readonly FrameCell[][], how: MergeHow): [number, number][] {
  const matches = (row: number, other: number) =>
    left.every((cells, key) => sameCell(cells[row]!, right[key]![other]!));
  const [leftRows, rightRows] = [left[0]!.map((_, row) => row), right[0]!.map((_, row) => row)];
  const fromLeft = leftRows.flatMap((row) => {
    const found = rightRows.filter((other) => matches(row, other)).map((other): [number, number] => [row, other]);
    return found.length > 0 || how === "inner" || how === "right" ? found : [[row, -1] as [number, number]];
  });
  if (how === "inner" || how === "left") return fromLeft;
  const alone = rightRows.filter((other) => !leftRows.some((row) => matches(row, other)));
  const all = [...fromLeft, ...alone.map((other): [number, number] => [-1, other])];
  if (how === "right") return all.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const keyOf = ([row, other]: [number, number], key: number) => (row < 0 ? right[key]![other]! : left[key]![row]!);
  return all.sort((a, b) => {
    for (const key of left.keys()) {
      const order = compareCells(keyOf(a, key), keyOf(b, key));
      if (order !== 0) return order;
    }
    return a[0] - b[0] || a[1] - b[1];
  });
}

describe("mergeTables", () => {
  it.each([1, 2, 3])("joins by %i keys of any kind in the order of pandas", (keyCount) => {
    fc.assert(
      fc.property(sides(keyCount), fc.constantFrom(...HOWS), ([left, right], how) => {
        const [one, other] = [sideOf(left, "left row"), sideOf(right, "right row")];
        const before = JSON.stringify([rowsOfTable(one), rowsOfTable(other)].flat(2).map(String));
        const merged = mergeTables(one, other, { how });
        const pairs = expectedPairs(left, right, how);
        const columns = columnsOfTable(merged);
        const orNaN = (row: number) => (row < 0 ? Number.NaN : row);
        expect(columns["left row"]).toEqual(pairs.map(([row]) => orNaN(row)));
        expect(columns["right row"]).toEqual(pairs.map(([, row]) => orNaN(row)));
        for (const key of left.keys()) {
          const expected = pairs.map(([row, partner]) => (row < 0 ? right[key]![partner]! : left[key]![row]!));
          expect(columns[`key ${key}`]).toEqual(expected);
        }
        expect(merged.index.list).toEqual(pairs.map((_, row) => row));
        expect(JSON.stringify([rowsOfTable(one), rowsOfTable(other)].flat(2).map(String))).toBe(before);
      }),
    );
  });

  const left = tableFrom({ id: [1, 2, 3], area: [0.5, 1.5, 2.5], ok: [true, false, true], n: [1, 2, 3] });
  const right = tableFrom({ area: [7, 8], id: [3, 4], label: ["c", "d"] });

  it("keeps the left table's columns in place, and tells columns of one name apart", () => {
    const merged = mergeTables(left, right, { on: "id" });
    expect(merged.columns.map(({ name }) => name)).toEqual(["id", "area_x", "ok", "n", "area_y", "label"]);
    expect(rowsOfTable(merged)).toEqual([[3, 2.5, true, 3, 7, "c"]]);
    const other = mergeTables(left, right, { on: ["id"], suffixes: ["", " of well"] });
    expect(other.columns.map(({ name }) => name)).toEqual(["id", "area", "ok", "n", "area of well", "label"]);
  });

  it("makes integers floats, and booleans mixed, where there are gaps alone", () => {
    const typesOf = (how: MergeHow) => mergeTables(left, right, { on: "id", how }).columns.map(({ type }) => type);
    expect(typesOf("inner")).toEqual(["int32", "float32", "boolean", "int32", "int32", "string"]);
    expect(typesOf("outer")).toEqual(["int32", "float32", "string", "float32", "float32", "string"]);
  });

  it("joins numbers with the bigints of another table", () => {
    const wide = tableFrom({ id: [3n, 2n ** 60n], name: ["three", "far"] });
    expect(rowsOfTable(mergeTables(left, wide, { on: "id" })).map((row) => row.at(-1))).toEqual(["three"]);
    const outer = mergeTables(left, wide, { on: "id", how: "outer" });
    expect(columnsOfTable(outer).id).toEqual([1, 2, 3, 2n ** 60n]);
  });

  it("refuses what cannot be joined", () => {
    expect(() => mergeTables(left, right, { on: "ids" })).toThrow(expect.objectContaining({ code: "UNKNOWN_COLUMN" }));
    expect(() => mergeTables(left, right, { on: [] })).toThrow("name of a column");
    expect(() => mergeTables(left, tableFrom({ other: [1] }), {})).toThrow("no column in common");
    expect(() => mergeTables(left, tableFrom({ id: ["1"] }), {})).toThrow(
      "numbers on the left and strings on the right",
    );
    expect(() => mergeTables(left, right, { on: "id", how: "cross" as never })).toThrow("how must be one of");
    const clash = tableFrom({ id: [1], area_x: [1], area: [2] });
    expect(() => mergeTables(clash, right, { on: "id" })).toThrow('"area_x"');
  });
});
