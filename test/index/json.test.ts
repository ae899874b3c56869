/** What functions say, besides the cells of tables, can be written as JSON, with ids as numbers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as api from "../../src/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { openStore } from "../../src/store/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";

let server: OmeroServer;
let connection: api.OmeroConnection;
let folder: string;
let table: { readonly fileId: number; readonly annotationId: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "json-"));
  server = await startLabServer();
  connection = await connectPlain(server);
  const metadata = { count: 3, share: 0.5, note: "ä" };
  table = await api.uploadTable({ image: [1, 2], n: [3n, 4n] }, "cells", { connection, parentId: 1, metadata });
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What JSON makes of a result; a Map that it would show as an empty object is a failure. */
function inJson(result: unknown): unknown {
  expect(silentMaps(result)).toEqual([]);
  return JSON.parse(JSON.stringify(result));
}

function silentMaps(value: unknown, path = "result"): string[] {
  if (typeof value !== "object" || value === null || "toJSON" in value) return [];
  if (value instanceof Map || value instanceof Set) return [path];
  return Object.entries(value).flatMap(([name, part]) => silentMaps(part, `${path}.${name}`));
}

const id = expect.any(Number);

test("a connection, its session, user, groups", async () => {
  expect(inJson(connection)).toEqual({
    server: `tcp://127.0.0.1:${server.port}`,
    userName: "ana",
    groupId: connection.groupId,
    state: "connected",
  });
  for (const session of [connection.session, await connection.getSessionInfo()]) {
    expect(inJson(session)).toMatchObject({ userId: id, groupId: id, memberOfGroups: expect.arrayContaining([id]) });
  }
  expect(inJson(connection.server)).toMatchObject({ port: server.port });
  expect(inJson(await connection.getUser())).toMatchObject({ id: connection.session.userId, userName: "ana" });
  expect(inJson(await connection.getGroups())).toMatchObject([{ id: connection.groupId, name: "lab" }, { id }]);
  expect(inJson(await connection.getAdministrators())).toMatchObject([{ id: 0 }]);
});

test("an uploaded table, and what is asked of it", async () => {
  expect(inJson(table)).toEqual({ fileId: id, annotationId: id, rowCount: 2 });
  const source = { connection, fileId: table.fileId };
  expect(inJson(await api.getTableSize(source))).toEqual([2, 2]);
  expect(inJson(await api.getTableColumns(source))).toEqual(["image", "n"]);
  const metadata = expect.objectContaining({ count: 3, share: 0.5, note: "ä" });
  expect(inJson(await api.getTableHeaders(source))).toMatchObject({ rowCount: 2, metadata });
  expect(inJson(await api.getTableMetadata(source))).toEqual(metadata);
  await using opened = await api.openTable(connection, { fileId: table.fileId });
  expect(inJson(opened.file)).toMatchObject({ id: table.fileId, groupId: connection.groupId });
  expect(inJson(opened.fields)).toMatchObject([{ name: "image" }, { name: "n" }]);
  expect(inJson(await opened.getAllMetadata())).toEqual(metadata);
  expect(inJson(await opened.readHeaders())).toMatchObject({ rowCount: 2 });
  await using fresh = await api.newTable(connection, "fresh");
  expect(inJson(fresh.file)).toMatchObject({ id });
});

test("rows changed, files made", async () => {
  const source = { connection, fileId: table.fileId };
  expect(inJson(await api.appendRows([{ image: 3, n: 5 }], source))).toEqual({ firstRow: 2, rowCount: 1 });
  expect(inJson(await api.updateRows({ n: 6 }, { ...source, rows: [2] }))).toMatchObject({ rowCount: 1 });
  expect(inJson(await api.downloadTable({ ...source, targetPath: join(folder, "cells.csv") }))).toBe(3);
  expect(inJson(await api.createTileDB({ n: [1] }, join(folder, "cells.tiledb")))).toEqual(expect.any(String));
});

test("attached files", async () => {
  const path = join(folder, "notes.csv");
  await writeFile(path, "a,b\n1,2\n");
  const uploaded = await api.uploadFile(path, { connection, parentId: 1 });
  expect(inJson(uploaded)).toMatchObject({ fileId: id, annotationId: id, size: 8 });
  const files = await api.listFiles({ connection, parentId: 1 });
  expect(inJson(files)).toMatchObject([{ fileId: table.fileId }, { fileId: uploaded.fileId }]);
  const { fileId } = uploaded;
  expect(inJson(await api.downloadFile({ connection, fileId, targetPath: join(folder, "copy") }))).toBe(8);
  expect(inJson(await api.downloadCsv({ connection, fileId, targetPath: join(folder, "copy.csv") }))).toBe(8);
});

test("errors", async () => {
  const error = await api.getTableSize({ connection, fileId: 2n ** 40n }).catch((failure) => failure);
  expect(inJson(error)).toMatchObject({ code: "NOT_FOUND", fileId: 2 ** 40 });
});

test("what an embedded server holds", async () => {
  await using opened = await api.openTable(connection, { fileId: table.fileId });
  const contents = inJson(await server.contents()) as Record<string, unknown>;
  expect(contents).toMatchObject({
    files: expect.arrayContaining([expect.objectContaining({ id: table.fileId, owner: id, group: id, size: id })]),
    annotations: expect.arrayContaining([expect.objectContaining({ id: table.annotationId, fileId: table.fileId })]),
    links: expect.arrayContaining([expect.objectContaining({ parent: { type: "Image", id: 1 } })]),
    tables: expect.arrayContaining([opened.file.id]),
    openTables: { [table.fileId]: 1 },
    sessions: [{ id, group: connection.groupId }],
  });
});

test("what a store holds", async () => {
  await using store = await openStore(join(folder, "store"));
  const dictionary = store.open("results");
  await dictionary.setImage(0, { data: new Float32Array(4), shape: [2, 2], header: { note: "x" } });
  await dictionary.set("wide", 2n ** 60n);
  const summaries = [];
  for await (const summary of dictionary.summaries()) summaries.push(summary);
  expect(inJson(summaries)).toMatchObject([{ key: 0, kind: "image" }, { key: "wide" }]);
  expect(inJson(await dictionary.getHeader(0))).toMatchObject({ nx: 2, note: "x" });
  expect(inJson(store.names())).toEqual(["results"]);
});
