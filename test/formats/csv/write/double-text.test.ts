import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LONGEST_DOUBLE, writeDouble } from "../../../../src/formats/csv/write/double-text.js";

function textOf(value: number): string {
  const out = new Uint8Array(LONGEST_DOUBLE + 8).fill(1);
  const end = writeDouble(out, 4, value);
  expect([...out.subarray(0, 4), ...out.subarray(4 + LONGEST_DOUBLE)]).toEqual(Array(8).fill(1));
  return Buffer.from(out.subarray(4, end)).toString("latin1");
}

/** Python's form of the shortest digits, which are JavaScript's too. */
function pythonForm(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const digits = mantissa!.replace(".", "");
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    const size = String(Math.abs(power)).padStart(2, "0");
    return `${sign}${mantissa}e${power < 0 ? "-" : "+"}${size}`;
  }
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  return `${sign}${digits.slice(0, power + 1).padEnd(power + 1, "0")}.${digits.slice(power + 1) || "0"}`;
}

const bits = new BigUint64Array(1);
const double = new Float64Array(bits.buffer);
function fromBits(value: bigint): number {
  bits[0] = value;
  return double[0]!;
}

describe("writeDouble", () => {
  it.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [100_000, "100000.0"],
    [0.1, "0.1"],
    [-17.99, "-17.99"],
    [1e-4, "0.0001"],
    [1e-5, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [2 ** 53, "9007199254740992.0"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [1.25e100, "1.25e+100"],
    [5e-324, "5e-324"],
    [-1.797_693_134_862_315_7e308, "-1.7976931348623157e+308"],
    [Number.NaN, "nan"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
  ])("writes %d as %s", (value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it("writes any double as Python does", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(textOf(fromBits(value))).toBe(pythonForm(fromBits(value)));
      }),
      { numRuns: 5_000 },
    );
  });

  it("writes decimals, and what differs from them in the last bit, as Python does", () => {
    const decimal = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -330, max: 300 }));
    fc.assert(
      fc.property(decimal, fc.constantFrom(-1n, 0n, 1n), ([digits, power], difference) => {
        const value = Number(`${digits}e${power}`);
        double[0] = value;
        const near = value === 0 ? value : fromBits(bits[0]! + difference);
        expect(textOf(near)).toBe(pythonForm(near));
      }),
      { numRuns: 5_000 },
    );
  });

  it("writes every power of two and its neighbours as Python does", () => {
    for (let power = -1074; power < 1024; power++) {
      double[0] = 2 ** power;
      const exact = bits[0]!;
      for (const value of [exact - 1n, exact, exact + 1n].map(fromBits)) expect(textOf(value)).toBe(pythonForm(value));
    }
  });
});
