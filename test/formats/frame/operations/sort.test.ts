import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrameCell } from "../../../../src/formats/frame/cells/frame-cell.js";
import { sortedRows } from "../../../../src/formats/frame/operations/sort.js";
import { compareCells, isMissingCell, keyKind, keys, tableFrom } from "../random-tables.js";

const columnsOf = (count: number) =>
  fc
    .integer({ min: 0, max: 60 })
    .chain((rows) => fc.tuple(...Array.from({ length: count }, () => keyKind.chain((kind) => keys(kind, rows)))));

/** Rows sorted one by one. */
function expectedRows(columns: readonly FrameCell[][], ascending: readonly boolean[]): number[] {
  const compare = (a: number, b: number) => {
    for (const [at, cells] of columns.entries()) {
      const order = compareCells(cells[a]!, cells[b]!);
      const isMissing = isMissingCell(cells[a]!) || isMissingCell(cells[b]!);
      if (order !== 0) return ascending[at] || isMissing ? order : -order;
    }
    return a - b;
  };
  return columns[0]!.map((_, row) => row).sort(compare);
}

describe("sortedRows", () => {
  it("orders one column of any kind, missing values last, equal rows as they come", () => {
    fc.assert(
      fc.property(columnsOf(1), fc.boolean(), ([cells], ascending) => {
        const table = tableFrom({ key: cells! });
        expect([...sortedRows(table, ["key"], ascending)]).toEqual(expectedRows([cells!], [ascending]));
      }),
    );
  });

  it("orders by several columns, each in its direction", () => {
    fc.assert(
      fc.property(columnsOf(3), fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), (columns, ascending) => {
        const table = tableFrom(Object.fromEntries(columns.map((cells, at) => [`key ${at}`, cells])));
        const names = table.columns.map(({ name }) => name);
        expect([...sortedRows(table, names, ascending)]).toEqual(expectedRows(columns, ascending));
      }),
    );
  });

  it("orders any doubles as numbers compare", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 300 }), fc.boolean(), (cells, ascending) => {
        expect([...sortedRows(tableFrom({ key: cells }), ["key"], ascending)]).toEqual(
          expectedRows([cells], [ascending]),
        );
      }),
    );
  });

  it("orders a hundred thousand numbers", () => {
    const cells = Array.from({ length: 100_000 }, (_, row) => Math.sin(row) * 10 ** (row % 40));
    const sorted = sortedRows(tableFrom({ key: cells }), ["key"], true);
    expect(sorted.length).toBe(cells.length);
    for (let at = 1; at < sorted.length; at++)
      if (cells[sorted[at - 1]!]! > cells[sorted[at]!]!) expect.fail(`at ${at}`);
  });

  it("refuses columns that are not there, values that cannot be compared, and directions for others", () => {
    const table = tableFrom({ area: [1, 2], mixed: [1, "a"], list: [[1], [2]] });
    expect(() => sortedRows(table, ["aera"], true)).toThrow('did you mean "area"?');
    expect(() => sortedRows(table, ["aera"], true)).toThrow(
      expect.objectContaining({ code: "UNKNOWN_COLUMN", column: "aera" }),
    );
    expect(() => sortedRows(table, ["mixed"], true)).toThrow("numbers and strings");
    expect(() => sortedRows(table, ["list"], true)).toThrow("lists");
    expect(() => sortedRows(table, ["area"], [true, false])).toThrow("one each");
  });
});
