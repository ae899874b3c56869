import { expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { RowList } from "../../../src/view/page/row-list.js";
import { batchOf } from "../../support/cells.js";

const FIELDS = [field("n", "Long")];
const part = (numbers: readonly number[]) => ({
  ...batchOf(FIELDS, [numbers.map(BigInt)]),
  rowNumbers: Float64Array.from(numbers),
});
const span = (start: number, count: number) => ({
  ...batchOf(FIELDS, [Array.from({ length: count }, () => 0n)]),
  rowNumbers: { start, step: 1 },
});

it("holds no numbers of all rows, and those of some", () => {
  const all = new RowList(5);
  all.add(span(0, 3));
  all.add(span(3, 2));
  expect([...all.all()]).toEqual([0, 1, 2, 3, 4]);
  expect([...all.inOrder(Int32Array.of(4, 0))]).toEqual([4, 0]);
  const some = new RowList(9);
  some.add(span(0, 2));
  some.add(part([5, 8]));
  expect([...some.all()]).toEqual([0, 1, 5, 8]);
  expect([...some.inOrder(Int32Array.of(3, 1, 2))]).toEqual([8, 1, 5]);
  expect([...new RowList(0).all()]).toEqual([]);
});
