import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { field } from "../../src/columns/batch.js";
import { IceUserException } from "../../src/connect/ice/codec/ice-exception.js";
import type { OmeroConnection } from "../../src/connect/index.js";
import { createFile } from "../../src/gateway/files/raw-file.js";
import { newTable } from "../../src/gateway/tables/open-table.js";
import { readArrow, readBatches, readTable } from "../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import {
  appendRows,
  deleteTable,
  getTableMetadata,
  setTableMetadata,
  updateRows,
  uploadTable,
} from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { addRows } from "../formats/read-source.js";

let server: OmeroServer;
let connection: OmeroConnection;
let before: Record<string, () => void> = {};

beforeAll(async () => {
  const beforeCall = ({ operation }: ServedCall) => before[operation]?.();
  server = await startLabServer({ beforeCall, tables: "hdf5" });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});
afterEach(() => {
  before = {};
});

const COLUMNS = {
  image: [1, 2, 3, 4],
  "mean area": [1.5, NaN, 2, 80],
  "a/b": ["x", "é", "", "zz"],
  ok: [true, false, true, true],
  pair: [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ],
};

async function stored(): Promise<{ connection: OmeroConnection; fileId: number; annotationId: number }> {
  const { fileId, annotationId } = await uploadTable(COLUMNS, "cells", { connection, parentId: 1 });
  return { connection, fileId, annotationId };
}

