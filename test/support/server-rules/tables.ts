/** Tables have no checksum unless they are given a hasher. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import { emptyColumns, fromColumnBatch, toColumnBatch } from "../../../src/connect/ice/codec/columns/columns.js";
import type { Column, Data, OriginalFile, Table } from "../../../src/connect/ice/schema/omero.js";
import { openHdf5Table } from "../../../src/formats/hdf5/index.js";
import { contentOf, type TestClient } from "../../server/client.js";
import { batchOf, cellsOf } from "../cells.js";
import {
  checksumAlgorithm,
  failureOf,
  idOf,
  logIn,
  newFile,
  originalFile,
  type ServerUnderTest,
} from "./ruled-server.js";

const FIELDS = [field("n", "Long"), field("text", "String", 8), field("x", "Double")];
const ALL = BigInt64Array.of(0n, 1n, 2n);

const rows = (...seeds: bigint[]) =>
  batchOf(FIELDS, [seeds, seeds.map((seed) => `row ${seed}`), seeds.map((seed) => Number(seed) / 3)]);

export function describeTables(serverUnderTest: ServerUnderTest): void {
  it("a table made by the service has a size, but neither hash nor hasher", async () => {
    await using client = await logIn(serverUnderTest());
    const id = await storeTable(client);
    const file = await originalFile(client, id);
    expect([file.hash, file.hasher]).toEqual([null, null]);
    expect(contentOf(file.size)).toBe(BigInt((await fileBytes(client, id)).length));
  });

  it("a hasher set before closing has the SHA-1 noted at close, again after rows were added, and reading keeps it", async () => {
    await using client = await logIn(serverUnderTest());
    const id = await storeTable(client, (file) => setHasher(client, file));
    expect(await notedHash(client, id)).toBe(sha1(await fileBytes(client, id)));
    const reader = await client.openTable(id);
    await reader.read(ALL, 0, 1);
    await reader.close();
    const before = await notedHash(client, id);
    await addRows(client, id, 7n);
    const after = await fileBytes(client, id);
    expect(await notedHash(client, id)).toBe(sha1(after));
    expect(sha1(after)).not.toBe(before);
  });

  it("a hasher set later takes effect when the table is closed after the next write", async () => {
    await using client = await logIn(serverUnderTest());
    const id = await storeTable(client);
    await setHasher(client, id);
    await (await client.openTable(id)).close();
    expect(await notedHash(client, id)).toBeNull();
    await addRows(client, id, 9n);
    expect(await notedHash(client, id)).toBe(sha1(await fileBytes(client, id)));
  });

  it("the file at rest holds what the service answers", async () => {
    await using client = await logIn(serverUnderTest());
    const id = await storeTable(client);
    const table = await client.openTable(id);
    const answered = received(await table.read(ALL, 0, 3));
    await table.close();
    const stored = await decoded(await fileBytes(client, id));
    expect(cellsOf(stored)).toEqual(cellsOf(answered));
  });

  it("a table others wrote to meanwhile is read and updated on, and says it was modified when it was", async () => {
    await using client = await logIn(serverUnderTest());
    const id = await storeTable(client);
    const [reader, writer] = [await client.openTable(id), await client.openTable(id)];
    const before = (await reader.read(ALL, 0, 1))!;
    await writer.addData(sent(rows(5n)));
    const after = (await reader.read(ALL, 0, 4))!;
    expect(after.lastModification).toBe(before.lastModification);
    expect(after.columns[0]).toMatchObject({ data: { values: BigInt64Array.of(1n, 2n, 3n, 5n) } });
    await reader.update({ ...before, columns: sent(rows(6n)), rowNumbers: BigInt64Array.of(0n) });
    expect(received(await writer.read(ALL, 0, 1)).columns[0]).toMatchObject({ values: BigInt64Array.of(6n) });
    await reader.close();
    await writer.close();
  });

  it("rows are taken whatever their columns are called: types and widths count", async () => {
    await using client = await logIn(serverUnderTest());
    const table = await client.newTable("renamed");
    await table.initialize(headers());
    const renamed = FIELDS.map((own, index) => ({ ...own, name: `other ${index}` }));
    await table.addData(sent({ ...rows(4n), fields: renamed }));
    expect(received(await table.read(ALL, 0, 1)).fields.map(({ name }) => name)).toEqual(["n", "text", "x"]);
    const wide = { ...FIELDS[1]!, name: "wide" };
    const tooWide = batchOf([FIELDS[0]!, wide, FIELDS[2]!], [[1n], ["longer than eight"], [0.5]]);
    expect(await failureOf(table.addData(sent(tooWide)))).toMatchObject({ name: "ServerError" });
    await table.close();
  });

  it("what is no table cannot be opened: a null table is told as an internal failure", async () => {
    await using client = await logIn(serverUnderTest());
    const { id, store } = await newFile(client);
    await store.write(Buffer.from("no table"), 0, 8);
    await store.close();
    const failure = await failureOf(client.openTable(id));
    expect(failure).toMatchObject({ serverException: "::omero::InternalException" });
    expect(failure.message).toContain("null table as argument");
  });
}

const headers = () => emptyColumns(FIELDS) as readonly Column[];
const sent = (batch: ColumnBatch) => fromColumnBatch(batch) as readonly Column[];
const received = (data: Data | null) => toColumnBatch(data!.columns as never, data!.rowNumbers);
const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("hex");

/** Three rows in a new table; `beforeClose` is told its file. */
async function storeTable(
  client: TestClient,
  beforeClose: (file: bigint, table: Table) => Promise<void> = async () => {},
): Promise<bigint> {
  const table = await client.newTable("a table");
  await table.initialize(headers());
  await table.addData(sent(rows(1n, 2n, 3n)));
  const id = idOf(await table.getOriginalFile());
  await beforeClose(id, table);
  await table.close();
  return id;
}

async function addRows(client: TestClient, id: bigint, ...seeds: bigint[]): Promise<void> {
  const table = await client.openTable(id);
  await table.addData(sent(rows(...seeds)));
  await table.close();
}

async function setHasher(client: TestClient, id: bigint): Promise<void> {
  const file = await originalFile(client, id);
  await (await client.update()).saveObject({ ...file, hasher: checksumAlgorithm("SHA1-160") } as OriginalFile);
}

async function notedHash(client: TestClient, id: bigint): Promise<unknown> {
  return contentOf((await originalFile(client, id)).hash);
}

async function fileBytes(client: TestClient, id: bigint): Promise<Uint8Array> {
  const store = await client.rawFileStore();
  await store.setFileId(id);
  const bytes = await store.read(0, Number(await store.size()));
  await store.close();
  return bytes;
}

async function decoded(bytes: Uint8Array): Promise<ColumnBatch> {
  const folder = await mkdtemp(join(tmpdir(), "omero2frame-rules-"));
  try {
    await writeFile(join(folder, "table.h5"), bytes);
    await using table = await openHdf5Table(join(folder, "table.h5"));
    return await table.read([0, 1, 2], 0, 3);
  } finally {
    await rm(folder, { recursive: true });
  }
}
