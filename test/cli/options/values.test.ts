import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { names, positive } from "../../../src/cli/options/values.js";

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