async function columnsOf(fileId: number): Promise<Record<string, unknown[]>> {
  const columns: unknown[][] = [[], [], [], [], []];
  let names: string[] = [];
  for await (const batch of readBatches({ connection, fileId })) {
    names = batch.fields.map(({ name }) => name);
    addRows(columns, batch);
  }
  return Object.fromEntries(names.map((name, index) => [name, columns[index]!]));
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function refusal(message: string): IceUserException {
  return new IceUserException("::omero::ValidationException", {
    message,
    serverExceptionClass: "",
    serverStackTrace: "",
  });
}

describe("appendRows", () => {
  test("columns in any order take the table's types", async () => {
    const { fileId } = await stored();
    const rows = [
      { ok: 1, "a\\b": "q", pair: "[9, 10]", image: 5n, "mean area": 7 },
      { ok: false, "a\\b": null, pair: [11, 12], image: 6, "mean area": null },
    ];
    expect(await appendRows(rows, { connection, fileId })).toEqual({ firstRow: 4, rowCount: 2 });
    expect(await columnsOf(fileId)).toEqual({
      image: [1n, 2n, 3n, 4n, 5n, 6n],
      "mean area": [1.5, NaN, 2, 80, 7, NaN],
      "a\\b": ["x", "é", "", "zz", "q", ""],
      ok: [true, false, true, true, true, false],
      pair: [
        [1n, 2n],
        [3n, 4n],
        [5n, 6n],
        [7n, 8n],
        [9n, 10n],
        [11n, 12n],
      ],
    });
  });

  test("from CSV, frames, Arrow and batches", async () => {
    const { fileId } = await stored();
    const csv = 'image,mean area,a/b,ok,pair\n5,1,ab,True,"[1, 2]"\n';
    await appendRows(new Blob([csv]).stream() as never, { connection, fileId });
    await appendRows(await readTable({ connection, fileId }), { connection, fileId });
    await appendRows(await readArrow({ connection, fileId, rowNumbers: true }), { connection, fileId });
    await appendRows(readBatches({ connection, fileId, rows: [0] }), { connection, fileId, chunkSize: 1 });
    const { image, "a\\b": texts } = await columnsOf(fileId);
    expect(image).toHaveLength(21);
    expect(texts!.slice(-2)).toEqual(["ab", "x"]);
  });

  test.each([
    ["a column too few", { image: [1] }, { code: "UNKNOWN_COLUMN", column: "mean area" }],
    ["a column too many", { ...first(), extra: [1] }, { code: "UNKNOWN_COLUMN", column: "extra" }],
    [
      "text too wide",
      { ...first(), "a/b": ["xx"], ...first({ "a/b": ["éé"] }) },
      { code: "VALUE_DOES_NOT_FIT", column: "a\\b", row: 0, message: expect.stringMatching(/2 wide/) },
    ],
    ["a fraction as an id", first({ image: [1.5] }), { code: "VALUE_DOES_NOT_FIT", column: "image", row: 0 }],
    ["a missing id", first({ image: [null] }), { code: "VALUE_DOES_NOT_FIT", column: "image" }],
    ["lists of another length", first({ pair: [[1, 2, 3]] }), { code: "VALUE_DOES_NOT_FIT", column: "pair" }],
  ])("%s: refused before anything is sent", async (_, rows, error) => {
    const { fileId } = await stored();
    before.addData = () => {
      throw refusal("not to be called");
    };
    await expect(appendRows(rows, { connection, fileId })).rejects.toMatchObject(error);
    before = {};
    expect((await columnsOf(fileId)).image).toHaveLength(4);
  });

  function first(changes: Record<string, unknown[]> = {}): Record<string, unknown[]> {
    const rows = Object.fromEntries(Object.entries(COLUMNS).map(([name, values]) => [name, values.slice(0, 1)]));
    return { ...rows, ...changes };
  }

  test("a failure half-way says how far it came", async () => {
    const { fileId } = await stored();
    let calls = 0;
    before.addData = () => {
      if (++calls === 3) throw refusal("no luck");
    };
    const failing = appendRows(COLUMNS, { connection, fileId, chunkSize: 1 });
    await expect(failing).rejects.toMatchObject({
      code: "WRITE_FAILED",
      row: 6,
      message: expect.stringMatching(/after 2 of 4 rows.*no luck/),
    });
    before = {};
    expect((await columnsOf(fileId)).image).toEqual([1n, 2n, 3n, 4n, 1n, 2n]);
    expect((await server.contents()).openTables.get(fileId) ?? 0).toBe(0);
  });

  test("a table changed by someone else meanwhile is reported", async () => {
    const { fileId } = await stored();
    before.addData = () => {
      throw new IceUserException("::omero::OptimisticLockException", {
        message: "changed",
        serverExceptionClass: "",
        serverStackTrace: "",
      });
    };
    await expect(appendRows(COLUMNS, { connection, fileId })).rejects.toMatchObject({
      code: "WRITE_FAILED",
      cause: { code: "TABLE_CHANGED" },
    });
  });
});

describe("updateRows", () => {
  test("rows by number, some columns, in any order", async () => {
    const { fileId } = await stored();
    const values = {
      ok: [false, false],
      "mean area": [10, null],
      pair: [
        [0, 0],
        [1, 1],
      ],
    };
    expect(await updateRows(values, { connection, fileId, rows: [3, 0] })).toEqual({ rowCount: 2 });
    expect(await columnsOf(fileId)).toEqual({
      image: [1n, 2n, 3n, 4n],
      "mean area": [NaN, NaN, 2, 10],
      "a\\b": ["x", "é", "", "zz"],
      ok: [false, false, true, false],
      pair: [
        [1n, 1n],
        [3n, 4n],
        [5n, 6n],
        [0n, 0n],
      ],
    });
  });

  test("all rows that meet a condition get single values", async () => {
    const { fileId } = await stored();
    const query = "`mean area` > limit";
    const updated = await updateRows(
      { "a/b": "hi", ok: false },
      { connection, fileId, query, variables: { limit: 1.7 } },
    );
    expect(updated).toEqual({ rowCount: 2 });
    expect(await columnsOf(fileId)).toMatchObject({ "a\\b": ["x", "é", "hi", "hi"], ok: [true, false, false, false] });
    expect(await updateRows({ ok: true }, { connection, fileId, query: "image > 99" })).toEqual({ rowCount: 0 });
  });

  test("what was read goes back to where it came from", async () => {
    const { fileId } = await stored();
    const options = { connection, fileId };
    const frame = await readTable({ ...options, rows: [3, 1], columnNames: ["mean area", "ok"] });
    frame.addColumn("mean area", [33, 11], { inplace: true });
    await updateRows(frame, options);
    await updateRows(await readArrow({ ...options, query: "image == 3", rowNumbers: true }), options);
    const batches = await collected(readBatches({ ...options, rows: { start: 2 }, columnNames: ["mean area"] }));
    for (const { columns } of batches) if (columns[0]!.kind === "double") columns[0]!.values.fill(5);
    await updateRows(batches, options);
    expect((await columnsOf(fileId))["mean area"]).toEqual([1.5, 11, 5, 5]);
  });

  test("a range of rows, in several calls", async () => {
    const { fileId } = await stored();
    const seen: number[] = [];
    const options = {
      connection,
      fileId,
      rows: { start: 1 },
      chunkSize: 2,
      onProgress: ({ done }: { done: number }) => seen.push(done),
    };
    await updateRows({ image: [7, 8, 9] }, options);
    expect(seen).toEqual([2, 3]);
    expect((await columnsOf(fileId)).image).toEqual([1n, 7n, 8n, 9n]);
  });

  test.each([
    [
      "no rows named",
      { image: [1] },
      {},
      { code: "INVALID_ARGUMENT", message: expect.stringMatching(/rows or query/) },
    ],
    ["rows and query", { image: [1] }, { rows: [0], query: "image > 0" }, { code: "ROWS_WITH_QUERY" }],
    ["a row beyond the end", { image: [1] }, { rows: [4] }, { code: "ROWS_OUT_OF_RANGE", row: 4 }],
    ["a row twice", { image: [1, 2] }, { rows: [1, 1] }, { code: "INVALID_ARGUMENT", row: 1 }],
    [
      "fewer values than rows",
      { image: [1] },
      { rows: [0, 1] },
      { code: "INVALID_ARGUMENT", message: expect.stringMatching(/2 rows to change and 1/) },
    ],
    ["an unknown column", { size: [1] }, { rows: [0] }, { code: "UNKNOWN_COLUMN", column: "size" }],
    ["a bad condition", { ok: true }, { query: "size > 1" }, { code: "CONDITION_NAME" }],
    [
      "a value of another sort",
      { image: ["x"] },
      { rows: [0] },
      { code: "VALUE_DOES_NOT_FIT", column: "image", row: 0 },
    ],
  ])("%s: refused, and nothing is changed", async (_, values, options, error) => {
    const { fileId } = await stored();
    before.update = () => {
      throw refusal("not to be called");
    };
    await expect(updateRows(values, { connection, fileId, ...options })).rejects.toMatchObject(error);
  });

  test("text that is not ASCII is refused, because the server cannot set it", async () => {
    const { fileId } = await stored();
    const updating = updateRows({ "a/b": ["x", "é"] }, { connection, fileId, rows: [0, 1] });
    await expect(updating).rejects.toMatchObject({ code: "VALUE_DOES_NOT_FIT", column: "a\\b", row: 1 });
    expect((await columnsOf(fileId))["a\\b"]).toEqual(["x", "é", "", "zz"]);
  });

  test("masks are not changed", async () => {
    const mask = { imageId: 1, theZ: 0, theT: 0, x: 0, y: 0, w: 1, h: 1, bytes: new Uint8Array(1) };
    const { fileId } = await uploadTable({ mask: [mask] }, "masks", { connection, parentId: 1 });
    const updating = updateRows({ mask: [mask] }, { connection, fileId, rows: [0] });
    await expect(updating).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE", column: "mask" });
  });

  test("a failure half-way says how far it came", async () => {
    const { fileId } = await stored();
    let calls = 0;
    before.update = () => {
      if (++calls === 2) throw refusal("no luck");
    };
    const failing = updateRows({ image: [5, 6, 7] }, { connection, fileId, rows: [0, 2, 3], chunkSize: 1 });
    await expect(failing).rejects.toMatchObject({
      code: "WRITE_FAILED",
      row: 2,
      message: expect.stringMatching(/after 1 of 3 rows/),
    });
  });
});

describe("metadata", () => {
  test("is added to, and replaced by key", async () => {
    const { fileId } = await stored();
    await setTableMetadata({ a: 1, b: "two" }, { connection, fileId });
    await setTableMetadata(new Map([["b", 2n ** 60n]]), { connection, fileId });
    const metadata = await getTableMetadata({ connection, fileId });
    expect([metadata.get("a"), metadata.get("b"), metadata.get("__version")]).toEqual([1n, 2n ** 60n, "2"]);
  });

  test.each([
    [{ "": 1 }, "INVALID_ARGUMENT"],
    [{ __version: 1 }, "INVALID_ARGUMENT"],
    [{ a: null as never }, "INVALID_ARGUMENT"],
    [{ a: 2n ** 63n }, "UNSAFE_INTEGER"],
    [{ a: 2 ** 53 + 2 }, "UNSAFE_INTEGER"],
  ])("%o cannot be", async (metadata, code) => {
    const { fileId } = await stored();
    await expect(setTableMetadata(metadata, { connection, fileId })).rejects.toMatchObject({ code });
  });
});

describe("deleteTable", () => {
  test("by file or annotation: file, annotation and links go", async () => {
    const held = await server.contents();
    const one = await stored();
    const other = await stored();
    await deleteTable({ connection, fileId: one.fileId });
    await deleteTable({ connection, annotationId: other.annotationId });
    const { files, annotations, links, tables, contentFiles } = await server.contents();
    expect({ files, annotations, links, tables, contentFiles }).toEqual({
      files: held.files,
      annotations: held.annotations,
      links: held.links,
      tables: held.tables,
      contentFiles: held.contentFiles,
    });
  });

  test("what is no table stays", async () => {
    await expect(deleteTable({ connection, fileId: 99_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const other = await createFile(connection, { name: "notes.txt", mimetype: "text/plain" });
    await other.close();
    const deleting = deleteTable({ connection, fileId: other.file.id });
    await expect(deleting).rejects.toMatchObject({ code: "NOT_A_TABLE", fileId: Number(other.file.id) });
    expect((await server.contents()).files.map(({ id }) => id)).toContain(other.file.id);
    await expect(deleteTable({ connection })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

test("an open table is worked on, and stays open", async () => {
  const table = await newTable(connection, "open");
  await table.initialize([field("a", "Long")]);
  await appendRows({ a: [1, 2] }, { table });
  await updateRows({ a: 5 }, { table, rows: [1] });
  await setTableMetadata({ x: 1 }, { table });
  expect((await getTableMetadata({ table })).get("x")).toBe(1n);
  const { columns } = await table.read([0], 0, 2);
  expect(columns).toEqual([{ kind: "long", values: BigInt64Array.of(1n, 5n) }]);
  await table.close();
});
