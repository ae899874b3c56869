import { describe, expect, it } from "vitest";
import { fitsInt64, HIGH_HALF, INT64_MAX, INT64_MIN, idNumber, LOW_HALF, wordHalves } from "../../src/columns/int64.js";

describe("fitsInt64", () => {
  it("holds up to the limits and no further", () => {
    expect([INT64_MIN, -1n, 0n, INT64_MAX].every(fitsInt64)).toBe(true);
    expect([INT64_MIN - 1n, INT64_MAX + 1n, 2n ** 64n].some(fitsInt64)).toBe(false);
  });
});

describe("idNumber", () => {
  it("is a number, or an error that says whose id is too large", () => {
    expect(idNumber(2n ** 53n - 1n, "file")).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => idNumber(2n ** 53n, "file")).toThrow(
      expect.objectContaining({ code: "UNSAFE_INTEGER", message: expect.stringContaining("file 9007199254740992") }),
    );
  });
});

describe("wordHalves", () => {
  it("shares the memory of the values, two words each", () => {
    const values = BigInt64Array.of(0n, (-5n << 32n) | 7n, 1n);
    const halves = wordHalves(values.subarray(1));
    expect(halves).toHaveLength(4);
    expect([halves[LOW_HALF], halves[HIGH_HALF]]).toEqual([7, -5]);
    halves[2 + HIGH_HALF] = 1;
    expect(values[2]).toBe(0x1_0000_0001n);
  });

  it("gives the halves of doubles bit by bit", () => {
    expect(wordHalves(Float64Array.of(-2))[HIGH_HALF]! >>> 0).toBe(0xc0000000);
  });
});
