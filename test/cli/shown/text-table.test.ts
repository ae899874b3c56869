import { describe, expect, it } from "vitest";
import { cutTo, fittingColumns, textTable } from "../../../src/cli/shown/text-table.js";

const NUMBERS = { heading: "area", cells: ["1", "20.5"], isNumeric: true };
const TEXTS = { heading: "name", cells: ["a", "a long text that is cut"] };

describe("textTable", () => {
  it("lays columns side by side, numbers below each other", () => {
    expect(textTable([NUMBERS, TEXTS])).toEqual(["area  name", "   1  a", "20.5  a long text that is cut"]);
  });

  it("cuts what is wide, by the places that characters take", () => {
    expect(textTable([NUMBERS, TEXTS], 16)).toEqual(["area  name", "   1  a", "20.5  a long te…"]);
    expect(cutTo("日本語のテキスト", 6)).toBe("日本…");
    expect(textTable([{ heading: "x", cells: ["日本", "a"] }, NUMBERS]).at(-1)).toBe("a     20.5");
  });

  it("leaves out columns in the middle of many, and fits any width", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ heading: `column ${index}`, cells: ["some text", "b"] }));
    for (const width of [12, 30, 80, 200]) {
      const lines = textTable(many, width);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines[0]).toContain("…");
    }
    expect(fittingColumns(many, 80)).toBe(7);
    expect(textTable(many, 80)[0]).toMatch(/^column 0 .*column 3 +….* column 39$/);
  });

  it("shows no column and no row", () => {
    expect(textTable([])).toEqual([""]);
    expect(textTable([{ heading: "a", cells: [] }])).toEqual(["a"]);
  });
});
