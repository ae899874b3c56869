import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as arrow from "apache-arrow";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { ColumnBatch } from "../../src/columns/batch.js";
import { field } from "../../src/columns/batch.js";
import { toArrowTable } from "../../src/formats/arrow/arrow-sink.js";
import { loadDanfojs } from "../../src/formats/frame/danfojs/danfojs.js";
import { openSource, type RowSource } from "../../src/formats/open-source.js";
import { type ReadOptions, readSource } from "./read-source.js";

const MASK = { imageId: 7n, theZ: 1, theT: 2, x: 0.5, y: 1, w: 2, h: 3, bytes: new Uint8Array([1, 2]) };

async function* streamed<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}

function rowsOf(columns: Record<string, readonly unknown[]>): Record<string, unknown>[] {
  const names = Object.keys(columns);
  return (columns[names[0]!] ?? []).map((_, row) =>
    Object.fromEntries(names.map((name) => [name, columns[name]![row]])),
  );
}

const CASES: [string, Record<string, unknown[]>, string[], unknown[][]][] = [
  ["integers", { n: [1, -2, 3] }, ["n:Long"], [[1n, -2n, 3n]]],
  ["bigints", { n: [2n ** 63n - 1n, -(2n ** 63n), 5] }, ["n:Long"], [[2n ** 63n - 1n, -(2n ** 63n), 5n]]],
  [
    "safe integers",
    { n: [2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 31] },
    ["n:Long"],
    [[2n ** 53n - 1n, 1n - 2n ** 53n, 2n ** 31n]],
  ],
  ["fractions", { n: [1, 2.5, null] }, ["n:Double"], [[1, 2.5, NaN]]],
  ["infinities", { n: [Infinity, -Infinity] }, ["n:Double"], [[Infinity, -Infinity]]],
  ["negative zero", { n: [-0, 1] }, ["n:Double"], [[-0, 1]]],
  ["large floats beside fractions", { n: [1e300, 0.5] }, ["n:Double"], [[1e300, 0.5]]],
  ["integers with gaps", { n: [1, NaN, undefined] }, ["n:Double"], [[1, NaN, NaN]]],
  ["text", { s: ["a", "é🔬", ""] }, ["s:String(6)"], [["a", "é🔬", ""]]],
  ["text with gaps", { s: ["a", null, undefined] }, ["s:String(1)"], [["a", "", ""]]],
  ["empty text", { s: ["", ""] }, ["s:String(1)"], [["", ""]]],
  ["booleans", { b: [true, false] }, ["b:Bool"], [[true, false]]],
  ["booleans with gaps", { b: [true, null, false] }, ["b:String(5)"], [["true", "", "false"]]],
  ["dates", { d: [new Date(0), null] }, ["d:String(24)"], [["1970-01-01T00:00:00.000Z", ""]]],
  ["nothing but gaps", { n: [null, undefined, NaN] }, ["n:Double"], [[NaN, NaN, NaN]]],
  [
    "lists of integers",
    {
      l: [
        [1, 2],
        [3n, 4n],
      ],
    },
    ["l:LongArray(2)"],
    [
      [
        [1n, 2n],
        [3n, 4n],
      ],
    ],
  ],
  [
    "lists of numbers",
    {
      l: [
        [1, 2.5],
        [NaN, 4],
      ],
    },
    ["l:DoubleArray(2)"],
    [
      [
        [1, 2.5],
        [NaN, 4],
      ],
    ],
  ],
  ["Float32 lists", { l: [new Float32Array([1, 2.5])] }, ["l:FloatArray(2)"], [[[1, 2.5]]]],
  ["Float32 and other lists", { l: [new Float32Array([0.5]), [0.1]] }, ["l:DoubleArray(1)"], [[[0.5], [0.1]]]],
  ["Int32 lists", { l: [new Int32Array([1, -2])] }, ["l:LongArray(2)"], [[[1n, -2n]]]],
  ["masks", { m: [MASK] }, ["m:Mask"], [[[7n, 1, 2, 0.5, 1, 2, 3, [1, 2]]]]],
  [
    "names of id columns in any case",
    {
      Image: [1],
      dataset: [1],
      ROI: [1],
      well: [1],
      Plate: [1],
      field: [1],
      WellSample: [1],
      file: [1],
      project: [1],
      screen: [1],
    },
    [
      "Image:Image",
      "dataset:Dataset",
      "ROI:Roi",
      "well:Well",
      "Plate:Plate",
      "field:Image",
      "WellSample:Image",
      "file:File",
      "project:Long",
      "screen:Long",
    ],
    Array.from({ length: 10 }, () => [1n]),
  ],
  ["id names of other data", { image: [1.5], well: ["A1"] }, ["image:Double", "well:String(2)"], [[1.5], ["A1"]]],
  ["/ in names", { "a/b c": [1] }, ["a\\b c:Long"], [[1n]]],
  [
    "names from Object.prototype",
    { constructor: [1], toString: ["x"] },
    ["constructor:Long", "toString:String(1)"],
    [[1n], ["x"]],
  ],
];

