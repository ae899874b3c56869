import fc from "fast-check";
import { expect, test } from "vitest";
import { exactDouble } from "../../../../src/formats/csv/scan/exact-double.js";

const digits = fc
  .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 12 }))
  .chain(([high, count]) =>
    fc.tuple(fc.constant(high), fc.integer({ min: 0, max: 10 ** count - 1 }), fc.constant(count)),
  );

test("every answer is the nearest float64", () => {
  fc.assert(
    fc.property(digits, fc.integer({ min: -400, max: 400 }), ([high, low, lowDigits], exponent) => {
      const value = exactDouble(high, low, lowDigits, exponent);
      const text = `${high}${lowDigits === 0 ? "" : String(low).padStart(lowDigits, "0")}e${exponent}`;
      return Number.isNaN(value) || Object.is(value, Number(text));
    }),
    { numRuns: 20_000 },
  );
});

test("shortest texts of ordinary numbers are read without falling back", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-200, max: 1e200, noNaN: true }), (number) => {
      const [mantissa, exponent] = number.toExponential().split("e");
      const all = mantissa!.replace(".", "");
      const low = all.slice(9);
      const value = exactDouble(Number(all.slice(0, 9)), Number(low), low.length, Number(exponent) - all.length + 1);
      expect(value).toBe(number);
    }),
    { numRuns: 20_000 },
  );
});

test("integers about 2^53, divided and multiplied", () => {
  for (let exponent = -22; exponent <= 22; exponent++) {
    for (let low = 4_740_980; low < 4_741_010; low++) {
      const value = exactDouble(900_719_925, low, 7, exponent);
      if (!Number.isNaN(value)) expect(value).toBe(Number(`900719925${low}e${exponent}`));
    }
  }
});

test.each([
  ["0", 0, 0, 0, 0],
  ["largest exact integer", 900_719_925, 4_740_992, 7, 0],
  ["18 digits", 999_999_999, 999_999_999, 9, -18],
  ["a ten-thousandth", 1, 0, 0, -4],
])("%s", (_, high, low, lowDigits, exponent) => {
  const text = `${high}${lowDigits === 0 ? "" : String(low).padStart(lowDigits, "0")}e${exponent}`;
  const value = exactDouble(high, low, lowDigits, exponent);
  expect(value).toBe(Number(text));
});
