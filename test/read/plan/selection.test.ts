import { describe, expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { type RowsOption, selectColumns, selectRows } from "../../../src/read/plan/selection.js";

const fields = ["image", "mean area", "a/b", "Class"].map((name) => field(name, "Long"));

/** All rows a selection means. */
function rowsOf(rows: RowsOption | undefined, rowCount: number): number[] {
  const selection = selectRows(rows, rowCount);
  if (selection.kind === "list") return [...selection.rows];
  return Array.from({ length: selection.count }, (_, index) => selection.start + index * selection.step);
}

describe("selectColumns", () => {
  it("takes all columns by default", () => {
    expect(selectColumns(fields, undefined)).toEqual([0, 1, 2, 3]);
  });

  it("gives table order, each column once", () => {
    expect(selectColumns(fields, ["Class", "image", "a/b", "image"])).toEqual([0, 2, 3]);
  });

  it("suggests the nearest name for an unknown one", () => {
    expect(() => selectColumns(fields, ["mean_area"])).toThrow(
      expect.objectContaining({
        code: "UNKNOWN_COLUMN",
        column: "mean_area",
        message: 'The table has no column "mean_area"; did you mean "mean area"?',
      }),
    );
    expect(() => selectColumns(fields, ["class"])).toThrow('did you mean "Class"?');
  });

  it("lists the columns when no name is near", () => {
    expect(() => selectColumns(fields, ["solidity"])).toThrow(
      'The table has no column "solidity"; its columns are "image", "mean area", "a/b", "Class"',
    );
    const many = Array.from({ length: 500 }, (_, index) => field(`column ${index}`, "Double"));
    expect(() => selectColumns(many, ["x"])).toThrow('"column 19" and 480 more');
  });
});

describe("selectRows", () => {
  it("takes all rows by default", () => {
    expect(selectRows(undefined, 7)).toEqual({ kind: "range", start: 0, step: 1, count: 7 });
  });

  it("keeps the order and the duplicates of a list", () => {
    expect(rowsOf([3, 1, 1, 2], 10)).toEqual([3, 1, 1, 2]);
    expect(rowsOf(new Set([9, 0]), 10)).toEqual([9, 0]);
    expect(rowsOf(Int32Array.of(4, 2), 10)).toEqual([4, 2]);
    expect(rowsOf(BigInt64Array.of(4n, 2n), 10)).toEqual([4, 2]);
    expect(rowsOf([], 10)).toEqual([]);
  });

  it.each<[RowsOption, number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ start: 3 }, [3, 4]],
    [{ stop: 2 }, [0, 1]],
    [{ start: 1, stop: 5, step: 2 }, [1, 3]],
    [{ step: 3 }, [0, 3]],
    [{ start: 2, stop: 2 }, []],
    [{ start: 4, stop: 2 }, []],
    [{ start: 5 }, []],
    [{ stop: 99 }, [0, 1, 2, 3, 4]],
    [{ step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: 3, stop: 0, step: -2 }, [3, 1]],
    [{ start: 3, stop: -1, step: -3 }, [3, 0]],
    [{ start: 1, stop: 3, step: -1 }, []],
  ])("reads the range %j as Python does", (range, expected) => {
    expect(rowsOf(range, 5)).toEqual(expected);
  });

  it("gives nothing of a table without rows", () => {
    for (const rows of [undefined, {}, { step: -1 }, [], { stop: 9 }]) expect(rowsOf(rows, 0)).toEqual([]);
  });

  it.each<[RowsOption, number]>([
    [[0, 5], 5],
    [[-1], -1],
    [{ start: 6 }, 6],
    [{ start: -1 }, -1],
    [{ stop: -1 }, -1],
    [{ start: 5, step: -1 }, 5],
    [{ start: 3, stop: -2, step: -1 }, -2],
  ])("refuses rows outside the table: %j", (rows, row) => {
    expect(() => selectRows(rows, 5)).toThrow(expect.objectContaining({ code: "ROWS_OUT_OF_RANGE", row }));
    expect(() => selectRows(rows, 5)).toThrow("the table has rows 0 to 4");
  });

  it("says so when there are no rows at all", () => {
    expect(() => selectRows([0], 0)).toThrow("Row 0 was asked for, but the table has no rows");
  });

  it.each([[[1.5]], [[Number.NaN]], [{ step: 0 }], [{ start: 0.5 }], [{ stop: "9" }], ["12"], [5], [null], [["x"]]])(
    "refuses what is no selection: %j",
    (rows) => {
      expect(() => selectRows(rows as RowsOption, 5)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    },
  );
});
