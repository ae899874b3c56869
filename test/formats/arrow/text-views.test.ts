import { makeData, Utf8View, vectorFromArray } from "apache-arrow";
import { expect, it } from "vitest";
import { viewedTexts } from "../../../src/formats/arrow/text-views.js";

const texts = (data: Parameters<typeof viewedTexts>[0]) => {
  const { offsets, bytes } = viewedTexts(data);
  const decoder = new TextDecoder();
  return Array.from({ length: data.length }, (_, row) =>
    decoder.decode(bytes.subarray(offsets[row], offsets[row + 1])),
  );
};

const dataOf = (values: readonly (string | null)[]) => vectorFromArray(values, new Utf8View()).data[0]!;

it("gives short and long texts, and nothing for missing ones", () => {
  const values = ["", "größe", "twelve bytes", "thirteen byte", "日本".repeat(40)];
  expect(texts(dataOf(values))).toEqual(values);
  expect(texts(dataOf(["a", null, "thirteen bytes"]))).toEqual(["a", "", "thirteen bytes"]);
});

it.each([
  ["a buffer that is not there", 8, 7],
  ["a place beyond its buffer", 12, 1000],
  ["a place before its buffer", 12, -1],
  ["a length below 0", 0, -1],
])("refuses a text in %s", (_, at, value) => {
  const data = dataOf(["a text of more than twelve bytes"]);
  const views = (data.values as Uint8Array).slice();
  new DataView(views.buffer).setInt32(at, value, true);
  const { variadicBuffers } = data;
  const damaged = makeData({ type: new Utf8View(), length: 1, nullCount: 0, views, variadicBuffers });
  expect(() => viewedTexts(damaged)).toThrow(RangeError);
});

it("refuses a column with fewer views than rows", () => {
  const { values: views, variadicBuffers } = dataOf(["a"]);
  const damaged = makeData({
    type: new Utf8View(),
    length: 2,
    nullCount: 0,
    views: (views as Uint8Array).slice(0, 16),
    variadicBuffers,
  });
  expect(() => viewedTexts(damaged)).toThrow("no view");
});
