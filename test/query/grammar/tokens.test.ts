import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConditionError } from "../../../src/errors.js";
import { tokenize } from "../../../src/query/grammar/tokens.js";

function values(text: string): unknown[] {
  return tokenize(text)
    .slice(0, -1)
    .map((token) => ("value" in token ? token.value : token.type));
}

function failure(text: string): ConditionError {
  try {
    tokenize(text);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("numbers", () => {
  it.each<[string, bigint | number]>([
    ["0", 0n],
    ["00", 0n],
    ["1_000", 1000n],
    ["0x1F", 31n],
    ["0o17", 15n],
    ["0B1_01", 5n],
    ["9223372036854775808", 2n ** 63n],
    ["1.", 1],
    [".5", 0.5],
    ["1e3", 1000],
    ["1.5E-3", 0.0015],
    ["1e400", Number.POSITIVE_INFINITY],
    ["007.5", 7.5],
    ["0.1", 0.1],
  ])("%s", (text, value) => expect(values(text)).toEqual([value]));

  it.each(["007", "1a", "1.5.5", "0x", "1__0", "1_", "2j", "1.5J", "1e", "0b12"])("refuses %s", (text) => {
    expect(failure(text)).toMatchObject({ code: "CONDITION_SYNTAX", position: 0 });
  });
});

describe("text", () => {
  it.each<[string, string]>([
    ["'a'", "a"],
    ['"a\'b"', "a'b"],
    ["'it\\'s'", "it's"],
    ["'''a'b'''", "a'b"],
    ['"""a\nb"""', "a\nb"],
    ["'\\x41\\101\\u0041\\U00000041'", "AAAA"],
    ["'\\n\\t\\\\\\q'", "\n\t\\\\q"],
    ["r'\\n'", "\\n"],
    ["u'é'", "é"],
    ["'a\\\nb'", "ab"],
    ["''", ""],
  ])("%s", (text, value) => expect(values(text)).toEqual([value]));

  it("reads bytes", () => {
    expect(values("b'\\xc3\\xa9\\u00e9'")).toEqual([
      Uint8Array.from([0xc3, 0xa9, ...Array.from("\\u00e9", (c) => c.charCodeAt(0))]),
    ]);
    expect(values("Rb'\\x'")).toEqual([Uint8Array.from([92, 120])]);
  });

  it.each([
    "'abc",
    "'a\nb'",
    "'\\x4'",
    "'\\u12'",
    "'\\U00110000'",
    "b'é'",
    "f'a'",
    "x'a'",
    "'\\N{DIGIT ONE}'",
    "'''a'",
  ])("refuses %j", (text) => expect(failure(text)).toMatchObject({ code: "CONDITION_SYNTAX", position: 0 }));
});

describe("names", () => {
  it("takes any letters", () => expect(values("größe_µm x1 _a")).toEqual(["größe_µm", "x1", "_a"]));
  it("takes anything in backticks, a backtick doubled", () => {
    expect(values("`mean area` ```` `a``b` `a.b/c'\"`")).toEqual(["mean area", "`", "a`b", "a.b/c'\""]);
  });
  it("refuses an open backtick", () => expect(failure("a > `b")).toMatchObject({ position: 4 }));
  it("tells backtick names from others", () => {
    expect(tokenize("`a` a").map((token) => token.type)).toEqual(["quoted-name", "name", "end"]);
  });
});

it("knows offsets in UTF-16 units", () => {
  expect(tokenize("'😀' == x").map(({ start, end }) => [start, end])).toEqual([
    [0, 4],
    [5, 7],
    [8, 9],
    [9, 9],
  ]);
});

it("keeps comments and line breaks", () => {
  expect(values("a # b\r\n & c")).toEqual(["a", "comment", "line-break", "&", "c"]);
  expect(values("a \\\n & c")).toEqual(["a", "&", "c"]);
});

it.each([
  ["a = 1", 2, "=="],
  ["a && b", 2, "&"],
  ["a || b", 2, "|"],
  ["!a", 0, "~"],
  ["a <> 1", 2, "!="],
  ["a === 1", 2, "=="],
  ["a.b > 1", 1, "backticks"],
  ["a[1] > 1", 1, "backticks"],
  ["a == “b”", 5, "straight"],
  ["a\u00a0> 1", 1, "U+00a0"],
])("%s: points at %i and advises %s", (text, position, advice) => {
  const error = failure(text);
  expect(error.position).toBe(position);
  expect(error.message).toContain(advice);
});

it("cuts any text into tokens in order, or refuses with a place in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
      try {
        const tokens = tokenize(text);
        expect(tokens.at(-1)).toEqual({ type: "end", start: text.length, end: text.length });
        for (const [index, token] of tokens.entries())
          expect(token.start).toBeGreaterThanOrEqual(tokens[index - 1]?.end ?? 0);
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        expect(error.position).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});
