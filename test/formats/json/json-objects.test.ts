import { describe, expect, it } from "vitest";
import { jsonObjects } from "../../../src/formats/json/json-objects.js";

async function objectsOf(text: string, cut = text.length): Promise<unknown[]> {
  const parts = async function* () {
    for (let start = 0; start < text.length; start += cut) yield text.slice(start, start + cut);
  };
  const found: unknown[] = [];
  for await (const object of jsonObjects(parts(), { path: "t.json" })) found.push(object);
  return found;
}

const ROWS = [
  { a: 1, b: 'x}"{[\\' },
  { a: null, b: "é" },
  { a: [1, 2], b: "" },
];

describe("the objects of a JSON file", () => {
  it.each([
    ["lines", ROWS.map((row) => JSON.stringify(row)).join("\n")],
    ["an array", JSON.stringify(ROWS)],
    ["an array over lines", `\ufeff${JSON.stringify(ROWS, undefined, 2)}\n`],
  ])("are found in %s, wherever it is cut", async (_, text) => {
    for (let cut = 1; cut <= text.length; cut++) expect(await objectsOf(text, cut)).toEqual(ROWS);
  });

  it.each(["", " \n", "[]", "[ ]\n"])("are none in %j", async (text) => {
    expect(await objectsOf(text)).toEqual([]);
  });

  it("keep long integers exact, and text as it is", async () => {
    const text =
      '{"a": 9223372036854775807, "b": "9223372036854775807", "c": 0.12345678901234566, "d": 1e300, "e": -12345678901234567}';
    expect(await objectsOf(text)).toEqual([
      { a: 2n ** 63n - 1n, b: "9223372036854775807", c: 0.12345678901234566, d: 1e300, e: -12345678901234567n },
    ]);
  });

  it.each<[string, RegExp]>([
    ['{"a": 1', /row 0 has no end/],
    ['[{"a": 1}', /row 1 is missing/],
    ['{"a": 1}\n[2]', /row 1 begins with "\["/],
    ['{"a": 1}\n{"a": }', /row 1 is no JSON/],
    ["[1, 2]", /row 0 begins with "1"/],
    ['[{"a": 1}] {"a": 2}', /row 1 begins with "\{"/],
  ])("are not found in %j", async (text, message) => {
    await expect(objectsOf(text)).rejects.toMatchObject({
      code: "MALFORMED_FILE",
      message: expect.stringMatching(message),
    });
  });
});
