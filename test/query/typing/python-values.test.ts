import { describe, expect, it } from "vitest";
import {
  PythonRefusal,
  type PythonValue,
  pythonBinary,
  pythonCompare,
  pythonUnary,
} from "../../../src/query/typing/python-values.js";

type Operator = Parameters<typeof pythonBinary>[0];

describe("arithmetic as Python's", () => {
  it.each<[PythonValue, Operator, PythonValue, PythonValue]>([
    [7n, "//", 2n, 3n],
    [-7n, "//", 2n, -4n],
    [7n, "//", -2n, -4n],
    [-7n, "%", 3n, 2n],
    [7n, "%", -3n, -2n],
    [7n, "/", 2n, 3.5],
    [2n, "**", 100n, 2n ** 100n],
    [2n, "**", -1n, 0.5],
    [0n, "**", 0n, 1n],
    [1n, "**", 10n ** 30n, 1n],
    [-1n, "**", 10n ** 30n + 1n, -1n],
    [1n, "<<", 70n, 2n ** 70n],
    [-5n, ">>", 1n, -3n],
    [true, "+", true, 2n],
    [true, "&", false, false],
    [true, "^", true, false],
    [6n, "&", 3n, 2n],
    [-7.5, "%", 2, 0.5],
    [7.5, "//", -2, -4],
    [1n, "+", 0.5, 1.5],
    ["a", "+", "b", "ab"],
    ["ab", "*", 2n, "abab"],
    [3n, "*", "x", "xxx"],
    ["x", "*", -1n, ""],
  ])("%s %s %s", (a, operator, b, result) => expect(pythonBinary(operator, a, b)).toEqual(result));

  it.each<[PythonValue, Operator, PythonValue]>([
    [1n, "/", 0n],
    [1n, "%", 0n],
    [1.5, "//", 0],
    [0n, "**", -1n],
    [1n, "<<", -1n],
    [1n, "<<", 1_000_000_000n],
    [2n, "**", 1_000_000_000n],
    [2, "**", 2000],
    [-2, "**", 0.5],
    [1.5, "&", 1n],
    ["a", "-", "b"],
    ["a", "+", 1n],
    ["a", "*", 10_000_000n],
    [2n ** 60n + 1n, "/", 3n],
  ])("refuses %s %s %s", (a, operator, b) => expect(() => pythonBinary(operator, a, b)).toThrow(PythonRefusal));

  it("works on one operand", () => {
    expect(pythonUnary("~", true)).toBe(-2n);
    expect(pythonUnary("-", 0)).toBe(-0);
    expect(pythonUnary("not", Number.NaN)).toBe(false);
    expect(pythonUnary("not", "")).toBe(true);
    expect(() => pythonUnary("-", "a")).toThrow(PythonRefusal);
    expect(() => pythonUnary("~", 1.5)).toThrow(PythonRefusal);
  });
});

it("compares whole numbers with others exactly", () => {
  expect(pythonCompare("==", 2n ** 53n + 1n, 2 ** 53)).toBe(false);
  expect(pythonCompare(">", 2n ** 53n + 1n, 2 ** 53)).toBe(true);
  expect(pythonCompare("==", 1n, true)).toBe(true);
  expect(pythonCompare("!=", Number.NaN, Number.NaN)).toBe(true);
  expect(pythonCompare("<=", Number.NaN, 1n)).toBe(false);
});

it("compares text by code points, and text with bytes only for equality", () => {
  expect(pythonCompare("<", "\uffff", "😀")).toBe(true);
  expect(pythonCompare("==", "a", Uint8Array.of(97))).toBe(false);
  expect(() => pythonCompare("<", "a", Uint8Array.of(97))).toThrow(PythonRefusal);
  expect(() => pythonCompare(">", "a", 1n)).toThrow(PythonRefusal);
});
