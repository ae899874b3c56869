import { describe, expect, it } from "vitest";
import { ConditionError } from "../../../src/errors.js";
import { conditionError, markedExcerpt } from "../../../src/query/grammar/condition-error.js";

describe("markedExcerpt", () => {
  it("puts carets under the place", () => {
    expect(markedExcerpt("area > nope", { start: 7, end: 11 })).toBe("  area > nope\n         ^^^^");
  });
  it("shows one caret at the end of the text", () => {
    expect(markedExcerpt("area >", { start: 6, end: 6 })).toBe("  area >\n        ^");
  });
  it("shows the line at fault of several", () => {
    expect(markedExcerpt("a > 1\n& (b < x)\n& c", { start: 13, end: 14 })).toBe("  & (b < x)\n         ^");
  });
  it("counts a character beyond 16 bits once", () => {
    expect(markedExcerpt("'😀' == x", { start: 8, end: 9 })).toBe("  '😀' == x\n         ^");
  });
  it("keeps tabs, so that carets stay below", () => {
    expect(markedExcerpt("\ta == x", { start: 6, end: 7 })).toBe("  \ta == x\n  \t     ^");
  });
  it("cuts long lines around the place", () => {
    const text = `${"a".repeat(500)} nope ${"b".repeat(500)}`;
    const [line, carets] = markedExcerpt(text, { start: 501, end: 505 }).split("\n") as [string, string];
    expect(line.length).toBeLessThan(90);
    expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("nope");
    expect(line).toMatch(/^ {2}….*…$/);
  });
});

it("carries the condition, the place and the column", () => {
  const error = conditionError("CONDITION_NAME", "x > 1", { start: 0, end: 1 }, "There is no x", { column: "x" });
  expect(error).toBeInstanceOf(ConditionError);
  expect(error).toMatchObject({ code: "CONDITION_NAME", query: "x > 1", position: 0, column: "x" });
  expect(error.message).toBe("There is no x\n  x > 1\n  ^");
});
