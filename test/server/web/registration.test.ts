/** Registers arrays with the server's web address, and reads them back as tables. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { readArrow } from "../../../src/read/index.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { createTileDB, registerTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

let folder: string;
let server: OmeroServer;
let connection: OmeroConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "arrays-"));
  server = await startLabServer({ web: { arrays: folder } });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
  await rm(folder, { recursive: true });
});

it("makes a table of an array that can be searched", async () => {
  const array = join(folder, "cells.tiledb");
  const source = [
    { area: 1.5, class: "tumour ä", good: true, n: 2 ** 40 },
    { area: Number.NaN, class: "", good: false, n: -1 },
    { area: 3, class: "stroma", good: true, n: 0 },
  ];
  const token = await createTileDB(source, array);
  const annotationId = await registerTable(connection, array, {
    tableName: "cells",
    token,
    links: [["Image", 1]],
    server: server.web!.url,
  });
  const found = await readArrow({ connection, annotationId, query: "(n >= 0) & (class != '')" });
  expect(found.toArray().map((row) => row?.toJSON())).toEqual([
    { area: 1.5, class: "tumour ä", good: true, n: 2n ** 40n },
    { area: 3, class: "stroma", good: true, n: 0n },
  ]);
});
