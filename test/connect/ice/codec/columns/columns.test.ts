import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ColumnBatch,
  type ColumnData,
  type ColumnField,
  type ColumnType,
  field,
  rowNumberArray,
} from "../../../../../src/columns/batch.js";
import { columnLength } from "../../../../../src/columns/kinds/kinds.js";
import { decodeParams } from "../../../../../src/connect/ice/codec/codec.js";
import {
  type ColumnInstance,
  columnFields,
  emptyColumns,
  fromColumnBatch,
  toColumnBatch,
  toRowNumbers,
} from "../../../../../src/connect/ice/codec/columns/columns.js";
import { getOperation } from "../../../../../src/connect/ice/schema/schema.js";
import { encodedParams } from "../../encoded-params.js";
import { opaqueProxies } from "../../opaque-proxies.js";
import { blobs, RandomValues } from "../../random-values.js";

const TYPES: ColumnType[] = [
  "File",
  "Image",
  "Dataset",
  "Roi",
  "Well",
  "Plate",
  "Bool",
  "Double",
  "Long",
  "String",
  "FloatArray",
  "DoubleArray",
  "LongArray",
  "Mask",
];
const addData = getOperation("omero::grid::Table", "addData");

function sent(columns: readonly ColumnInstance[]): ColumnInstance[] {
  const [received] = decodeParams(addData, encodedParams(addData, [columns], opaqueProxies), opaqueProxies);
  return received as ColumnInstance[];
}

function strings(...rows: string[]): ColumnData {
  return { kind: "string", ...blobs(rows.map((row) => Buffer.from(row))) };
}

function one(type: ColumnType, data: ColumnData, size = 1): ColumnInstance[] {
  return fromColumnBatch({
    fields: [field("column", type, size)],
    columns: [data],
    rowCount: columnLength(data),
    rowNumbers: { start: 0, step: 1 },
  });
}