test.each(CASES)("%s, as columns, rows and a stream of rows", async (_, columns, fields, values) => {
  const expected = { fields, columns: values };
  expect(await readSource(columns)).toMatchObject(expected);
  expect(await readSource(rowsOf(columns))).toMatchObject(expected);
  expect(await readSource(streamed(rowsOf(columns)))).toMatchObject(expected);
  expect(await readSource(new Set(rowsOf(columns)))).toMatchObject(expected);
});

test.each([
  ["Int8Array", Int8Array.of(-1, 2), "Long", [-1n, 2n]],
  ["Uint32Array", Uint32Array.of(1, 2 ** 32 - 1), "Long", [1n, 2n ** 32n - 1n]],
  ["BigInt64Array", BigInt64Array.of(1n, -(2n ** 63n)), "Long", [1n, -(2n ** 63n)]],
  ["BigUint64Array", BigUint64Array.of(1n, 2n ** 63n - 1n), "Long", [1n, 2n ** 63n - 1n]],
  ["Float32Array", Float32Array.of(1, 2), "Double", [1, 2]],
  ["Float64Array", Float64Array.of(1, NaN), "Double", [1, NaN]],
])("%s", async (_, values, type, expected) => {
  expect(await readSource({ x: values })).toEqual({ fields: [`x:${type}`], columns: [expected], warnings: [] });
});

