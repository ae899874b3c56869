import { expect, test } from "vitest";
import { openCsv } from "../../../src/formats/csv/index.js";
import { inPieces, readAll } from "./read-all.js";

async function read(text: string, options = {}) {
  return readAll([Buffer.from(text)], options);
}

test("types come from the whole file", async () => {
  const rows = Array.from({ length: 100_000 }, (_, row) => `${row},${row},${row % 2 === 0},a`);
  rows.push("1.5,x,maybe,é");
  const { fields, columns } = await read(["n,id,flag,text", ...rows].join("\n"), { keptBytes: 0 });
  expect(fields).toEqual(["n:Double", "id:String(5)", "flag:String(5)", "text:String(2)"]);
  expect(columns.map((column) => column.at(-1))).toEqual([1.5, "x", "maybe", "é"]);
  expect(columns.map((column) => column[99_999])).toEqual([99_999, "99999", "false", "a"]);
});

test("kept and read-again rows are equal", async () => {
  const rows = Array.from({ length: 40_000 }, (_, row) => `${row},${row / 7},"a ""${row}"" b",${row % 3 === 0}`);
  const text = ["a,b,c,d", ...rows].join("\r\n");
  const kept = await readAll([Buffer.from(text)], {}, 999);
  const again = await readAll([Buffer.from(text)], { keptBytes: 0 }, 1234);
  expect(again).toEqual(kept);
  expect(kept.columns.map((column) => column[39_999])).toEqual([39_999n, 39_999 / 7, 'a "39999" b', true]);
});

test("integers beyond 2^53 are exact", async () => {
  const values = ["9007199254740993", "-9223372036854775808", "9223372036854775807", "-1", "0", "123456789012345678"];
  const { fields, columns } = await read(`n\n${values.join("\n")}\n`);
  expect(fields).toEqual(["n:Long"]);
  expect(columns[0]).toEqual(values.map(BigInt));
});

test("integers with gaps become Double", async () => {
  const csv = await openCsv([Buffer.from("n,b\n1,True\nNA,\n3,False\n")]);
  expect(csv.columns.map(({ kind, gaps }) => [kind, gaps])).toEqual([
    ["double", "integers"],
    ["string", "booleans"],
  ]);
  await csv.close();
});

test("text beside booleans is no gap", async () => {
  const csv = await openCsv([Buffer.from("b,c\nTrue,True\n,1\nhello,\nFalse,False\n")]);
  expect(csv.columns.map(({ kind, gaps }) => [kind, gaps])).toEqual([
    ["string", undefined],
    ["string", undefined],
  ]);
  await csv.close();
});

test.each([
  ["n\n9223372036854775808\n1\n", "n", 0, 2, /exceeds 64 bits/],
  ["a,n\nx,1\ny,9007199254740993\nz,\n", "n", 1, 3, /exceeds 2\^53/],
])("an integer that would be rounded is an error: %j", async (text, column, row, line, message) => {
  await expect(read(text)).rejects.toMatchObject({ code: "UNSAFE_INTEGER", column, row, line, message });
});

test("an integer beyond 64 bits among floating-point numbers is one of them", async () => {
  expect((await read("n\n99999999999999999999\n0.5\n")).columns).toEqual([[1e20, 0.5]]);
});

test("an integer beyond 64 bits among texts is text", async () => {
  expect((await read("n\n99999999999999999999\nx\n")).columns).toEqual([["99999999999999999999", "x"]]);
});

test("given kinds rule, and misfits name column, row, line and value", async () => {
  const kinds = new Map([["id", "string"] as const, ["x", "double"] as const, ["ok", "bool"] as const]);
  const { fields, columns } = await read("id,x,ok\n007,1,1\n008,2,0\n", { kinds });
  expect(fields).toEqual(["id:String(3)", "x:Double", "ok:Bool"]);
  expect(columns).toEqual([
    ["007", "008"],
    [1, 2],
    [true, false],
  ]);
  const valueDoesNotFit = read("id,n\n1,2\n1,2.5\n", { kinds: new Map([["n", "long"]]) });
  await expect(valueDoesNotFit).rejects.toMatchObject({
    code: "VALUE_DOES_NOT_FIT",
    column: "n",
    row: 1,
    line: 3,
    message: expect.stringMatching(/"2.5"/),
  });
  const missing = read("id,n\n1,2\n1,\n", { kinds: new Map([["n", "long"]]) });
  await expect(missing).rejects.toMatchObject({
    code: "VALUE_DOES_NOT_FIT",
    row: 1,
    message: expect.stringMatching(/missing value/),
  });
});

