import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { field, type StringColumn } from "../../src/columns/batch.js";
import { putTexts } from "../../src/columns/texts.js";
import { batchOf } from "../support/cells.js";

function textsOf(texts: readonly string[]): string[] {
  const result: string[] = ["kept"];
  putTexts(batchOf([field("s", "String", 200)], [texts]).columns[0] as StringColumn, result, 1);
  expect(result[0]).toBe("kept");
  return result.slice(1);
}

describe("putTexts", () => {
  it("gives back every text, ASCII or not, repeated or not, short or long", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 50 }),
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.constantFrom("a", "b", "ab", "ba", "", "x".repeat(32), "x".repeat(33)),
    );
    fc.assert(
      fc.property(
        fc.array(
          text.map((one) => one.toWellFormed()),
          { maxLength: 60 },
        ),
        (texts) => {
          expect(textsOf(texts)).toEqual(texts);
        },
      ),
    );
  });

  it("keeps texts apart that share a slot", () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `t${index % 5_000}`);
    expect(textsOf(texts)).toEqual(texts);
  });
});