const BAD: [string, Record<string, unknown[]>, ReadOptions, object][] = [
  [
    "an unsafe integer",
    { n: [1, 2 ** 53] },
    {},
    { code: "UNSAFE_INTEGER", column: "n", row: 1, message: expect.stringMatching(/9007199254740992/) },
  ],
  ["an unsafe bigint with gaps", { n: [null, 2n ** 53n] }, {}, { code: "UNSAFE_INTEGER", row: 1 }],
  ["an unsafe bigint among fractions", { n: [0.5, 2n ** 60n] }, {}, { code: "UNSAFE_INTEGER", row: 1 }],
  [
    "a bigint beyond 64 bits",
    { n: [0n, 2n ** 63n] },
    {},
    { code: "UNSAFE_INTEGER", row: 1, message: expect.stringMatching(/64 bits/) },
  ],
  [
    "numbers and text",
    { a: [1, 2], n: ["x", 5] },
    {},
    { code: "VALUE_DOES_NOT_FIT", column: "n", row: 1, message: expect.stringMatching(/columnTypes/) },
  ],
  ["booleans and numbers", { n: [true, 5] }, {}, { code: "VALUE_DOES_NOT_FIT", row: 1 }],
  ["an object", { n: [{ a: 1 }] }, {}, { code: "UNSUPPORTED_TYPE", column: "n", row: 0 }],
  ["a function", { n: [() => {}] }, {}, { code: "UNSUPPORTED_TYPE", row: 0 }],
  [
    "lists of unequal length",
    { l: [[1], [1, 2]] },
    {},
    { code: "VALUE_DOES_NOT_FIT", row: 1, message: expect.stringMatching(/row 0/) },
  ],
  ["an empty list", { l: [[]] }, {}, { code: "VALUE_DOES_NOT_FIT", row: 0 }],
  ["a missing list", { l: [[1], null] }, {}, { code: "VALUE_DOES_NOT_FIT", row: 1 }],
  ["text in a list", { l: [["a"]] }, {}, { code: "UNSUPPORTED_TYPE", row: 0 }],
  ["a gap in a list", { l: [[1, null]] }, {}, { code: "VALUE_DOES_NOT_FIT", row: 0 }],
  ["unsafe integers in a list", { l: [[1, 2 ** 53]] }, {}, { code: "UNSAFE_INTEGER", row: 0 }],
  ["a mask without bits", { m: [{ ...MASK, bytes: "" }] }, {}, { code: "VALUE_DOES_NOT_FIT", row: 0 }],
  ["text that ends in NUL", { s: ["a", "b\0"] }, {}, { code: "VALUE_DOES_NOT_FIT", column: "s", row: 1 }],
  ["half a surrogate pair", { s: ["\ud800"] }, {}, { code: "VALUE_DOES_NOT_FIT", column: "s", row: 0 }],
  ["an empty name", { "": [1] }, {}, { code: "INVALID_SCHEMA" }],
  ["a reserved name", { __x: [1] }, {}, { code: "INVALID_SCHEMA", column: "__x" }],
  ["a name PyTables would drop", { _v_x: [1] }, {}, { code: "INVALID_SCHEMA", column: "_v_x" }],
  [
    "names equal after cleaning",
    { "a/b": [1], "a\\b": [1] },
    {},
    { code: "INVALID_SCHEMA", message: expect.stringMatching(/stored as/) },
  ],
  ["a type for an absent column", { a: [1] }, { columnTypes: { b: "Long" } }, { code: "UNKNOWN_COLUMN", column: "b" }],
  ["no type", { a: [1] }, { columnTypes: { a: "Int" as "Long" } }, { code: "INVALID_ARGUMENT", column: "a" }],
  [
    "a fraction as Long",
    { a: [1, 1.5] },
    { columnTypes: { a: "Long" } },
    { code: "VALUE_DOES_NOT_FIT", column: "a", row: 1, message: expect.stringMatching(/1\.5/) },
  ],
  ["a gap as Long", { a: [1, null] }, { columnTypes: { a: "Image" } }, { code: "VALUE_DOES_NOT_FIT", row: 1 }],
  ["text as Double", { a: ["x"] }, { columnTypes: { a: "Double" } }, { code: "VALUE_DOES_NOT_FIT", row: 0 }],
  ["2 as Bool", { a: [0, 2] }, { columnTypes: { a: "Bool" } }, { code: "VALUE_DOES_NOT_FIT", row: 1 }],
  [
    "text that is no list",
    { a: ["[1, x]"] },
    { columnTypes: { a: "DoubleArray" } },
    { code: "VALUE_DOES_NOT_FIT", row: 0 },
  ],
  [
    "fractions as LongArray",
    { a: [[0.5]] },
    { columnTypes: { a: "LongArray" } },
    { code: "VALUE_DOES_NOT_FIT", row: 0 },
  ],
];

test.each(BAD)("refused: %s", async (_, columns, options, error) => {
  await expect(readSource(columns, options)).rejects.toMatchObject(error);
  await expect(readSource(rowsOf(columns), options)).rejects.toMatchObject(error);
  await expect(readSource(streamed(rowsOf(columns)), options)).rejects.toMatchObject(error);
});

