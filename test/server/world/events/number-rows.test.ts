import { describe, expect, it } from "vitest";
import { NumberRows } from "../../../../src/server/world/events/number-rows.js";

function rowsOf(ids: readonly number[]) {
  const rows = new NumberRows(["value"]);
  for (const id of ids) rows.push({ id, value: id * 10 });
  return rows;
}

describe("NumberRows", () => {
  it("keeps what was pushed, in columns that grow", () => {
    const rows = rowsOf(Array.from({ length: 1_000 }, (_, index) => index * 2));
    expect(rows.length).toBe(1_000);
    expect(rows.row(999)).toEqual({ id: 1_998, value: 19_980 });
    expect(rows.lastId).toBe(1_998);
  });

  it("finds rows by their ids, which may have gaps", () => {
    const rows = rowsOf([3, 5, 9]);
    expect([2, 3, 4, 5, 9, 10].map((id) => rows.indexOf(id))).toEqual([-1, 0, -1, 1, 2, -1]);
    expect(rows.lowerBound(6)).toBe(2);
    expect(new NumberRows([]).indexOf(0)).toBe(-1);
    expect(new NumberRows([]).lastId).toBe(0);
  });

  it("finds the places of a value, in all rows or between two places", () => {
    const rows = new NumberRows(["value"]);
    for (const [id, value] of [7, 8, 7, 7].entries()) rows.push({ id, value });
    expect([...rows.places("value", 7)]).toEqual([0, 2, 3]);
    expect([...rows.places("value", 7, 1, 3)]).toEqual([2]);
  });

  it("drops rows at both ends", () => {
    const rows = rowsOf([1, 2, 3, 4]);
    rows.slice(1, 3);
    expect(rows.ids()).toEqual([2, 3]);
    rows.push({ id: 5, value: 50 });
    expect(rows.row(2)).toEqual({ id: 5, value: 50 });
  });
});
