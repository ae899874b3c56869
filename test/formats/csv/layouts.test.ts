/** Files in the layouts of programs of the laboratory, and what their users expect of them. */
import { describe, expect, test } from "vitest";
import { LAYOUTS } from "../../support/layouts.js";
import { readAll } from "./read-all.js";

test.each(LAYOUTS)("$program", async ({ text, fields, first, said }) => {
  for (const keptBytes of [undefined, 0]) {
    const warnings: string[] = [];
    const read = await readAll([Buffer.from(text)], { keptBytes, onWarning: (message) => warnings.push(message) });
    expect(read.fields.map((field) => field.replace(/\(\d+\)$/, ""))).toEqual(fields);
    expect(read.columns.map(([value]) => value)).toEqual(first);
    if (said === undefined) expect(warnings).toEqual([]);
    else expect(warnings.join("\n")).toMatch(said);
  }
});

describe("strict", () => {
  test.each([
    [",a\n0,1\n", "INVALID_SCHEMA"],
    ["a,a\n0,1\n", "INVALID_SCHEMA"],
    ["a, b\n0,1\n", "INVALID_SCHEMA"],
    ["a,b\n0\n", "MALFORMED_CSV"],
    ["a,b\n0,1,\n", "MALFORMED_CSV"],
    ["# said\na,b\n0,1\n", "MALFORMED_CSV"],
  ])("refuses %j", async (text, code) => {
    await expect(readAll([Buffer.from(text)], { strict: true })).rejects.toMatchObject({ code });
  });

  test("refuses what is no UTF-8, which is windows-1252 otherwise", async () => {
    const bytes = Buffer.from([97, 10, 0x80, 0xe9, 10]);
    await expect(readAll([bytes], { strict: true })).rejects.toMatchObject({ code: "MALFORMED_CSV", line: 2 });
    expect((await readAll([bytes])).columns).toEqual([["€é"]]);
  });
});

test.each([
  ["ZIP", Buffer.from("PK\x03\x04\x14\0inner.csv", "latin1")],
  ["Excel", Buffer.from("PK\x03\x04\x14\0[Content_Types].xml", "latin1")],
  ["Parquet", Buffer.from("PAR1\x15\x04", "latin1")],
  ["HDF5", Buffer.from("\x89HDF\r\n\x1a\n", "latin1")],
  ["JSON", Buffer.from('[{"image":1}]')],
  ["JSON", Buffer.from('{"image":1}\n{"image":2}\n')],
  ["HTML", Buffer.from("<!DOCTYPE html>\n<html></html>")],
])("%s is refused by its name", async (name, bytes) => {
  const message = expect.stringContaining(name);
  await expect(readAll([bytes])).rejects.toMatchObject({ code: "MALFORMED_FILE", message });
});

test("one column of text where the other lines split evenly is refused, with what helps", async () => {
  const text = "notes of today\nhello, world\ngood, morning\n";
  const refused = { code: "MALFORMED_CSV", message: expect.stringMatching(/2 each by ","/) };
  await expect(readAll([Buffer.from(text)])).rejects.toMatchObject(refused);
  expect((await readAll([Buffer.from(text)], { skipRows: 1, header: false })).rowCount).toBe(2);
});

test("ids take 1.0 and gaps", async () => {
  const text = "roi,image,v\n1.0,5,1\n2.0,,2\n,7,3\n";
  const isId = (name: string) => name !== "v";
  const warnings: string[] = [];
  for (const keptBytes of [undefined, 0]) {
    const { columns } = await readAll([Buffer.from(text)], { isId, keptBytes, onWarning: (one) => warnings.push(one) });
    expect(columns.slice(0, 2)).toEqual([
      [1n, 2n, -1n],
      [5n, -1n, 7n],
    ]);
  }
  expect(warnings.join("\n")).toMatch(/"image": 1 missing id stored as -1/);
});