test("columnTypes rule", async () => {
  const columns = {
    image: [1, 2],
    id: [1, 2],
    n: [1, 2],
    big: [2n ** 60n, 1],
    code: [7, "x"],
    flag: [0, 1],
    list: ["[1, nan]", "[inf 2.5]"],
    mask: ['{"imageId":9007199254740993,"theZ":0,"theT":0,"x":1,"y":2,"w":3,"h":null,"bytes":"AQI="}', MASK],
  };
  const columnTypes = {
    image: "Long",
    id: "Roi",
    n: "Double",
    big: "Double",
    code: "String",
    flag: "Bool",
    list: "FloatArray",
    mask: "Mask",
  } as const;
  const { fields, columns: values } = await readSource(columns, { columnTypes });
  expect(fields).toEqual([
    "image:Long",
    "id:Roi",
    "n:Double",
    "big:Double",
    "code:String(1)",
    "flag:Bool",
    "list:FloatArray(2)",
    "mask:Mask",
  ]);
  expect(values).toEqual([
    [1n, 2n],
    [1n, 2n],
    [1, 2],
    [2 ** 60, 1],
    ["7", "x"],
    [false, true],
    [
      [1, NaN],
      [Infinity, 2.5],
    ],
    [
      [9007199254740993n, 0, 0, 1, 2, 3, NaN, [1, 2]],
      [7n, 1, 2, 0.5, 1, 2, 3, [1, 2]],
    ],
  ]);
});

test("a warning names all columns with gaps once", async () => {
  const rows = [{ a: 1, b: 2, ok: true, x: 1.5 }, { x: null }];
  const { warnings } = await readSource(rows);
  expect(warnings).toEqual([
    'Integers with missing values are stored as Double, NaN where missing: "a", "b"',
    'Booleans with missing values are stored as String, empty where missing: "ok"',
  ]);
});

test("columns that first appear in later rows are missing before", async () => {
  const rows = Array.from({ length: 9000 }, (_, row) => (row < 8000 ? { a: row } : { a: row, b: `x${row}` }));
  for (const source of [rows, streamed(rows)]) {
    const { fields, columns } = await readSource(source, { rows: 1000 });
    expect(fields).toEqual(["a:Long", "b:String(5)"]);
    expect([columns[1]![7999], columns[1]![8000]]).toEqual(["", "x8000"]);
    expect(columns[0]).toHaveLength(9000);
  }
});

