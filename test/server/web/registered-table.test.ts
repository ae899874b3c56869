/** A registered array as a table: read in every way, never changed, there again after a restart. */
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { emptyColumns } from "../../../src/connect/ice/codec/columns/columns.js";
import type { OriginalFile } from "../../../src/connect/ice/schema/omero.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { openTable } from "../../../src/gateway/tables/open-table.js";
import { downloadTable, getTableHeaders, readArrow, readBatches, readTileDBArrow } from "../../../src/read/index.js";
import { rstring } from "../../../src/rtypes.js";
import type { ServerOptions } from "../../../src/server/index.js";
import { createTileDB, deleteTable } from "../../../src/write/index.js";
import { contentOf, TestClient } from "../client.js";
import { ArrayLab, type Registered } from "./array-lab.js";

const ROWS = Array.from({ length: 12_345 }, (_, row) => ({
  n: row % 7 === 0 ? -(2 ** 40) - row : row,
  "a b": row % 5 === 0 ? Number.NaN : row / 8,
  class: ["Zelle ä", "", "stroma 🙂"][row % 3]!,
  good: row % 2 === 0,
}));

let lab: ArrayLab;
let ana: OmeroConnection;
let uri: string;
let registered: Registered;
beforeAll(async () => {
  lab = await ArrayLab.start();
  ana = await lab.connect();
  ({ uri, registered } = await registerRows(lab, ana, ROWS));
});
afterAll(async () => {
  await ana.close();
  await lab[Symbol.asyncDispose]();
});

async function registerRows(to: ArrayLab, by: OmeroConnection, rows: readonly Record<string, unknown>[]) {
  const { uri, token } = await to.array(rows);
  const body = { uri, name: "table", targets: ["Image:1"] };
  const { status, data } = await to.web.register(by.session.uuid, token, body);
  expect(status).toBe(200);
  return { uri, token, registered: data as Registered };
}

const cells = (table: { toArray(): unknown[] }) => table.toArray().map((row) => ({ ...(row as object) }));

describe("is read", () => {
  it("whole, equal to its source", async () => {
    const table = await readArrow({ connection: ana, annotationId: registered.file_annotation });
    expect(cells(table)).toEqual(ROWS.map((row) => ({ ...row, n: BigInt(row.n) })));
    expect(cells(table)).toEqual(cells(await readTileDBArrow(uri)));
  });

  it("by conditions, with variables", async () => {
    const source = { connection: ana, fileId: registered.file };
    const found = await readArrow({ ...source, query: "(n < 0) & (class == 'Zelle ä') & good" });
    const expected = ROWS.filter(({ n, good, class: name }) => n < 0 && name === "Zelle ä" && good);
    expect(expected.length).toBeGreaterThan(100);
    expect(cells(found)).toEqual(expected.map((row) => ({ ...row, n: BigInt(row.n) })));
    const byVariable = await readArrow({
      ...source,
      query: "x >= 1500",
      variables: { x: "a b" },
      columnNames: ["a b"],
    });
    expect(byVariable.numRows).toBe(ROWS.filter((row) => row["a b"] >= 1500).length);
    await expect(readArrow({ ...source, query: "nothing > 1" })).rejects.toMatchObject({ name: "ConditionError" });
  });

  it("by rows and columns", async () => {
    const rows = [12_344, 0, 9_999, 10_000, 0];
    const table = await readArrow({ connection: ana, fileId: registered.file, rows, columnNames: ["class", "n"] });
    expect(cells(table).map((row) => (row as { class: string }).class)).toEqual(rows.map((row) => ROWS[row]!.class));
    let count = 0;
    for await (const batch of readBatches({ connection: ana, fileId: registered.file, chunkSize: 1000 })) {
      count += batch.rowCount;
    }
    expect(count).toBe(ROWS.length);
  });

  it("with its metadata, the secret token left out", async () => {
    const { metadata, columns, rowCount } = await getTableHeaders({ connection: ana, fileId: registered.file });
    expect(metadata.get("__version")).toBe("3");
    expect(metadata.get("__initialized")).toBeGreaterThan(1e9);
    expect([...metadata.keys()].filter((key) => /token/i.test(key))).toEqual([]);
    expect(rowCount).toBe(ROWS.length);
    expect(columns.map(({ name, type, size }) => [name, type, size])).toEqual([
      ["n", "Long", 1],
      ["a b", "Double", 1],
      ["class", "String", Buffer.byteLength("stroma 🙂")],
      ["good", "Bool", 1],
    ]);
  });

  it("into a CSV", async () => {
    const target = join(lab.folder, "table.csv");
    await downloadTable({ connection: ana, fileId: registered.file, targetPath: target });
    expect((await readFile(target, "utf8")).split("\n")[2]).toBe("1,1,0.125,,False");
  });

  it("with no rows, and with text that is all empty", async () => {
    const none = await registerRows(lab, ana, [{ text: "", n: 1 }]);
    const table = await readArrow({ connection: ana, fileId: none.registered.file, query: "text == ''" });
    expect(cells(table)).toEqual([{ text: "", n: 1n }]);
  });

  it("by whoever may read the group, and nobody else", async () => {
    const ben = await lab.connect("ben");
    expect((await readArrow({ connection: ben, fileId: registered.file, rows: [1] })).numRows).toBe(1);
    await ben.close();
    const cyd = await lab.connect("cyd");
    await expect(readArrow({ connection: cyd, fileId: registered.file })).rejects.toMatchObject({
      code: "NOT_PERMITTED",
    });
    await cyd.close();
  });
});

