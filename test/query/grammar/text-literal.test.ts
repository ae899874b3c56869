import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasForbiddenCharacters } from "../../../src/query/grammar/forbidden-characters.js";
import { isAscii, readTextLiteral, writeTextLiteral } from "../../../src/query/grammar/text-literal.js";

describe("writeTextLiteral", () => {
  it("is read back as the same text or bytes, and never has forbidden characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const bytes = !isAscii(text);
        const literal = writeTextLiteral(text, bytes);
        const read = readTextLiteral(literal, 0, bytes ? "b" : "");
        expect(read.end).toBe(literal.length);
        expect(read.value).toEqual(bytes ? new TextEncoder().encode(text) : text);
        expect(hasForbiddenCharacters(`name == ${literal}`)).toBe(false);
        expect(isAscii(literal)).toBe(true);
      }),
    );
  });

  it("writes plain text as it is", () =>
    expect(writeTextLiteral("Two words, (a+b)", false)).toBe("'Two words, (a+b)'"));
  it("breaks up double underscores", () => expect(writeTextLiteral("__x__", false)).toBe("'_\\x5fx_\\x5f'"));
});

describe("hasForbiddenCharacters", () => {
  it.each([
    'a == "x.tif"',
    'a == "b:c"',
    "a;b",
    "a[0]",
    "a.b",
    'x == "__y__"',
    "a > 1.5_0",
    "(s == \"it's\") | (s == 'x.t')",
  ])("%s", (text) => expect(hasForbiddenCharacters(text)).toBe(true));
  it.each([
    "a == 'x.tif:'",
    "a > 1.5e-3",
    "a > 1.e5",
    "a > .5",
    "a > 1.",
    'a == "b"',
    "a__b > 1",
    "1.5j",
    "a.real > 1",
  ])("%s is free of them", (text) => expect(hasForbiddenCharacters(text)).toBe(false));
});