test.each([
  ["null", null],
  ["a number", 5],
  ["rows that are no objects", [1, 2]],
  ["rows that are lists", [[1, 2]]],
  ["a list of paths", ["a.csv"]],
  ["columns of unequal length", { a: [1, 2], b: [1] }],
  ["a column that is no list", { a: 5 }],
])("no source: %s", async (_, source) => {
  await expect(readSource(source as unknown as RowSource)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test.each([
  ["no columns", {}],
  ["no rows", []],
  ["no items", streamed([])],
])("nothing to know columns by: %s", async (_, source) => {
  await expect(readSource(source as unknown as RowSource)).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
});

test("columns without rows", async () => {
  expect((await readSource({ a: [], b: new Float64Array(0) })).fields).toEqual(["a:String(1)", "b:Double"]);
});

test("a stream is closed when its rows are refused", async () => {
  let closed = false;
  async function* rows() {
    try {
      yield { a: 1 };
      yield { a: "x" };
      yield { a: Symbol("never") };
    } finally {
      closed = true;
    }
  }
  await expect(readSource(rows())).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
  expect(closed).toBe(true);
});

test("a long stream is spooled to a file and read back", async () => {
  const text = "x".repeat(2000);
  async function* rows() {
    for (let row = 0; row < 30_000; row++) yield { row, text: text + row };
  }
  const nothing = () => {};
  const options = { types: new Map(), checkNames: nothing, csv: {}, onWarning: nothing };
  const source = await openSource(rows(), { ...options, signal: undefined, onProgress: undefined });
  expect(source.rowCount).toBe(30_000);
  let row = 0;
  for await (const { columns, rowCount } of source.batches(7000)) {
    const [numbers, texts] = columns;
    if (numbers?.kind !== "long" || texts?.kind !== "string") throw new Error("other kinds");
    expect(numbers.values[rowCount - 1]).toBe(BigInt(row + rowCount - 1));
    expect(texts.offsets[rowCount]).toBe(texts.bytes.length);
    row += rowCount;
  }
  expect(row).toBe(30_000);
  await source.close();
});

test("a danfojs frame: its types, wide integers, mixed columns", async () => {
  const { DataFrame } = (await loadDanfojs()) as unknown as typeof import("danfojs-node");
  const frame = new DataFrame({
    image: [1, 2, 3],
    area: [1.5, NaN, 2],
    whole: [1, 2, 3],
    label: ["x", null, "z"],
    ok: [true, false, true],
    mixed: [1, "x", 2.5],
    wide: [2 ** 40, 1, 2],
  });
  frame.$setDtypes(frame.dtypes.map((dtype, index) => (frame.columns[index] === "whole" ? "float32" : dtype)));
  expect(await readSource(frame)).toEqual({
    fields: [
      "image:Image",
      "area:Double",
      "whole:Double",
      "label:String(1)",
      "ok:Bool",
      "mixed:String(3)",
      "wide:Long",
    ],
    columns: [
      [1n, 2n, 3n],
      [1.5, NaN, 2],
      [1, 2, 3],
      ["x", "", "z"],
      [true, false, true],
      ["1", "x", "2.5"],
      [2n ** 40n, 1n, 2n],
    ],
    warnings: [],
  });
});

function batch(rowCount: number): ColumnBatch {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  return {
    fields: [
      field("id", "Long", 1, "an id"),
      field("roi", "Roi"),
      field("x", "Double"),
      field("ok", "Bool"),
      field("s", "String", 9),
      field("f", "FloatArray", 2),
      field("d", "DoubleArray", 1),
      field("l", "LongArray", 2),
      field("m", "Mask"),
    ],
    columns: [
      { kind: "long", values: BigInt64Array.from(rows, (row) => 2n ** 60n + BigInt(row)) },
      { kind: "long", values: BigInt64Array.from(rows, BigInt) },
      { kind: "double", values: Float64Array.from(rows, (row) => row / 7) },
      { kind: "bool", values: Uint8Array.from(rows, (row) => row % 2) },
      { kind: "string", offsets: Int32Array.from([...rows, rowCount]), bytes: new Uint8Array(rowCount).fill(97) },
      { kind: "array", size: 2, values: Float32Array.from([...rows, ...rows]) },
      { kind: "array", size: 1, values: Float64Array.from(rows) },
      { kind: "array", size: 2, values: BigInt64Array.from([...rows, ...rows], BigInt) },
      {
        kind: "mask",
        imageId: BigInt64Array.from(rows, BigInt),
        theZ: Int32Array.from(rows),
        theT: Int32Array.from(rows),
        x: Float64Array.from(rows),
        y: Float64Array.from(rows),
        w: Float64Array.from(rows),
        h: Float64Array.from(rows),
        offsets: Int32Array.from([...rows, rowCount]),
        bytes: new Uint8Array(rowCount).fill(5),
      },
    ],
    rowCount,
    rowNumbers: { start: 0, step: 1 },
  };
}

test("column batches and the Arrow table made of them keep every type", async () => {
  const batches = [batch(3), batch(0), batch(5)];
  const fromBatches = await readSource(batches);
  expect(fromBatches.fields).toEqual([
    "id:Long",
    "roi:Roi",
    "x:Double",
    "ok:Bool",
    "s:String(9)",
    "f:FloatArray(2)",
    "d:DoubleArray(1)",
    "l:LongArray(2)",
    "m:Mask",
  ]);
  expect(fromBatches.columns[0]).toHaveLength(8);
  expect(await readSource(streamed(batches))).toEqual(fromBatches);
  const table = await toArrowTable(streamed(batches), { rowNumbers: true });
  expect(await readSource(table)).toEqual(fromBatches);
  expect(await readSource(streamed(table.batches))).toEqual(fromBatches);
  expect(await readSource(await toArrowTable(streamed([batch(0)])))).toMatchObject({ fields: fromBatches.fields });
});

test("batches that differ, and types they do not have, are refused", async () => {
  const other = { ...batch(2), fields: batch(2).fields.map((one) => ({ ...one, name: `${one.name}2` })) };
  await expect(readSource([batch(2), other])).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
  await expect(readSource([batch(2)], { columnTypes: { x: "Long" } })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  expect((await readSource([batch(2)], { columnTypes: { id: "Well" } })).fields[0]).toBe("id:Well");
  const fields = batch(2).fields.map((one) => (one.name === "s" ? { ...one, size: 2 } : one));
  const columns = batch(2).columns.map((column) =>
    column.kind === "string" ? { ...column, offsets: Int32Array.of(0, 2, 5), bytes: Buffer.from("abcde") } : column,
  );
  const wide = { ...batch(2), fields, columns };
  await expect(readSource([wide])).rejects.toMatchObject({ code: "VALUE_DOES_NOT_FIT", column: "s", row: 1 });
});

test("Arrow's own types", async () => {
  const column = (values: unknown[], type: arrow.DataType) => arrow.vectorFromArray(values, type);
  const table = new arrow.Table({
    i8: column([1, null, -3], new arrow.Int8()),
    u64: column([1n, 2n, 2n ** 63n - 1n], new arrow.Uint64()),
    f16: column([1, 0.5, null], new arrow.Float16()),
    f32: column([0.5, null, 2], new arrow.Float32()),
    text: column(["a", null, "é"], new arrow.Utf8()),
    large: column(["a", null, "é"], new arrow.LargeUtf8()),
    dict: column(["x", "y", "x"], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
    flag: column([true, false, null], new arrow.Bool()),
    day: column([new Date(0), null, new Date(86_400_000 * 365)], new arrow.DateDay()),
    milli: column([new Date(0), null, new Date(1)], new arrow.DateMillisecond()),
    stamp: column([1, null, 1_700_000_000_123], new arrow.TimestampMicrosecond("UTC")),
    local: column([-1000, null, 1000], new arrow.TimestampSecond()),
    time: column([1, null, 3_600_000], new arrow.TimeMillisecond()),
    list: column(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      new arrow.List(new arrow.Field("item", new arrow.Int32())),
    ),
    none: column([null, null, null], new arrow.Utf8()),
  });
  const expected = {
    fields: [
      "i8:Double",
      "u64:Long",
      "f16:Double",
      "f32:Double",
      "text:String(2)",
      "large:String(2)",
      "dict:String(1)",
      "flag:String(5)",
      "day:String(10)",
      "milli:String(24)",
      "stamp:String(27)",
      "local:String(19)",
      "time:String(12)",
      "list:LongArray(2)",
      "none:String(1)",
    ],
    columns: [
      [1, NaN, -3],
      [1n, 2n, 2n ** 63n - 1n],
      [1, 0.5, NaN],
      [0.5, NaN, 2],
      ["a", "", "é"],
      ["a", "", "é"],
      ["x", "y", "x"],
      ["true", "false", ""],
      ["1970-01-01", "", "1971-01-01"],
      ["1970-01-01", "", "1970-01-01T00:00:00.001Z"],
      ["1970-01-01T00:00:00.001000Z", "", "2023-11-14T22:13:20.123000Z"],
      ["1969-12-31T23:59:59", "", "1970-01-01T00:00:01"],
      ["00:00:00.001", "", "01:00:00.000"],
      [
        [1n, 2n],
        [3n, 4n],
        [5n, 6n],
      ],
      ["", "", ""],
    ],
  };
  expect(await readSource(table)).toMatchObject(expected);
  expect(await readSource(streamed(table.batches))).toMatchObject(expected);
  const sliced = await readSource(table.slice(1, 3));
  expect(sliced.columns).toEqual(expected.columns.map((values) => values.slice(1)));
});

test("Arrow types without a column are refused by name", async () => {
  const table = new arrow.Table({ a: arrow.vectorFromArray([new Uint8Array(1)], new arrow.Binary()) });
  await expect(readSource(table)).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", column: "a" });
  const wide = new arrow.Table({ a: arrow.vectorFromArray([1n, 2n ** 63n], new arrow.Uint64()) });
  await expect(readSource(wide)).rejects.toMatchObject({ code: "UNSAFE_INTEGER", column: "a", row: 1 });
});

test("CSV by path, and as a stream", async () => {
  const text = 'Image,mean area,list\n1,2.5,"[1, 2]"\n2,,"[3, 4]"\n';
  const path = join(tmpdir(), `sources-${process.pid}.csv`);
  await writeFile(path, text);
  onTestFinished(() => rm(path));
  const expected = {
    fields: ["Image:Image", "mean area:Double", "list:LongArray(2)"],
    columns: [
      [1n, 2n],
      [2.5, NaN],
      [
        [1n, 2n],
        [3n, 4n],
      ],
    ],
    warnings: [],
  };
  const options = { columnTypes: { list: "LongArray" } } as const;
  expect(await readSource(path, options)).toEqual(expected);
  expect(await readSource(Readable.from([Buffer.from(text)]), options)).toEqual(expected);
  expect(await readSource(Readable.from([text.slice(0, 20), text.slice(20)]), options)).toEqual(expected);
  expect(await readSource(new Blob([text]).stream() as unknown as RowSource, options)).toEqual(expected);
  await expect(readSource(Readable.from(["a\nx\0\n"]))).rejects.toMatchObject({ code: "VALUE_DOES_NOT_FIT", row: 0 });
});

test("the same values give the same columns from every kind of source", async () => {
  const { DataFrame } = (await loadDanfojs()) as unknown as typeof import("danfojs-node");
  const cells = fc.constantFrom(
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true }).filter((value) => !Number.isInteger(value) || Math.abs(value) < 2 ** 53),
    fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\0")),
    fc.boolean(),
  );
  const table = fc.array(
    cells.chain((cell) => fc.array(cell as fc.Arbitrary<unknown>, { minLength: 5, maxLength: 5 })),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(table, async (columns) => {
      const named = Object.fromEntries(columns.map((values, index) => [`c${index}`, values]));
      const expected = await readSource(named);
      expect(await readSource(rowsOf(named))).toEqual(expected);
      expect(await readSource(streamed(rowsOf(named)))).toEqual(expected);
      const vectors = Object.entries(named).map(([name, values]) => [
        name,
        arrow.vectorFromArray(values, arrowType(values)),
      ]);
      expect(await readSource(new arrow.Table(Object.fromEntries(vectors)))).toMatchObject({
        columns: expected.columns,
      });
      if (columns.flat().some((value) => typeof value === "bigint")) return;
      const frame = await readSource(new DataFrame(named));
      expect(frame.columns).toEqual(expected.columns);
    }),
    { numRuns: 100 },
  );
});

function arrowType(values: readonly unknown[]): arrow.DataType {
  if (typeof values[0] === "string") return new arrow.Utf8();
  if (typeof values[0] === "boolean") return new arrow.Bool();
  const isWhole = values.every(
    (value) => typeof value === "bigint" || (Number.isInteger(value) && !Object.is(value, -0)),
  );
  return isWhole ? (typeof values[0] === "bigint" ? new arrow.Int64() : new arrow.Int32()) : new arrow.Float64();
}
