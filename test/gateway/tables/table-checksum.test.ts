/** Tables of this package carry a checksum on a server that notes one only where a file has a hasher. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { field } from "../../../src/columns/batch.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { findOriginalFile } from "../../../src/gateway/files/original-file.js";
import { newTable, openTable } from "../../../src/gateway/tables/open-table.js";
import { getTableHeaders } from "../../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { appendRows, setTableMetadata, updateRows, uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { batchOf } from "../../support/cells.js";

let server: OmeroServer;
let connection: OmeroConnection;
let onCall: (call: ServedCall) => void = () => {};

beforeAll(async () => {
  server = await startLabServer({ tables: "hdf5", beforeCall: (call) => onCall(call) });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
});

/** What the server has noted, and what is on its disk. */
async function checksums(fileId: number): Promise<{ noted: string | undefined; found: string }> {
  const { sha1 } = await findOriginalFile(connection, { fileId });
  const bytes = await readFile(join(server.directory, "files", String(fileId)));
  return { noted: sha1, found: createHash("sha1").update(bytes).digest("hex") };
}

async function expectChecksum(fileId: number): Promise<void> {
  const { noted, found } = await checksums(fileId);
  expect(noted).toBe(found);
}

/** A table as other clients leave it. */
async function plainTable(): Promise<number> {
  onCall = ({ operation }) => {
    if (operation === "saveObject") throw new Error("refused");
  };
  const table = await newTable(connection, "plain");
  await table.initialize([field("n", "Long")]);
  await table.addData(batchOf([field("n", "Long")], [[1n, 2n, 3n]]));
  await table.close();
  onCall = () => {};
  expect((await checksums(table.file.id)).noted).toBeUndefined();
  return table.file.id;
}

test("a table that was uploaded has one, and still after it was read", async () => {
  const { fileId } = await uploadTable({ n: [1, 2, 3] }, "sums", { connection, parentId: 1 });
  await expectChecksum(fileId);
  await using table = await openTable(connection, { fileId });
  await table.read([0], 0, 3);
  await table.close();
  await expectChecksum(fileId);
});

test("so has one without rows", async () => {
  const table = await newTable(connection, "empty");
  await table.initialize([field("n", "Long")]);
  await table.close();
  await expectChecksum(table.file.id);
});

test.each<[string, (fileId: number) => Promise<unknown>]>([
  ["appended to", (fileId) => appendRows({ n: [4] }, { connection, fileId })],
  ["changed", (fileId) => updateRows([{ n: 7 }], { connection, fileId, rows: [1] })],
  ["described", (fileId) => setTableMetadata({ note: "x" }, { connection, fileId })],
])("another's table has one once it was %s", async (_, write) => {
  const fileId = await plainTable();
  await write(fileId);
  await expectChecksum(fileId);
});

test("a table is written all the same where the server refuses to note one", async () => {
  const fileId = await plainTable();
  await using table = await openTable(connection, { fileId });
  expect((await table.read([0], 0, 3)).columns).toEqual([{ kind: "long", values: BigInt64Array.of(1n, 2n, 3n) }]);
});

test("headers show metadata that was just set, over and over, in JSON too", async () => {
  const { fileId } = await uploadTable({ n: [1] }, "described", { connection, parentId: 1 });
  for (let round = 0; round < 10; round++) {
    await setTableMetadata({ round, note: `round ${round}` }, { connection, fileId });
    const { metadata } = await getTableHeaders({ connection, fileId });
    expect(metadata.get("round")).toBe(BigInt(round));
    expect(JSON.parse(JSON.stringify(metadata))).toMatchObject({ round, note: `round ${round}`, __version: "2" });
  }
});
