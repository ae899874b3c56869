import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { type UploadFileOptions, uploadFile } from "../../src/gateway/files/upload-file.js";
import { downloadCsv, readCsv, readCsvArrow } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";

const CSV = 'image,mean area,label,ok\n1,1.5,"é, 🔬",True\n2,,b,False\n9007199254740993,2,NA,True\n';

let server: OmeroServer;
let connection: OmeroConnection;
let directory: string;

beforeAll(async () => {
  server = await startLabServer();
  connection = await connectPlain(server);
  directory = await mkdtemp(join(tmpdir(), "csv-attached-"));
});
afterAll(async () => {
  await connection.close();
  await server.close();
  await rm(directory, { recursive: true });
});

async function stored(name: string, bytes: string | Uint8Array, options: Partial<UploadFileOptions> = {}) {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return uploadFile(path, { connection, parentId: 1, ...options });
}

test("into Arrow, plain and gzipped, by file and annotation, in small chunks", async () => {
  const plain = await stored("a.csv", CSV);
  const zipped = await stored("a.csv.gz", gzipSync(CSV));
  for (const which of [{ fileId: plain.fileId }, { annotationId: zipped.annotationId }]) {
    const table = await readCsvArrow({ connection, ...which, chunkSize: 10 });
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "image: Int64",
      "mean area: Float64",
      "label: Utf8",
      "ok: Bool",
    ]);
    expect(table.toArray().map((row) => [...row].map(([, value]) => value))).toEqual([
      [1n, 1.5, "é, 🔬", true],
      [2n, NaN, "b", false],
      [9007199254740993n, 2, "", true],
    ]);
  }
});

test("into a frame, some columns, integers as asked for", async () => {
  const { fileId } = await stored("b.csv", CSV);
  const frame = await readCsv({ connection, fileId, columnNames: ["ok", "mean area"] });
  expect([frame.columns, frame.index]).toEqual([
    ["mean area", "ok"],
    [0, 1, 2],
  ]);
  expect(frame.column("ok").values).toEqual([true, false, true]);
  await expect(readCsv({ connection, fileId })).rejects.toMatchObject({
    code: "UNSAFE_INTEGER",
    column: "image",
    row: 2,
  });
  const exact = await readCsv({ connection, fileId, int64: "bigint" });
  expect(exact.column("image").values).toEqual([1n, 2n, 9007199254740993n]);
  const text = await readCsv({ connection, fileId, columnTypes: { image: "String" } });
  expect(text.column("image").values).toEqual(["1", "2", "9007199254740993"]);
});

test("other dialects, and names that need repair", async () => {
  const { fileId } = await stored("c.csv", ";a;a\n7;1,5;x\n");
  const table = await readCsvArrow({ connection, fileId, csv: { decimal: "," } });
  expect(table.schema.fields.map(({ name }) => name)).toEqual(["Unnamed: 0", "a", "a.1"]);
  expect(table.getChild("a")!.get(0)).toBe(1.5);
  const strict = readCsvArrow({ connection, fileId, csv: { repairNames: false } });
  await expect(strict).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
});

test("a file without rows", async () => {
  const { fileId } = await stored("d.csv", "a,b\n");
  expect((await readCsv({ connection, fileId })).shape).toEqual([0, 2]);
  expect((await readCsvArrow({ connection, fileId })).numCols).toBe(2);
});

test("what is no CSV is refused, unless that is not to be checked", async () => {
  const { fileId } = await stored("e.txt", CSV);
  await expect(readCsv({ connection, fileId })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching(/text\/plain/),
  });
  expect((await readCsvArrow({ connection, fileId, checkType: false })).numRows).toBe(3);
  const table = await uploadTable({ a: [1] }, "t", { connection, parentId: 1 });
  const reading = readCsvArrow({ connection, fileId: table.fileId, checkType: false });
  await expect(reading).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching(/readTable/),
  });
  const named = await stored("f.csv", CSV, { mimetype: "application/octet-stream" });
  expect((await readCsvArrow({ connection, fileId: named.fileId })).numRows).toBe(3);
});

test("errors in the file name its line", async () => {
  const { fileId } = await stored("g.csv", "a,b\n1,2\n3\n");
  const strict = readCsvArrow({ connection, fileId, strict: true });
  await expect(strict).rejects.toMatchObject({ code: "MALFORMED_CSV", line: 3 });
  const warnings: string[] = [];
  await readCsvArrow({ connection, fileId, onWarning: (message) => warnings.push(message) });
  expect(warnings).toEqual([expect.stringMatching(/Line 3 has fewer cells/)]);
  await expect(readCsvArrow({ connection, fileId, columnNames: ["c"] })).rejects.toMatchObject({
    code: "UNKNOWN_COLUMN",
  });
  const wrong = readCsvArrow({ connection, fileId, columnTypes: { a: "Image" as "Long" } });
  await expect(wrong).rejects.toMatchObject({ code: "INVALID_ARGUMENT", column: "a" });
});

test.each(["cells.csv", { path: "cells.csv" }])("a path is told of the function that reads it: %j", async (given) => {
  await expect(readCsv(given as never)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining('readTable({ path: "cells.csv" })'),
  });
});

test("downloadCsv gives the file as it is", async () => {
  const { annotationId, fileId } = await stored("h.csv.gz", gzipSync(CSV));
  const targetPath = join(directory, "downloaded.csv.gz");
  const size = await downloadCsv({ connection, annotationId, targetPath });
  const bytes = await readFile(targetPath);
  expect([size, gunzipSync(bytes).toString()]).toEqual([bytes.length, CSV]);
  await expect(downloadCsv({ connection, fileId, targetPath })).rejects.toMatchObject({ code: "FILE_EXISTS" });
  const text = await stored("i.txt", CSV);
  const other = join(directory, "i-copy");
  const refused = downloadCsv({ connection, fileId: text.fileId, targetPath: other });
  await expect(refused).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await downloadCsv({ connection, fileId: text.fileId, targetPath: other, checkType: false })).toBe(
    Buffer.byteLength(CSV),
  );
});