test("chosen columns only", async () => {
  const { fields, columns } = await read("a,b,c\n1,99999999999999999999,x\n2,3,y\n", { columnNames: ["c", "a"] });
  expect(fields).toEqual(["a:Long", "c:String(1)"]);
  expect(columns).toEqual([
    [1n, 2n],
    ["x", "y"],
  ]);
  await expect(read("a\n1\n", { columnNames: ["b"] })).rejects.toMatchObject({ code: "UNKNOWN_COLUMN", column: "b" });
  await expect(read("a\n1\n", { kinds: new Map([["b", "long"]]) })).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
});

test.each([
  ["a,b\n1\n", 2, /1 cell where 2 are expected/],
  ["a,b\n1,2\n\n1,2,3\n", 4, /3 cells where 2 are expected/],
  ['a,b\n"x\ny",1\n2\n', 4, /1 cell where 2/],
  ['a,b\n1,"2\n3,4\n', 2, /never closed/],
  ['a,b\n1,"2"3\n', 2, /follows a closing quote/],
  ["", 1, /no record/],
  ["\n\n", 1, /no record/],
])("malformed: %j", async (text, line, message) => {
  const options = { delimiter: ",", quote: '"', fillShortRows: false };
  await expect(read(text, options)).rejects.toMatchObject({ code: "MALFORMED_CSV", line, message });
  await expect(readAll(inPieces(text, 1), options)).rejects.toMatchObject({ code: "MALFORMED_CSV", line, message });
});

test.each([
  ["no rows", "a,b\n", ["a:String(1)", "b:String(1)"], [[], []]],
  ["no line break at the end", "a,b\n1,2", ["a:Long", "b:Long"], [[1n], [2n]]],
  ["one column", "a\n1\n2\n", ["a:Long"], [[1n, 2n]]],
  [
    "an empty cell at the end",
    "a,b\n1,\n2,x",
    ["a:Long", "b:String(1)"],
    [
      [1n, 2n],
      ["", "x"],
    ],
  ],
  [
    "only an empty cell at the very end",
    "a,b\n1,x\n2,",
    ["a:Long", "b:String(1)"],
    [
      [1n, 2n],
      ["x", ""],
    ],
  ],
  [
    "CR",
    "a,b\r1,x\r2,y\r",
    ["a:Long", "b:String(1)"],
    [
      [1n, 2n],
      ["x", "y"],
    ],
  ],
  [
    "CRLF",
    "a,b\r\n1,x\r\n2,y\r\n",
    ["a:Long", "b:String(1)"],
    [
      [1n, 2n],
      ["x", "y"],
    ],
  ],
  ["line breaks of all sorts", "a\r\n1\n2\r3\r\n4", ["a:Long"], [[1n, 2n, 3n, 4n]]],
  ["blank lines", "\n \na\n\n1\n \t \n2\n\n", ["a:Long"], [[1n, 2n]]],
  [
    "quoted line breaks",
    'a,b\n"x\r\ny",1\n"",2\n',
    ["a:String(4)", "b:Long"],
    [
      ["x\r\ny", ""],
      [1n, 2n],
    ],
  ],
  ["quotes inside a cell", 'a,b\nx"y",1\n', ["a:String(4)", "b:Long"], [['x"y"'], [1n]]],
  [
    "spaces around numbers",
    "a,b\n 1, 1.5 \n2 ,\t2\n",
    ["a:Long", "b:Double"],
    [
      [1n, 2n],
      [1.5, 2],
    ],
  ],
  ["spaces around text", "a\n x \n", ["a:String(3)"], [[" x "]]],
  [
    "all missing",
    "a,b\n,1\nNA,2\n",
    ["a:Double", "b:Long"],
    [
      [Number.NaN, Number.NaN],
      [1n, 2n],
    ],
  ],
  [
    "missing, then text",
    "a,b\n,1\nnull,2\nx,3\n",
    ["a:String(1)", "b:Long"],
    [
      ["", "", "x"],
      [1n, 2n, 3n],
    ],
  ],
  ["quoted numbers", 'a\n"1"\n"2"\n', ["a:Long"], [[1n, 2n]]],
  ["infinities", "a\ninf\n-Infinity\n1\n", ["a:Double"], [[Infinity, -Infinity, 1]]],
  ["exponents", "a\n1e3\n-2.5E-3\n.5\n5.\n+1\n", ["a:Double"], [[1000, -0.0025, 0.5, 5, 1]]],
  ["leading zeros", "a\n007\n-000000000000000000000000012\n", ["a:Long"], [[7n, -12n]]],
  ["long decimals", "a\n0.1234567890123456789012345\n1\n", ["a:Double"], [[0.12345678901234568, 1]]],
  ["negative zero", "a\n-0.0\n1\n", ["a:Double"], [[-0, 1]]],
  ["beyond float64", "a\n1e400\n1e-400\n", ["a:Double"], [[Infinity, 0]]],
  ["nearly numbers", "a\n1e\n1_0\n0x1\n--1\n.\n", ["a:String(3)"], [["1e", "1_0", "0x1", "--1", "."]]],
  ["booleans in any case", "a\nTRUE\nfalse\nTrue\n", ["a:Bool"], [[true, false, true]]],
  ["a boolean and a number", "a\nTrue\n1\n", ["a:String(4)"], [["True", "1"]]],
  ["names with spaces and /", "mean area,x/y\n1,2\n", ["mean area:Long", "x/y:Long"], [[1n], [2n]]],
  ["non-ASCII text", "naïve,µm\né🔬,1\n", ["naïve:String(6)", "µm:Long"], [["é🔬"], [1n]]],
])("%s", async (_, text, fields, columns) => {
  const expected = { fields, columns, rowCount: columns[0]!.length };
  for (const keptBytes of [undefined, 0]) {
    expect(await readAll([Buffer.from(text)], { keptBytes })).toEqual(expected);
    expect(await readAll(inPieces(text, 1), { keptBytes }, 1)).toEqual(expected);
  }
});

