/** What is not there, what may not be read and what may not be removed, on a server that tells as a Java OMERO server does. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { deleteObjects } from "../../src/gateway/delete.js";
import { downloadFile, listFiles } from "../../src/gateway/files/attached-file.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { getTableHeaders, getTableSize, readArrow } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { appendRows, deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";

let server: OmeroServer;
let ana: OmeroConnection;
let ben: OmeroConnection;
let cyd: OmeroConnection;
let table: { fileId: number; annotationId: number };

const MISSING = 987_654;

beforeAll(async () => {
  server = await startLabServer();
  ana = await connectPlain(server);
  ben = await connectPlain(server, { username: "ben", password: "pass-ben" });
  cyd = await connectPlain(server, { username: "cyd", password: "pass-cyd" });
  table = await uploadTable({ n: [1, 2] }, "cells", { connection: ana, parentId: 1 });
});
afterAll(async () => {
  await Promise.all([ana, ben, cyd].map((connection) => connection.close()));
  await server.close();
});

describe.each<[string, () => OmeroConnection, () => { fileId: number; annotationId: number; image: number }, string]>([
  ["not there", () => ana, () => ({ fileId: MISSING, annotationId: MISSING, image: MISSING }), "NOT_FOUND"],
  ["not to be read by this user", () => cyd, () => ({ ...table, image: 1 }), "NOT_PERMITTED"],
])("what is %s is told so", (_, who, what, code) => {
  test.each<[string, (ids: { fileId: number; annotationId: number; image: number }) => Promise<unknown>]>([
    ["a table", ({ fileId }) => getTableSize({ connection: who(), fileId })],
    ["a table by its annotation", ({ annotationId }) => getTableHeaders({ connection: who(), annotationId })],
    ["a table's rows", ({ fileId }) => readArrow({ connection: who(), fileId })],
    ["a table to append to", ({ fileId }) => appendRows({ n: [1] }, { connection: who(), fileId })],
    ["a table to remove", ({ fileId }) => deleteTable({ connection: who(), fileId })],
    [
      "a file",
      ({ fileId }) => downloadFile({ connection: who(), fileId, targetPath: join(tmpdir(), "omero2frame-none") }),
    ],
    ["an object with files", ({ image }) => listFiles({ connection: who(), parentId: image })],
    ["an object to attach to", ({ image }) => uploadTable({ n: [1] }, "t", { connection: who(), parentId: image })],
  ])("%s", async (_name, call) => {
    await expect(call(what())).rejects.toMatchObject({ name: "TableError", code });
  });
});

test("a refused removal says why, in the server's words", async () => {
  const refused = deleteObjects(ben, { FileAnnotation: [table.annotationId] });
  await expect(refused).rejects.toMatchObject({
    code: "SERVER_FAILURE",
    message: expect.stringMatching(/refused ::omero::cmd::Delete2: not permitted to delete/),
  });
  expect(await getTableSize({ connection: ana, ...{ fileId: table.fileId } })).toEqual([2, 1]);
});

test("what is not there is passed over when the rest is removed", async () => {
  const { annotationId, fileId } = await uploadTable({ n: [1] }, "t", { connection: ana, parentId: 1 });
  await deleteObjects(ana, {
    FileAnnotation: [MISSING, annotationId],
    OriginalFile: [MISSING, fileId],
  });
  await expect(getTableSize({ connection: ana, fileId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await deleteObjects(ana, { FileAnnotation: [MISSING] });
});

test("what may not be read is not passed over", async () => {
  await expect(deleteObjects(cyd, { FileAnnotation: [table.annotationId] })).rejects.toMatchObject({
    code: expect.stringMatching(/NOT_PERMITTED|SERVER_FAILURE/),
  });
  expect(await getTableSize({ connection: ana, fileId: table.fileId })).toEqual([2, 1]);
});

test("a file is not attached to what may not be read", async () => {
  const attaching = uploadFile("package.json", { connection: cyd, parentId: 1 });
  await expect(attaching).rejects.toMatchObject({ code: "NOT_PERMITTED" });
});