describe("is never changed", () => {
  const securityViolation = { code: "SECURITY_VIOLATION" };
  const batch = emptyColumns([field("n", "Long")]) as never;

  it("by operations of the table", async () => {
    const before = await readdir(uri, { recursive: true });
    await using client = await TestClient.logIn(lab.server, { user: "ana", password: "pass-ana" });
    const table = await client.openTable(BigInt(registered.file));
    const changes = [
      () => table.initialize(batch),
      () => table.addColumn(null as never),
      () => table.addData(batch),
      () => table.update({ lastModification: 0n, rowNumbers: new BigInt64Array(0), columns: batch } as never),
      () => table.setMetadata("key", rstring("value") as never),
      () => table.setAllMetadata(new Map()),
      () => table.delete(),
    ];
    for (const change of changes) await expect(change()).rejects.toMatchObject(securityViolation);
    expect(await table.getNumberOfRows()).toBe(BigInt(ROWS.length));
    await table.close();
    expect(await readdir(uri, { recursive: true })).toEqual(before);
  });

  it("by writing its file, nor read through it", async () => {
    await using client = await TestClient.logIn(lab.server, { user: "ana", password: "pass-ana" });
    const { registered: own } = await registerRows(lab, ana, [{ n: 5 }]);
    const store = await client.rawFileStore();
    await store.setFileId(BigInt(own.file));
    expect(await store.size()).toBe(0n);
    await store.write(Uint8Array.of(1, 2, 3), 0n, 3);
    await store.close();
    expect(cells(await readArrow({ connection: ana, fileId: own.file }))).toEqual([{ n: 5n }]);
  });

  it("but its OriginalFile, which stays registered and does not lead elsewhere", async () => {
    await using client = await TestClient.logIn(lab.server, { user: "ana", password: "pass-ana" });
    const { registered: own } = await registerRows(lab, ana, [{ n: 6 }]);
    const query = await client.query();
    const file = (await query.get("OriginalFile", BigInt(own.file))) as OriginalFile & { array?: string };
    expect(contentOf(file.path)).toMatch(/\.tiledb$/);
    expect(file.array).toBeUndefined();
    const renamed = { ...file, array: uri, path: rstring(uri), name: rstring("renamed") };
    await (await client.update()).saveObject(renamed as never);
    expect(cells(await readArrow({ connection: ana, fileId: own.file }))).toEqual([{ n: 6n }]);
  });

  it("and a file that only says it is an array is none", async () => {
    await using client = await TestClient.logIn(lab.server, { user: "ana", password: "pass-ana" });
    const forged = {
      iceId: "::omero::model::OriginalFile",
      loaded: true,
      name: rstring("forged"),
      path: rstring(uri),
      array: uri,
      mimetype: rstring("OMERO.tables"),
    };
    const saved = await (await client.update()).saveAndReturnObject(forged as never);
    const id = (saved as unknown as OriginalFile).id!.val;
    await expect(readArrow({ connection: ana, fileId: id })).rejects.toMatchObject({ code: "NOT_INITIALIZED" });
  });
});

