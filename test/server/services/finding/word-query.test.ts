import { describe, expect, it } from "vitest";
import { parseWords } from "../../../../src/server/services/finding/word-query.js";

describe("parseWords", () => {
  it.each([
    ["cell", "HeLa cell, stained", true],
    ["cell", "cells", false],
    ["cell*", "cells", true],
    ["*ELL", "cell", true],
    ["c?ll", "Cell_1", true],
    ["c?ll", "cll", false],
    ["a AND b", "b then a", true],
    ["a AND b", "a", false],
    ["a b", "only b", true],
    ["+a -b", "a b", false],
    ["+a -b", "a c", true],
    ['"two words"', "here two words are", true],
    ['"two words"', "words two", false],
    ["größe", "GRÖSSE größe", true],
  ])("%s in %s: %s", (query, text, found) => {
    expect(parseWords(query).matches([text])).toBe(found);
  });

  it("refuses queries of no words, and ones that are too long", () => {
    for (const query of ["", "  ", "AND", "---"]) expect(() => parseWords(query)).toThrow(/must be non-empty/);
    expect(() => parseWords("a".repeat(1001))).toThrow(/at most 1000/);
  });

  it("is not held up by many stars", () => {
    expect(parseWords(`${"*a".repeat(300)}b`).matches(["a".repeat(5000)])).toBe(false);
  });
});
