import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { assignment, duration, names, positive, rows } from "../../../src/cli/options/values.js";

test.each([
  ["a,b", ["a", "b"]],
  ["mean area, b", ["mean area", "b"]],
  ["x\\,y,z", ["x,y", "z"]],
  ["a\\\\,b", ["a\\", "b"]],
  [",", []],
])("%s are names", (text, expected) => {
  expect(names(text)).toEqual(expected);
  expect(names(text, ["before"])).toEqual(["before", ...expected]);
});

test("a number of rows a request is at least 1", () => {
  expect(positive("1")).toBe(1);
  for (const text of ["0", "-1", "1.5", ""]) expect(() => positive(text)).toThrow(InvalidArgumentError);
});

test.each([
  ["500ms", 500],
  ["30", 30_000],
  ["1.5s", 1500],
  ["2min", 120_000],
  ["1h", 3_600_000],
])("%s is a time", (text, milliseconds) => {
  expect(duration(text)).toBe(milliseconds);
});

test("times, rows and values that are none are refused", () => {
  for (const text of ["5x", "-1", "", "s"]) expect(() => duration(text)).toThrow(InvalidArgumentError);
  for (const text of ["1", "1:2:0", "a:b", "1:"]) expect(() => rows(text)).toThrow(InvalidArgumentError);
  expect(() => assignment("area")).toThrow(InvalidArgumentError);
  expect(rows(":3")).toEqual({ start: 0, stop: 3, step: 1 });
});

test("values are numbers, integers of any size, truth values or texts", () => {
  const texts = ["a=1", "b=2.5", "c=9007199254740993", "d=true", 'e="1"', "f=x=y", "g=", "h=NaN"];
  expect(texts.reduce((before, text) => assignment(text, before), {})).toEqual({
    a: 1n,
    b: 2.5,
    c: 9007199254740993n,
    d: true,
    e: "1",
    f: "x=y",
    g: "",
    h: Number.NaN,
  });
});
