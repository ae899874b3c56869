import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordHalves } from "../../../../src/columns/int64.js";
import { LONGEST_INTEGER, writeInt64, writeInteger } from "../../../../src/formats/csv/write/integer-text.js";

const text = (out: Uint8Array, end: number) => Buffer.from(out.subarray(0, end)).toString("latin1");

describe("writeInteger", () => {
  it("writes integers of every length", () => {
    const out = new Uint8Array(LONGEST_INTEGER);
    const check = (value: number): void => {
      expect(text(out, writeInteger(out, 0, value))).toBe(String(value));
    };
    for (let power = 1; power < 1e16; power *= 10) for (const value of [power - 1, power, power * 9]) check(value);
    for (const value of [2 ** 31, 2 ** 32, 2 ** 53 - 1, 8_999_999_999_999_999]) check(value);
    fc.assert(fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), check));
  });
});

describe("writeInt64", () => {
  it("writes any int64", () => {
    const out = new Uint8Array(LONGEST_INTEGER);
    const edges = [
      0n,
      -1n,
      2n ** 53n,
      -(2n ** 53n),
      2n ** 53n - 1n,
      2n ** 32n,
      -(2n ** 31n),
      2n ** 63n - 1n,
      -(2n ** 63n),
    ];
    const any = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...edges));
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (values) => {
        const halves = wordHalves(BigInt64Array.from(values));
        for (const [index, value] of values.entries()) {
          expect(text(out, writeInt64(out, 0, halves, index))).toBe(String(value));
        }
      }),
      { numRuns: 500 },
    );
  });
});