describe("column batches", () => {
  it("come through the wire as they were, whatever their columns", () => {
    const fields = fc.uniqueArray(
      fc.record({
        name: fc.string({ minLength: 1, unit: "grapheme" }),
        type: fc.constantFrom(...TYPES),
        description: fc.string({ unit: "grapheme" }),
        size: fc.integer({ min: 1, max: 300 }),
      }),
      { selector: ({ name }) => name, maxLength: 6 },
    );
    const rowCounts = fc.oneof(fc.nat(5), fc.integer({ min: 250, max: 260 }));
    fc.assert(
      fc.property(fields, rowCounts, fc.nat(), (made, rowCount, seed) => {
        const random = new RandomValues(seed);
        const sized = made.map(({ name, type, description, size }): ColumnField => {
          const isSized = type === "String" || type.endsWith("Array");
          return { name, type, description, size: isSized ? size : 1 };
        });
        const columns = sized.map(({ type, size }) => random.column(type, rowCount, size));
        const batch = { fields: sized, columns, rowCount, rowNumbers: { start: 3, step: 2 } };
        const received = toColumnBatch(sent(fromColumnBatch(batch)), batch.rowNumbers);
        const expected = sized.length > 0 ? batch : { ...batch, rowCount: 0 };
        if (!isDeepStrictEqual(received, expected)) expect(received).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("come through with 500 columns", () => {
    const fields = Array.from({ length: 500 }, (_, index) => field(`column ${index}/x`, TYPES[index % 14]!, 2));
    const random = new RandomValues(1);
    const columns = fields.map(({ type }) => random.column(type, 3, 2));
    const received = toColumnBatch(
      sent(fromColumnBatch({ fields, columns, rowCount: 3, rowNumbers: { start: 0, step: 1 } })),
      {
        start: 0,
        step: 1,
      },
    );
    expect(received.fields.map(({ name }) => name)).toEqual(fields.map(({ name }) => name));
    expect(received.columns).toEqual(columns);
  });

  it("keep arrays that are a part of a larger buffer", () => {
    const values = new BigInt64Array([1n, 2n, 3n, 4n]).subarray(1, 3);
    const [long] = sent(one("Long", { kind: "long", values }));
    expect(long!.data).toEqual({ kind: "long", values: BigInt64Array.of(2n, 3n) });
    const { offsets, bytes } = blobs(["skipped", "é", "", "last"].map((text) => Buffer.from(text)));
    const [text] = sent(one("String", { kind: "string", offsets: offsets.subarray(1), bytes }, 10));
    expect(text!.data).toEqual(strings("é", "", "last"));
  });

  it("copy the values, so that a message can be let go", () => {
    const bytes = encodedParams(
      addData,
      [one("Double", { kind: "double", values: Float64Array.of(1.5) })],
      opaqueProxies,
    );
    const [[column]] = decodeParams(addData, bytes, opaqueProxies) as [ColumnInstance[]];
    bytes.fill(0);
    expect(column!.data).toEqual({ kind: "double", values: Float64Array.of(1.5) });
    expect((column!.data as { values: Float64Array }).values.buffer.byteLength).toBe(8);
  });

  it("write any byte but 0 of a bool column as true", () => {
    const [column] = sent(one("Bool", { kind: "bool", values: Uint8Array.of(0, 1, 255) }));
    expect(column!.data).toEqual({ kind: "bool", values: Uint8Array.of(0, 1, 1) });
  });
});

describe("columns that cannot be sent", () => {
  const mask = new RandomValues(2).column("Mask", 2, 1) as Extract<ColumnData, { kind: "mask" }>;

  it.each<[string, ColumnType, unknown, string]>([
    ["data of another kind", "Long", { kind: "double", values: new Float64Array(1) }, 'kind "double" in a Long column'],
    ["numbers of another class", "Long", { kind: "long", values: new Float64Array(1) }, "BigInt64Array"],
    ["a part that is missing", "String", { kind: "string", bytes: new Uint8Array(1) }, '"offsets" is not of class'],
    [
      "half a character",
      "String",
      { kind: "string", offsets: Int32Array.of(0, 1), bytes: Uint8Array.of(0xc3) },
      "UTF-8",
    ],
    [
      "a character split between rows",
      "String",
      { kind: "string", offsets: Int32Array.of(0, 1, 2), bytes: Buffer.from("é") },
      "UTF-8",
    ],
    [
      "falling offsets",
      "String",
      { kind: "string", offsets: Int32Array.of(0, 2, 1), bytes: new Uint8Array(2) },
      "offsets",
    ],
    [
      "offsets past the end",
      "String",
      { kind: "string", offsets: Int32Array.of(0, 3), bytes: new Uint8Array(2) },
      "offsets",
    ],
    ["no offsets", "String", { kind: "string", offsets: new Int32Array(0), bytes: new Uint8Array(2) }, "offsets"],
    ["a broken row", "FloatArray", { kind: "array", size: 2, values: new Float32Array(3) }, "3 values in rows of 2"],
    ["rows of nothing", "FloatArray", { kind: "array", size: 0, values: new Float32Array(3) }, "3 values in rows of 0"],
    [
      "other numbers",
      "LongArray",
      { kind: "array", size: 1, values: new Float64Array(1) },
      '"values" is not of class BigInt64Array',
    ],
    ["uneven masks", "Mask", { ...mask, x: new Float64Array(1) }, "differ in length"],
    ["masks past the end", "Mask", { ...mask, bytes: new Uint8Array(0), offsets: Int32Array.of(0, 1, 2) }, "offsets"],
  ])("are refused for %s", (_what, type, data, message) => {
    const columns = [{ iceId: `::omero::grid::${type}Column`, name: "height", description: "", size: 1, data }];
    const encode = () => encodedParams(addData, [columns], opaqueProxies);
    expect(encode).toThrow(expect.objectContaining({ code: "CANNOT_ENCODE" }));
    expect(encode).toThrow(message);
    expect(encode).toThrow('"height"');
  });

  it("are refused without data or size", () => {
    const text = { iceId: "::omero::grid::StringColumn", name: "height", description: "" };
    expect(() => encodedParams(addData, [[text]], opaqueProxies)).toThrow("column data expected");
    expect(() => encodedParams(addData, [[{ ...text, data: strings("a") }]], opaqueProxies)).toThrow("no size");
  });
});

describe("columns that are no columns", () => {
  /** An encoded column whose bytes from `find` on are overwritten. */
  function forged(columns: ColumnInstance[], find: number[], replacement: number[]): () => unknown {
    const bytes = Buffer.from(encodedParams(addData, [columns], opaqueProxies));
    const at = bytes.indexOf(Buffer.from(find));
    expect(at).toBeGreaterThan(0);
    bytes.set(replacement, at);
    return () => decodeParams(addData, bytes, opaqueProxies);
  }

  it("are refused for text that is not UTF-8", () => {
    expect(forged(one("String", strings("xyz"), 3), [3, 120, 121, 122], [3, 120, 0xff, 122])).toThrow("UTF-8");
    expect(forged(one("String", strings("ab", "cd"), 3), [2, 97, 98, 2, 99, 100], [2, 97, 0xc3, 2, 0xa9, 100])).toThrow(
      "UTF-8",
    );
  });

  it("are refused for array rows that differ in length", () => {
    const rows: ColumnData = { kind: "array", size: 2, values: Float32Array.of(1, 1, 1, 1) };
    const row = [2, 0, 0, 0x80, 0x3f];
    expect(
      forged(one("FloatArray", rows, 2), [...row, 0, 0, 0x80, 0x3f, ...row], [...row, 0, 0, 0x80, 0x3f, 1]),
    ).toThrow("array row 1 has another length");
  });

  it("are refused for a row that runs past the end", () => {
    expect(forged(one("String", strings("xyz"), 3), [3, 120, 121, 122], [200])).toThrow("200 bytes declared in row 0");
  });
});

describe("array columns whose rows are of another length than they say", () => {
  it("have the size of their rows", () => {
    const data: ColumnData = { kind: "array", size: 3, values: new Float64Array(6) };
    const column = { ...one("DoubleArray", data)[0]!, size: 1 };
    const batch = toColumnBatch(sent([column]), { start: 0, step: 1 });
    expect(batch.rowCount).toBe(2);
    expect(batch.fields[0]!.size).toBe(3);
  });
});

describe("columnFields", () => {
  it("states names, types, descriptions and sizes", () => {
    const fields = TYPES.map((type) =>
      field(`a ${type}`, type, type === "String" || type.endsWith("Array") ? 7 : 1, "text"),
    );
    expect(columnFields(sent(emptyColumns(fields)))).toEqual(fields);
  });

  it("refuses a class of column that is not known", () => {
    const unknown = { ...emptyColumns([field("x", "Long")])[0]!, iceId: "::omero::grid::Column" };
    expect(() => columnFields([unknown])).toThrow(expect.objectContaining({ code: "UNSUPPORTED_TYPE", column: "x" }));
    expect(() => columnFields([null])).toThrow(expect.objectContaining({ code: "MALFORMED_MESSAGE" }));
  });
});

describe("toColumnBatch", () => {
  const long = (rows: number) => one("Long", { kind: "long", values: new BigInt64Array(rows) })[0]!;

  it("refuses columns of different lengths", () => {
    const columns = [long(2), { ...long(3), name: "other" }];
    expect(() => toColumnBatch(columns, { start: 0, step: 1 })).toThrow('"other" has 3 rows, "column" has 2');
  });

  it("refuses row numbers for other rows", () => {
    expect(() => toColumnBatch([long(2)], BigInt64Array.of(1n))).toThrow("1 row numbers for 2 rows");
    expect(() => toColumnBatch([long(0)], Float64Array.of(1))).toThrow("1 row numbers for 0 rows");
  });

  it("takes row numbers as they come in a message", () => {
    expect(toColumnBatch([long(2)], BigInt64Array.of(4n, 6n)).rowNumbers).toEqual({ start: 4, step: 2 });
  });
});

describe("toRowNumbers", () => {
  it("finds runs", () => {
    expect(toRowNumbers(new BigInt64Array(0))).toEqual({ start: 0, step: 1 });
    expect(toRowNumbers(BigInt64Array.of(9n))).toEqual({ start: 9, step: 1 });
    expect(toRowNumbers(BigInt64Array.of(5n, 3n))).toEqual(Float64Array.of(5, 3));
    expect(toRowNumbers(BigInt64Array.of(1n, 2n, 4n))).toEqual(Float64Array.of(1, 2, 4));
  });

  it("gives every safe integer exactly and refuses others", () => {
    const safe = fc.maxSafeInteger();
    fc.assert(
      fc.property(fc.array(safe, { minLength: 1 }), (numbers) => {
        const rows = toRowNumbers(BigInt64Array.from(numbers, BigInt));
        expect([...rowNumberArray(rows, numbers.length)]).toEqual(numbers);
      }),
    );
    expect(() => toRowNumbers(BigInt64Array.of(1n << 53n))).toThrow("row number 9007199254740992");
    expect(() => toRowNumbers(BigInt64Array.of(-(1n << 63n)))).toThrow("row number");
  });
});

describe("emptyColumns", () => {
  it("has no rows in any column", () => {
    const batch: ColumnBatch = toColumnBatch(emptyColumns(TYPES.map((type) => field(type, type, 4))), {
      start: 0,
      step: 1,
    });
    expect(batch.rowCount).toBe(0);
    expect(batch.columns.map(columnLength)).toEqual(TYPES.map(() => 0));
  });
});
