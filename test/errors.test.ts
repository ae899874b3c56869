import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ConditionError, TableError, visibleText } from "../src/errors.js";

test.each([
  ["plain text, Größe 日本 👩‍🔬", "plain text, Größe 日本 👩‍🔬"],
  ["lines\nand\ttabs stay", "lines\nand\ttabs stay"],
  ["\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
  ["\u009b2J", "\\u009b2J"],
  ["over\rwritten\u0007\u0000\u007f", "over\\u000dwritten\\u0007\\u0000\\u007f"],
  ["\u202egnp.exe\u2069", "\\u202egnp.exe\\u2069"],
  ["\u2028\u2029", "\\u2028\\u2029"],
])("%j is shown as %j", (text, shown) => {
  expect(visibleText(text)).toBe(shown);
  expect(visibleText(shown)).toBe(shown);
});

test("messages of errors can be shown, and what they are about stays as it is", () => {
  const error = new TableError("NOT_FOUND", "no column \u001b[2J", { column: "\u001b[2J" });
  expect([error.message, error.column]).toEqual(["no column \\u001b[2J", "\u001b[2J"]);
  expect(new ConditionError("CONDITION_SYNTAX", "a\n^", { query: "a" }).message).toBe("a\n^");
});

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("docs/errors.md tells of every code, and of no other", () => {
  const inSource = [...read("src/errors.ts").matchAll(/extends OmeroError<([^>]*)>/g)].flatMap(
    ([, codes]) => codes!.match(/[A-Z_]{4,}/g) ?? [],
  );
  const told = [...read("docs/errors.md").matchAll(/^\| `([A-Z_]+)` \| \S/gm)].map(([, code]) => code);
  expect(inSource.length).toBeGreaterThan(50);
  expect(told).toEqual(inSource);
});