it("goes with its file; the array stays", async () => {
  const own = await registerRows(lab, ana, [{ n: 7 }]);
  await deleteTable({ connection: ana, annotationId: own.registered.file_annotation });
  const { files, annotations } = await lab.server.contents();
  expect(files.map(({ id }) => id)).not.toContain(own.registered.file);
  expect(annotations.map(({ id }) => id)).not.toContain(own.registered.file_annotation);
  expect(cells(await readTileDBArrow(own.uri))).toEqual([{ n: 7n }]);
});

it("is a clear error where the array is gone, and a table again where it is back", async () => {
  const own = await registerRows(lab, ana, [{ n: 8 }]);
  const source = { connection: ana, fileId: own.registered.file };
  await rename(own.uri, `${own.uri}.away`);
  await expect(openTable(ana, { fileId: own.registered.file })).rejects.toThrow(
    `The TileDB array registered as OriginalFile ${own.registered.file} is not in the server's folders of arrays any more`,
  );
  await expect(readArrow(source)).rejects.toThrow(/put it back, or delete the file/);
  await rename(`${own.uri}.away`, own.uri);
  expect(cells(await readArrow(source))).toEqual([{ n: 8n }]);
  await rm(join(own.uri, "__fragments"), { recursive: true });
  await expect(readArrow(source)).rejects.toThrow(/cannot be read: .* is missing/);
  await expect(readArrow(source)).rejects.not.toThrow(lab.folder);
  expect((await lab.server.contents()).openTables.size).toBe(0);
});

it("is not another array that came to its place", async () => {
  const own = await registerRows(lab, ana, [{ n: 1 }]);
  const source = { connection: ana, fileId: own.registered.file };
  expect(cells(await readArrow(source))).toEqual([{ n: 1n }]);
  const token = await createTileDB([{ n: 2 }], own.uri, { overwrite: true });
  await expect(readArrow(source)).rejects.toThrow(/was replaced by one with another secret token/);
  const body = { uri: own.uri, name: "again", targets: ["Image:1"] };
  const { data } = await lab.web.register(ana.session.uuid, token, body);
  const again = { connection: ana, fileId: (data as Registered).file };
  expect(cells(await readArrow(again))).toEqual([{ n: 2n }]);
});

it("is as it was when it was opened, until it is opened again", async () => {
  const own = await registerRows(lab, ana, [{ n: 1 }]);
  const table = await openTable(ana, { fileId: own.registered.file });
  await rename(own.uri, `${own.uri}.away`);
  await expect(table.read([0], 0, 1)).rejects.toThrow(/cannot be read: /);
  await rename(`${own.uri}.away`, own.uri);
  expect((await table.read([0], 0, 1)).rowCount).toBe(1);
  await table.close();
});

describe("after a restart", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "restarted-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const restarted = async (kept: ArrayLab, options: ServerOptions) => {
    await kept.server.close();
    await kept.startServer({ directory, ...options });
    return kept.connect();
  };

  it.each(["hdf5", "memory"] as const)("it is read as before, beside tables in %s", async (tables) => {
    await using kept = await ArrayLab.start({ directory, tables });
    const first = await kept.connect();
    const own = await registerRows(kept, first, [{ n: 9, s: "x" }]);
    await first.close();
    const source = { fileId: own.registered.file, query: "n == 9" };
    const again = await restarted(kept, { tables });
    expect(cells(await readArrow({ connection: again, ...source }))).toEqual([{ n: 9n, s: "x" }]);
    await again.close();
    const elsewhere = await restarted(kept, { tables, web: false });
    await expect(readArrow({ connection: elsewhere, ...source })).rejects.toThrow(/not in the server's folders/);
    await elsewhere.close();
  });

  it("its file has no content of its own", async () => {
    await using kept = await ArrayLab.start();
    const own = await kept.connect();
    await registerRows(kept, own, [{ n: 1 }]);
    expect((await kept.server.contents()).contentFiles).toEqual([]);
    await own.close();
  });
});
