import { expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { describeBatches } from "../../src/view/describe.js";
import { batchOf } from "../support/cells.js";

const FIELDS = [
  field("image", "Image"),
  field("area", "Double"),
  field("label", "String", 8),
  field("ok", "Bool"),
  field("list", "DoubleArray", 2),
  field("big", "Long"),
];

async function* two() {
  yield batchOf(FIELDS, [
    [1n, -1n],
    [2, Number.NaN],
    ["b", ""],
    [true, false],
    [
      [1, 2],
      [3, 4],
    ],
    [2n ** 60n, -(2n ** 60n)],
  ]);
  yield batchOf(FIELDS, [[3n], [4], ["a"], [true], [[1, 2]], [7n]]);
}

it("describes columns of every kind over several batches", async () => {
  const { rowCount, columns } = await describeBatches(two());
  expect(rowCount).toBe(3);
  const [image, area, label, ok, list, big] = columns;
  expect(image).toMatchObject({ count: 2, missing: 1, distinct: 2, minimum: 1n, maximum: 3n, mean: 2 });
  expect(area).toMatchObject({
    count: 2,
    missing: 1,
    minimum: 2,
    maximum: 4,
    quartiles: [2.5, 3, 3.5],
    mean: 3,
    deviation: Math.SQRT2,
  });
  expect(area!.histogram).toEqual([1, ...new Array(18).fill(0), 1]);
  expect(label).toMatchObject({
    count: 2,
    missing: 1,
    distinct: 2,
    minimum: "a",
    maximum: "b",
    commonest: [
      ["b", 1],
      ["a", 1],
    ],
  });
  expect(ok).toMatchObject({ count: 3, distinct: 2, mean: 2 / 3 });
  expect(list).toMatchObject({ count: 3, missing: 0, distinct: undefined });
  expect(big).toMatchObject({ minimum: -(2n ** 60n), maximum: 2n ** 60n });
});

it("describes a table without rows, and one of NaN alone", async () => {
  async function* none() {
    yield batchOf(FIELDS.slice(0, 3), [[], [], []]);
  }
  const { rowCount, columns } = await describeBatches(none());
  expect([rowCount, columns.map(({ count }) => count)]).toEqual([0, [0, 0, 0]]);
  expect(columns[1]).toMatchObject({ distinct: 0, minimum: undefined, quartiles: undefined, histogram: undefined });
});
