import { describe, expect, it } from "vitest";
import { loadDanfojs } from "../../../../src/formats/frame/danfojs/danfojs.js";
import { selectMasksByPosition } from "../../../../src/formats/frame/danfojs/danfojs-masks.js";

const loaded = await loadDanfojs();
const danfojs = loaded as unknown as typeof import("danfojs-node");
const index = [7, 2, 0, 20];
const data = [
  [3, "a"],
  [1, "b"],
  [2, "c"],
  [5, "d"],
];
const frame = () => new danfojs.DataFrame(data, { index, columns: ["id", "letter"] });

describe("selectMasksByPosition", () => {
  it("lets a query return the rows it means, whatever the index", () => {
    const large = frame().query(frame().id.gt(1));
    expect([large.values, large.index]).toEqual([
      [data[0], data[2], data[3]],
      [7, 0, 20],
    ]);
    const both = large.query(large.id.lt(5).and(large.letter.ne("c")));
    expect([both.values, both.index]).toEqual([[data[0]], [7]]);
    expect(frame().query([false, true, false, true]).values).toEqual([data[1], data[3]]);
  });

  it("works in place and with nothing found", () => {
    const changed = frame();
    changed.query(changed.id.eq(5), { inplace: true });
    expect([changed.values, changed.index]).toEqual([[data[3]], [20]]);
    const none = frame().query(frame().id.gt(100));
    expect([none.shape, none.columns]).toEqual([
      [0, 2],
      ["id", "letter"],
    ]);
  });

  it("lets iloc take masks, positions and slices, of frames and series", () => {
    const mask = [false, false, true, true];
    expect(frame().iloc({ rows: mask, columns: [1] }).values).toEqual([["c"], ["d"]]);
    expect(frame().iloc({ rows: [1, 0] }).index).toEqual([2, 7]);
    expect(frame().iloc({ rows: ["1:3"] }).index).toEqual([2, 0]);
    expect(frame().iloc({ columns: [0] }).values).toEqual([[3], [1], [2], [5]]);
    expect(frame().letter.iloc(mask).values).toEqual(["c", "d"]);
    expect(frame().letter.iloc([3]).index).toEqual([20]);
    expect(frame().tail(2).head(1).values).toEqual([data[2]]);
  });

  it("corrects once", () => {
    const { query } = Object.getPrototypeOf(danfojs.DataFrame.prototype);
    selectMasksByPosition(loaded);
    expect(Object.getPrototypeOf(danfojs.DataFrame.prototype).query).toBe(query);
  });
});
