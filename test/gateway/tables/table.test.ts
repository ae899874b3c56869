import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ColumnBatch,
  type ColumnData,
  type ColumnField,
  field,
  rowNumberArray,
} from "../../../src/columns/batch.js";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { newTable, openTable } from "../../../src/gateway/tables/open-table.js";
import { toInt64Array } from "../../../src/gateway/tables/row-numbers.js";
import type { RemoteTable } from "../../../src/gateway/tables/table.js";
import { rlong, rstring } from "../../../src/rtypes.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;
let calls: string[] = [];
/** Thrown in place of the next call of an operation. */
let refusals: { operation: string; refuse: () => never }[] = [];

function beforeCall({ service, operation }: ServedCall): void {
  if (service.endsWith("::Table")) calls.push(operation);
  const refusal = refusals.find((each) => each.operation === operation);
  if (!refusal) return;
  refusals = refusals.filter((each) => each !== refusal);
  refusal.refuse();
}

beforeAll(async () => {
  server = await startLabServer({ beforeCall });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

const FIELDS: ColumnField[] = [
  field("file", "File"),
  field("image id", "Image", 1, '{"unit": "none"}'),
  field("bool", "Bool"),
  field("mean area", "Double"),
  field("long", "Long"),
  field("text", "String", 8),
  field("floats", "FloatArray", 2),
  field("longs", "LongArray", 2),
];

/** Rows `start ..< stop` of a table of FIELDS. */
function rows(start: number, stop: number): ColumnBatch {
  const numbers = Array.from({ length: stop - start }, (_, index) => start + index);
  const texts = numbers.map((n) => new TextEncoder().encode(["", "a", "é", "naïve"][n % 4]));
  const offsets = new Int32Array(numbers.length + 1);
  texts.forEach((text, index) => {
    offsets[index + 1] = offsets[index]! + text.length;
  });
  const bytes = new Uint8Array(Buffer.concat(texts));
  const columns: ColumnData[] = [
    { kind: "long", values: BigInt64Array.from(numbers, BigInt) },
    { kind: "long", values: BigInt64Array.from(numbers, (n) => BigInt(-n)) },
    { kind: "bool", values: Uint8Array.from(numbers, (n) => n % 2) },
    { kind: "double", values: Float64Array.from(numbers, (n) => (n % 5 === 0 ? Number.NaN : n / 3)) },
    { kind: "long", values: BigInt64Array.from(numbers, (n) => 2n ** 62n + BigInt(n)) },
    { kind: "string", offsets, bytes },
    { kind: "array", size: 2, values: Float32Array.from(numbers.flatMap((n) => [n, n + 0.5])) },
    { kind: "array", size: 2, values: BigInt64Array.from(numbers.flatMap((n) => [BigInt(n), -BigInt(n)])) },
  ];
  return { fields: FIELDS, columns, rowCount: numbers.length, rowNumbers: { start, step: 1 } };
}

async function tableOf(rowCount: number): Promise<RemoteTable> {
  const table = await newTable(connection, "table of rows");
  await table.initialize(FIELDS);
  await table.addData(rows(0, rowCount));
  return table;
}

const ALL = FIELDS.map((_, index) => index);
const NO_VARIABLES = new Map();

describe("a new table", () => {
  test("takes columns and rows and gives them back when opened again", async () => {
    const table = await newTable(connection, "whole", { group: "other" });
    expect(table.file).toMatchObject({ name: "whole", mimetype: "OMERO.tables" });
    await table.initialize(FIELDS);
    expect([table.rowCount, table.fields]).toEqual([0, FIELDS]);
    expect((await table.read(ALL, 0, 0)).rowCount).toBe(0);
    await table.addData(rows(0, 7));
    await table.addData(rows(7, 10));
    await table.addData({ ...rows(0, 0) });
    await table.setMetadata("count", 10n);
    await table.close();
    await table.close();

    await using again = await openTable(connection, { fileId: table.file.id });
    expect([again.rowCount, again.fields]).toEqual([10, FIELDS]);
    expect(again.file.groupId).not.toBe(connection.groupId);
    expect(await again.read(ALL, 0, 10)).toEqual(rows(0, 10));
    expect(await again.getAllMetadata()).toEqual(
      new Map<string, unknown>([
        ["count", 10n],
        ["__version", "2"],
        ["__initialized", expect.any(Number)],
      ]),
    );
  });

  test.each<[string, ColumnField[], RegExp]>([
    ["no columns", [], /at least one column/],
    ["an empty name", [field("", "Long")], /has no name/],
    ["a reserved name", [field("__x", "Long")], /cannot begin with __/],
    ["a name with a slash", [field("a/b", "Long")], /has a \/ in its name/],
    ["a name twice", [field("a", "Long"), field("a", "Bool")], /is there twice/],
    ["a name that PyTables keeps for itself", [field("_v_pos", "Long")], /PyTables reserves/],
    ["a name that is a path", [field(".", "Long")], /PyTables reserves/],
    ["a name with NUL", [field("a\0", "Long")], /NUL/],
    ["a description that is not ASCII", [field("a", "Long", 1, "µm")], /description that is not ASCII/],
    ["text of no width", [field("a", "String", 0)], /has a size of 0/],
  ])("refuses %s before anything is sent", async (_name, fields, message) => {
    await using table = await newTable(connection, "refused");
    calls = [];
    await expect(table.initialize(fields)).rejects.toThrow(message);
    expect(calls).toEqual([]);
  });

  test("without columns is no table to read", async () => {
    const table = await newTable(connection, "empty");
    await expect(table.read([0], 0, 1)).rejects.toMatchObject({ code: "NOT_INITIALIZED" });
    await expect(openTable(connection, { fileId: table.file.id })).rejects.toMatchObject({
      code: "NOT_INITIALIZED",
      fileId: Number(table.file.id),
    });
    await table.close();
  });
});

describe("reading", () => {
  let table: RemoteTable;
  beforeAll(async () => {
    table = await tableOf(100);
  });
  afterAll(() => table.close());

  test("columns in the order asked for, rows by span, clamped", async () => {
    const batch = await table.read([4, 0], 10, 12);
    expect(batch).toEqual({
      fields: [FIELDS[4], FIELDS[0]],
      columns: [rows(10, 12).columns[4], rows(10, 12).columns[0]],
      rowCount: 2,
      rowNumbers: { start: 10, step: 1 },
    });
    expect(await table.read([0], 98, 1000)).toMatchObject({ rowCount: 2, rowNumbers: { start: 98 } });
    expect(await table.read([0], 500, 1000)).toMatchObject({ rowCount: 0 });
  });

  test("rows by number, in any order and repeatedly", async () => {
    const numbers = Float64Array.of(5, 99, 5, 0);
    const batch = await table.slice([4, 5], numbers);
    expect(batch.rowNumbers).toEqual(numbers);
    expect(batch.columns[0]).toEqual({
      kind: "long",
      values: BigInt64Array.from(numbers, (n) => 2n ** 62n + BigInt(n)),
    });
  });

  test("row numbers are right for any rows", async () => {
    const anyRows = fc.array(fc.nat(99), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(anyRows, fc.nat(100), fc.nat(100), async (list, one, other) => {
        const sliced = await table.slice([0], Float64Array.from(list));
        expect([...longs(sliced.columns[0]!)].map(Number)).toEqual(list);
        expect([...rowNumberArray(sliced.rowNumbers, sliced.rowCount)]).toEqual(list);
        const read = await table.read([0], Math.min(one, other), Math.max(one, other));
        expect([...rowNumberArray(read.rowNumbers, read.rowCount)]).toEqual([...longs(read.columns[0]!)].map(Number));
      }),
      { numRuns: 40 },
    );
  });

  test("nothing asks nothing of the server", async () => {
    calls = [];
    const empty = await table.slice(ALL, new Float64Array(0));
    expect(empty).toEqual({ ...rows(0, 0), rowNumbers: { start: 0, step: 1 } });
    expect(await table.read(ALL, 5, 5)).toMatchObject({ rowCount: 0, fields: FIELDS });
    expect(await table.getWhereList("long > 0", NO_VARIABLES, { start: 7, stop: 7 })).toHaveLength(0);
    expect(calls).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["no columns", () => table.read([], 0, 1), "UNKNOWN_COLUMN"],
    ["a column that is not there", () => table.read([8], 0, 1), "UNKNOWN_COLUMN"],
    ["a negative column", () => table.slice([-1], Float64Array.of(1)), "UNKNOWN_COLUMN"],
    ["a span that runs backwards", () => table.read([0], 5, 4), "ROWS_OUT_OF_RANGE"],
    ["half a row", () => table.read([0], 0.5, 4), "ROWS_OUT_OF_RANGE"],
    ["a row after the last", () => table.slice([0], Float64Array.of(100)), "ROWS_OUT_OF_RANGE"],
    ["no number", () => table.slice([0], Float64Array.of(Number.NaN)), "ROWS_OUT_OF_RANGE"],
    [
      "a step of 0",
      () => table.getWhereList("bool", NO_VARIABLES, { start: 0, stop: 5, step: 0 }),
      "ROWS_OUT_OF_RANGE",
    ],
  ])("refuses %s before anything is sent", async (_name, call, code) => {
    calls = [];
    await expect(call()).rejects.toMatchObject({ name: "ArgumentError", code });
    expect(calls).toEqual([]);
  });

  test("conditions, with variables that are values or stand for columns", async () => {
    const variables = new Map<string, ReturnType<typeof rlong> | ReturnType<typeof rstring>>([
      ["least", rlong(2n ** 62n + 90n)],
      ["area", rstring("mean area")],
    ]);
    const hits = await table.getWhereList("(long >= least) & (area > 31)", variables, { start: 0, stop: 100 });
    expect([...hits]).toEqual([94, 96, 97, 98, 99]);
    expect([...(await table.getWhereList("bool", NO_VARIABLES, { start: 10, stop: 1000, step: 5 }))]).toEqual([
      15, 25, 35, 45, 55, 65, 75, 85, 95,
    ]);
    expect(await table.getWhereList("long < 0", NO_VARIABLES, { start: 0, stop: 100 })).toHaveLength(0);
  });

  test("a condition the server refuses is in the error", async () => {
    const query = "no_such_column > 3";
    await expect(table.getWhereList(query, NO_VARIABLES, { start: 0, stop: 9 })).rejects.toMatchObject({
      name: "ServerError",
      code: "API_USAGE",
      query,
      operation: "Table.getWhereList",
    });
  });

  test("ends with its signal", async () => {
    const signal = AbortSignal.abort();
    await expect(table.read([0], 0, 5, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("changes by others", () => {
  test("fail a read, and the table is taken for what it is then", async () => {
    const table = await tableOf(5);
    await using other = await openTable(connection, { fileId: table.file.id });
    await other.addData(rows(5, 7));
    refuseOnce("read", "::omero::OptimisticLockException");
    calls = [];
    const fileId = Number(table.file.id);
    await expect(table.read([0], 0, 5)).rejects.toMatchObject({ code: "TABLE_CHANGED", fileId });
    expect(calls).toEqual(["read", "close", "getHeaders", "getNumberOfRows"]);
    expect(table.rowCount).toBe(7);
    expect(await table.read([0], 0, 7)).toMatchObject({ rowCount: 7 });
    await table.close();
  });

  test("fail all reads that were under way, and the table is opened once", async () => {
    const table = await tableOf(5);
    for (let read = 0; read < 3; read++) refuseOnce("read", "::omero::OptimisticLockException");
    calls = [];
    const reads = await Promise.allSettled([0, 1, 2].map((row) => table.read([0], row, row + 1)));
    for (const read of reads) expect(read).toMatchObject({ reason: { code: "TABLE_CHANGED" } });
    expect(calls.filter((operation) => operation === "close")).toHaveLength(1);
    await table.close();
  });

  test("a write fails", async () => {
    await using table = await tableOf(5);
    refuseOnce("update", "::omero::OptimisticLockException");
    const update = table.update({ ...rows(0, 1), rowNumbers: Float64Array.of(2) });
    await expect(update).rejects.toMatchObject({ code: "TABLE_CHANGED", fileId: Number(table.file.id) });
  });
});

describe("writing", () => {
  test("update changes the cells named", async () => {
    await using table = await tableOf(5);
    await table.update({
      fields: [FIELDS[2]!, FIELDS[3]!],
      columns: [
        { kind: "bool", values: Uint8Array.of(1, 1) },
        { kind: "double", values: Float64Array.of(7, 8) },
      ],
      rowCount: 2,
      rowNumbers: Float64Array.of(4, 0),
    });
    const batch = await table.read([2, 3], 0, 5);
    expect(batch.columns[0]).toEqual({ kind: "bool", values: Uint8Array.of(1, 1, 0, 1, 1) });
    expect(batch.columns[1]).toEqual({ kind: "double", values: Float64Array.of(8, 1 / 3, 2 / 3, 1, 7) });
  });

  test("rows of other columns are refused", async () => {
    await using table = await tableOf(2);
    const wrongName = { ...rows(0, 1), fields: FIELDS.map((f, i) => (i === 1 ? { ...f, name: "other" } : f)) };
    await expect(table.addData(wrongName)).rejects.toThrow('column 1 is Image "image id" in the table, Image "other"');
    const { fields, columns } = rows(0, 1);
    const tooFew = { ...rows(0, 1), fields: fields.slice(1), columns: columns.slice(1) };
    await expect(table.addData(tooFew)).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
    const wrongType = { ...rows(0, 1), fields: [field("file", "Long")], columns: columns.slice(0, 1) };
    await expect(table.update(wrongType)).rejects.toThrow('holds File in "file", not Long');
    await expect(table.update({ ...rows(0, 1), rowNumbers: Float64Array.of(2) })).rejects.toMatchObject({ row: 2 });
  });

  test("metadata keeps whole numbers exactly; reserved keys are refused", async () => {
    await using table = await tableOf(1);
    await table.setMetadata("big", 2n ** 63n - 1n);
    await table.setMetadata("half", 0.5);
    await table.setMetadata("text", "naïve");
    const metadata = await table.getAllMetadata();
    expect([metadata.get("big"), metadata.get("half"), metadata.get("text")]).toEqual([2n ** 63n - 1n, 0.5, "naïve"]);
    await expect(table.setMetadata("__version", "3")).rejects.toThrow("reserved");
    await expect(table.setMetadata("", "3")).rejects.toThrow("empty");
  });

  test("to a closed table is refused", async () => {
    const table = await tableOf(1);
    await table.close();
    await expect(table.addData(rows(0, 1))).rejects.toThrow("is closed");
    await expect(table.read([0], 0, 1)).rejects.toThrow("is closed");
  });

  test("closing says so when the server cannot finish what was written", async () => {
    const written = await tableOf(1);
    refuseOnce("close", "::omero::InternalException");
    await expect(written.close()).rejects.toMatchObject({ name: "ServerError" });
    const read = await openTable(connection, { fileId: written.file.id });
    refuseOnce("close", "::omero::InternalException");
    await read.close();
  });
});

describe("finding", () => {
  test.each<[string, object, object]>([
    ["a file that is none", { fileId: 123_456 }, { code: "NOT_FOUND", fileId: 123_456 }],
    ["an annotation that is none", { annotationId: 123_456n }, { code: "NOT_FOUND", annotationId: 123_456 }],
    ["both ids", { fileId: 1, annotationId: 1 }, { code: "INVALID_ARGUMENT" }],
    ["no id", {}, { code: "INVALID_ARGUMENT" }],
    ["half an id", { fileId: 1.5 }, { code: "INVALID_ARGUMENT" }],
    ["an id too large", { fileId: 2n ** 63n }, { code: "INVALID_ARGUMENT" }],
  ])("%s fails", async (_name, ref, expected) => {
    await expect(openTable(connection, ref)).rejects.toMatchObject(expected);
  });

  test("by annotation, and a file that is no table", async () => {
    const table = await tableOf(3);
    await table.close();
    const annotate = async (id: number) => {
      const file = { iceId: "::omero::model::OriginalFile", id: rlong(id), loaded: false };
      const annotation = { iceId: "::omero::model::FileAnnotation", loaded: true, file };
      return (await connection.getUpdateService().saveAndReturnObject(annotation as never))!.id!.val;
    };
    await using found = await openTable(connection, { annotationId: await annotate(table.file.id) });
    expect(found.rowCount).toBe(3);
    const csv = { iceId: "::omero::model::OriginalFile", loaded: true, name: rstring("a.csv"), path: rstring("/") };
    const saved = await connection.getUpdateService().saveAndReturnObject({
      ...csv,
      mimetype: rstring("text/csv"),
    } as never);
    await expect(openTable(connection, { fileId: saved!.id!.val })).rejects.toThrow(
      /is no table: its type is "text\/csv", not "OMERO.tables"/,
    );
  });
});

test("toInt64Array is exact", () => {
  const anyRow = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
  fc.assert(
    fc.property(fc.array(anyRow), (list) => {
      expect(toInt64Array(Float64Array.from(list))).toEqual(BigInt64Array.from(list, BigInt));
    }),
  );
});

function longs(column: ColumnData): BigInt64Array {
  if (column.kind !== "long") throw new Error(`${column.kind} in place of long`);
  return column.values;
}

function refuseOnce(operation: string, iceId: string): void {
  refusals.push({
    operation,
    refuse: () => {
      throw new IceUserException(iceId, { message: "refused by the test" });
    },
  });
}
