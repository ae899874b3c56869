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

const LINES_BEFORE = "Vessel Name: 7\nMetric: Confluence (Percent)\nCell Type: HeLa\nPassage: 5\nNotes: \n\n";

describe("a table of few rows", () => {
  test.each([
    ["after more lines than it has", `${LINES_BEFORE}Date\tElapsed\tA1 (1)\n6/1/2024\t0\t10.5\n`, 1, 10.5],
    ["with decimal commas after them", "Plate: 7\nBy: x\nOn: y\nWith: z\nWell;Count;Area\nA1;10;1,5\n", 1, 1.5],
    ["of TrackMate", "LABEL,ID,X\nLabel,ID,X\nLabel,ID,X\n,,(micron)\nID1 → ID2,1,0.5\n", 1, 0.5],
    ["of TrackMate without units", "LABEL,ID,NAME\nLabel,ID,Name\nLabel,ID,Name\n,,\nID1,1,a\n", 1, "a"],
    ["of TrackMate that has none", "LABEL,ID,X\nLabel,ID,X\nLabel,ID,X\n,,(micron)\n", 0, undefined],
  ])("%s is found", async (_, text, rowCount, last) => {
    for (const keptBytes of [undefined, 0]) {
      const read = await readAll([Buffer.from(text)], { keptBytes, onWarning: () => {} });
      expect([read.rowCount, read.columns.length, read.columns[2]![0]]).toEqual([rowCount, 3, last]);
    }
  });

  test("is not made of texts with commas", async () => {
    for (const text of [
      "note\nhello\nso, text\nyes; no\n",
      "note\na\nb\nc\nd\n1,5\n2,5\n",
      "n\na\nb\nc\nx,y,z\np,q,r\n",
    ]) {
      expect((await readAll([Buffer.from(text)], { delimiter: undefined, onWarning: () => {} })).columns.length).toBe(
        1,
      );
    }
  });
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
