/** Arrow tables whose buffers do not hold what they should. */
import { Data, Dictionary, Int32, Table, Utf8, Vector, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { readSource } from "../read-source.js";

const BYTES = new TextEncoder().encode("aébc");

function textTable(offsets: number[], bytes: Uint8Array = BYTES): Table {
  const length = offsets.length - 1;
  const data = new Data(new Utf8(), 0, length, 0, [Int32Array.from(offsets), bytes, undefined, undefined] as never);
  return new Table({ text: new Vector([data]) });
}

test("honest texts are taken", async () => {
  const { columns } = await readSource(textTable([0, 1, 3, 3, 5]));
  expect(columns).toEqual([["a", "é", "", "bc"]]);
});

test.each([
  ["beyond the buffer", [0, 1, 60], 1],
  ["before the one before", [0, 3, 1, 5], 1],
  ["before the buffer", [-1, 1, 3], 0],
])("a text %s", async (_name, offsets, row) => {
  await expect(readSource(textTable(offsets))).rejects.toMatchObject({
    code: "VALUE_DOES_NOT_FIT",
    column: "text",
    row,
    message: expect.stringContaining("does not lie in the column's buffer"),
  });
});

test.each([
  ["that is no UTF-8", [0, 1, 2, 3], Uint8Array.of(97, 255, 98), 1],
  ["that begins within a character", [0, 2, 5], BYTES, 0],
])("a text %s", async (_name, offsets, bytes, row) => {
  await expect(readSource(textTable(offsets, bytes))).rejects.toMatchObject({
    code: "VALUE_DOES_NOT_FIT",
    column: "text",
    row,
    message: expect.stringContaining("is not UTF-8"),
  });
});

test.each([2, -1])("a key that is not in its dictionary: %d", async (key) => {
  const coded = vectorFromArray(["a", "b", "a"], new Dictionary(new Utf8(), new Int32()));
  (coded.data[0]!.values as Int32Array)[1] = key;
  await expect(readSource(new Table({ coded }))).rejects.toMatchObject({
    code: "VALUE_DOES_NOT_FIT",
    column: "coded",
    row: 1,
  });
});