test("500 columns", async () => {
  const names = Array.from({ length: 500 }, (_, index) => `c ${index}`);
  const { fields, columns } = await read(`${names.join(",")}\n${names.map((_, index) => index).join(",")}\n`);
  expect(fields).toHaveLength(500);
  expect(columns.map(([value]) => value)).toEqual(names.map((_, index) => BigInt(index)));
});

test("a cell longer than a block", async () => {
  const long = "x\n".repeat(3_000_000);
  const { columns } = await readAll([Buffer.from(`a,b\n1,"${long}"\n2,y\n`)]);
  expect(columns[0]).toEqual([1n, 2n]);
  expect(columns[1]![0] === long).toBe(true);
});

test("a text that ends in NUL is noted", async () => {
  const csv = await openCsv([Buffer.from("a,b\nx,1\ny\0,2\nz\0\0,3\n")]);
  expect(csv.columns.map(({ trailingNulRow }) => trailingNulRow)).toEqual([1, undefined]);
  await csv.close();
});

test("missing values are the caller's to choose", async () => {
  const { fields, columns } = await read("a,b\n-999,NA\n5,x\n", { missingValues: ["-999"] });
  expect(fields).toEqual(["a:Double", "b:String(2)"]);
  expect(columns).toEqual([
    [Number.NaN, 5],
    ["NA", "x"],
  ]);
});

test("decimal commas", async () => {
  const { fields, columns } = await read("a;b\n1,5;1.5\n-2,25e1;2\n", { decimal: "," });
  expect(fields).toEqual(["a:Double", "b:String(3)"]);
  expect(columns).toEqual([
    [1.5, -22.5],
    ["1.5", "2"],
  ]);
});

test("progress is reported and a signal stops the reading", async () => {
  const text = `a\n${"1\n".repeat(3_000_000)}`;
  const seen: number[] = [];
  await (await openCsv([Buffer.from(text)], { onProgress: ({ done }) => seen.push(done) })).close();
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.at(-1)).toBe(text.length);
  const controller = new AbortController();
  const aborted = openCsv([Buffer.from(text)], {
    signal: controller.signal,
    onProgress: () => controller.abort("enough"),
  });
  await expect(aborted).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
});

test.each([
  ["in a dialect that csv-parse reads", 2, "::"],
  ["beyond the part that is looked at first", 300_000, ","],
])("a zero with a minus sign keeps it where its column turns out to hold fractions: %s", async (_, rows, delimiter) => {
  const lines = Array.from({ length: rows }, (_, row) => `-0${delimiter}${row}`);
  const text = ["n", "m"].join(delimiter).concat("\n", [...lines, `0.5${delimiter}7`].join("\n"));
  for (const keptBytes of [undefined, 0]) {
    const { columns } = await readAll([Buffer.from(text)], { delimiter, quote: '"', header: true, keptBytes });
    expect(columns[0]!.every((value, row) => Object.is(value, row < rows ? -0 : 0.5))).toBe(true);
    expect(columns[1]![0]).toBe(0n);
  }
});
