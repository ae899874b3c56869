import { expect, test } from "vitest";
import { areUtf8, firstNotUtf8 } from "../../src/columns/texts.js";

const bytes = new TextEncoder().encode("aé中");

test.each([
  ["ASCII", [0, 1], -1],
  ["whole characters", [0, 1, 3, 6], -1],
  ["a part of the bytes", [1, 3, 3], -1],
  ["no rows", [0], -1],
  ["half of a character, then the other half", [0, 2, 3], 0],
  ["an end within a character", [0, 1, 3, 5], 2],
])("%s", (_name, offsets, row) => {
  const texts = { offsets: Int32Array.from(offsets), bytes };
  expect(firstNotUtf8(texts)).toBe(row);
  expect(areUtf8(texts)).toBe(row < 0);
});

test("bytes that no UTF-8 has", () => {
  const texts = { offsets: Int32Array.of(0, 1, 2), bytes: Uint8Array.of(97, 0xff) };
  expect(firstNotUtf8(texts)).toBe(1);
});
