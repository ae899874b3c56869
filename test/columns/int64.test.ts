import { expect, it } from "vitest";
import { littleEndianBytes, reverseElements, toNativeOrder } from "../../src/columns/int64.js";

it("reverses each element by itself", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  reverseElements(bytes, 4);
  expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
});

it("goes from numbers to little-endian bytes and back", () => {
  const numbers = Float64Array.of(1.5, -2, Number.MIN_VALUE);
  const bytes = littleEndianBytes(numbers).slice();
  expect(new DataView(bytes.buffer).getFloat64(0, true)).toBe(1.5);
  expect(new Float64Array(toNativeOrder(bytes.buffer, 8))).toEqual(numbers);
});
