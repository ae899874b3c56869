import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { field } from "../../src/batch.js";
import { emptyColumns, fromColumnBatch, toColumnBatch } from "../../src/connect/ice/columns.js";
import type { Column, Data, OriginalFile, Table } from "../../src/connect/ice/omero.js";
import { rbool, rdouble, rfloat, rint, rlong, rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { contentOf, TestClient } from "./client.js";
import { batchOf, EVERY_FIELD } from "./tables/batches.js";

const USERS = [
  { name: "user", password: "pass", groups: ["lab"] },
  { name: "reader", password: "r", groups: ["lab"] },
];
const FIELDS = [field("n", "Long"), field("s", "String", 7), field("a b", "Double"), field("image", "Image")];
const ROWS = Array.from({ length: 12 }, (_, row) => row);
const ALL = BigInt64Array.from(EVERY_FIELD.keys(), BigInt);
const NONE = new BigInt64Array(0);
const longs = (...values: number[]) => BigInt64Array.from(values, BigInt);
const columnsOf = (fields: typeof FIELDS | typeof EVERY_FIELD, seeds: readonly number[]) =>
  fromColumnBatch(batchOf(fields, seeds)) as readonly Column[];

describe.each(["memory", "hdf5"] as const)("Table kept in %s", (tables) => {
  let server: OmeroServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await startServer({ users: USERS, groups: [{ name: "lab", id: 5 }], tables });
    client = await TestClient.logIn(server);
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await server.close();
  });

  async function tableOf(fields: typeof FIELDS, seeds: readonly number[]): Promise<Table> {
    const table = await client.newTable("t.h5");
    await table.initialize(emptyColumns(fields) as readonly Column[]);
    if (seeds.length > 0) await table.addData(columnsOf(fields, seeds));
    return table;
  }

  const received = (data: Data | null) => toColumnBatch(data!.columns as never, data!.rowNumbers);

  it("gives every column type back as it came, by range, by rows and by both", async () => {
    const table = await tableOf([...EVERY_FIELD], ROWS);
    expect(await table.getNumberOfRows()).toBe(12n);
    expect(await table.getHeaders()).toEqual(emptyColumns(EVERY_FIELD));
    expect(received(await table.read(ALL, 0, 12))).toEqual(batchOf(EVERY_FIELD, ROWS));
    expect(received(await table.read(ALL, 3, 5)).columns).toEqual(batchOf(EVERY_FIELD, [3, 4]).columns);
    const picked = received(await table.slice(longs(13, 0), longs(11, 2, 2)));
    expect(picked.fields.map(({ name }) => name)).toEqual(["a Mask", "a File"]);
    expect(picked.columns).toEqual(batchOf([EVERY_FIELD[13]!, EVERY_FIELD[0]!], [11, 2, 2]).columns);
    expect(received(await table.readCoordinates(longs(1)))).toEqual({
      ...batchOf(EVERY_FIELD, [1]),
      rowNumbers: { start: 1, step: 1 },
    });
    expect(received(await table.slice(NONE, NONE))).toEqual(batchOf(EVERY_FIELD, ROWS));
    await table.close();
  });

  it("counts rows as Python does", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const rows = async (start: number, stop: number) =>
      [...(await table.read(longs(0), start, stop))!.rowNumbers].map(Number);
    expect(await rows(0, 0)).toEqual(ROWS);
    expect(await rows(10, 10_000)).toEqual([10, 11]);
    expect(await rows(-3, -1)).toEqual([9, 10]);
    expect(await rows(7, 3)).toEqual([]);
    expect(await rows(5, 0)).toEqual([]);
    const plain = (await table.read(longs(0), 2, 4, { context: { "omero.tables.include_row_numbers": "false" } }))!;
    expect([
      plain.rowNumbers.length,
      (plain.columns[0] as { data: { values: BigInt64Array } }).data.values.length,
    ]).toEqual([0, 2]);
    expect(Math.abs(Number(plain.lastModification) - Date.now())).toBeLessThan(60_000);
    await table.close();
  });

  it("finds rows by condition", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const where = async (
      condition: string,
      variables: Record<string, unknown>,
      start: number,
      stop: number,
      step: number,
    ) =>
      [...(await table.getWhereList(condition, new Map(Object.entries(variables)) as never, start, stop, step))].map(
        Number,
      );
    expect(await where("n > x", { x: rlong(8n * 1_234_567_890_123n) }, 0, 12, 1)).toEqual([9, 10, 11]);
    expect(await where("(c < 1) & (s == b'\\xc3\\xa4')", { c: rstring("a b") }, 0, 12, 0)).toEqual([1]);
    expect(await where("n > 0", {}, 0, 0, 3)).toEqual([3, 6, 9]);
    expect(await where("n > 0", {}, 0, -1, 5)).toEqual([5, 10]);
    expect(await where("n > 0", {}, 4, 0, 0)).toEqual([4]);
    for (const condition of ["", "n", "n >", "nothing > 1", "s > 1", "(n > 1"]) {
      await expect(where(condition, {}, 0, 12, 1)).rejects.toMatchObject({ code: "API_USAGE" });
    }
    await expect(where("n > 0", {}, 0, 12, -1)).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(where("n > 0", {}, 12, 0, 0)).rejects.toMatchObject({ code: "SERVER_FAILURE" });
    await expect(where("s == x", { x: rstring("no column") }, 0, 12, 1)).rejects.toMatchObject({ code: "API_USAGE" });
    await table.close();
  });

  it("refuses rows and columns that are not there", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const refused = [
      table.read(NONE, 0, 1),
      table.read(longs(4), 0, 1),
      table.read(longs(-1), 0, 1),
      table.slice(longs(0), longs(12)),
      table.slice(longs(0), BigInt64Array.of(2n ** 62n)),
      table.slice(longs(9), longs(0)),
      table.readCoordinates(NONE),
      table.readCoordinates(longs(-1)),
      table.addColumn(emptyColumns([field("x", "Long")])[0] as Column),
    ];
    for (const call of refused) await expect(call).rejects.toMatchObject({ code: "API_USAGE" });
    await table.close();
  });

  it("refuses columns that cannot be", async () => {
    const bad = [
      [],
      [field("", "Long")],
      [field("__x", "Long")],
      [field("a", "Long"), field("a", "Double")],
      [field("a/b", "Long")],
      [field("s", "String", 0)],
      [field("s", "String", -1)],
      [field("s", "LongArray", 0)],
    ];
    const table = await client.newTable();
    for (const fields of bad) {
      await expect(table.initialize(emptyColumns(fields) as readonly Column[])).rejects.toMatchObject({
        code: "API_USAGE",
      });
    }
    for (const call of [
      () => table.getHeaders(),
      () => table.getNumberOfRows(),
      () => table.getAllMetadata(),
      () => table.read(longs(0), 0, 0),
    ]) {
      await expect(call()).rejects.toThrow(/Not yet initialized/);
    }
    await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
    await expect(table.initialize(emptyColumns(FIELDS) as readonly Column[])).rejects.toThrow(/Already initialized/);
    await table.close();
  });

  it("refuses data that does not fit, and keeps none of it", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const columns = () => columnsOf(FIELDS, [1]) as unknown as { name: string; data: unknown; iceId: string }[];
    const long = columns();
    long[1]!.data = { kind: "string", offsets: Int32Array.of(0, 8), bytes: new TextEncoder().encode("äaaabbb") };
    const uneven = columns();
    uneven[0]!.data = { kind: "long", values: longs(1, 2) };
    const renamed = columns();
    renamed[0]!.name = "m";
    const retyped = columns();
    retyped[2] = {
      ...retyped[2]!,
      iceId: "::omero::grid::BoolColumn",
      data: { kind: "bool", values: Uint8Array.of(1) },
    };
    for (const data of [long, uneven, renamed, retyped, columns().slice(1), columns().reverse()]) {
      await expect(table.addData(data as never)).rejects.toMatchObject({ code: "VALIDATION" });
    }
    await table.addData([]);
    expect(await table.getNumberOfRows()).toBe(12n);
    await table.close();
  });

  it("changes cells", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const update = (rows: BigInt64Array, columns: readonly unknown[]) =>
      table.update({
        iceId: "::omero::grid::Data",
        lastModification: 0n,
        rowNumbers: rows,
        columns,
      } as unknown as Data);
    await update(longs(3, 0), columnsOf([FIELDS[1]!, FIELDS[0]!], [4, 2]));
    const seeds = [2, 1, 2, 4, ...ROWS.slice(4)];
    expect(received(await table.read(longs(0, 1), 0, 0)).columns).toEqual(batchOf(FIELDS.slice(0, 2), seeds).columns);
    expect(received(await table.read(longs(2, 3), 0, 0)).columns).toEqual(batchOf(FIELDS.slice(2), ROWS).columns);
    await expect(update(NONE, [])).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(update(longs(12), columnsOf([FIELDS[0]!], [1]))).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(update(longs(1), columnsOf([field("x", "Long")], [1]))).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(update(longs(1), columnsOf([FIELDS[0]!], [1, 2]))).rejects.toMatchObject({ code: "VALIDATION" });
    await table.update(null);
    await table.close();
  });

  it("keeps metadata", async () => {
    const table = await tableOf(FIELDS, []);
    await table.setMetadata("long", rlong(2n ** 60n));
    await table.setMetadata("int", rint(-3));
    await table.setMetadata("float", rfloat(1.5));
    await table.setMetadata("text", rstring("ä"));
    const all = await table.getAllMetadata();
    expect(Object.fromEntries(all)).toMatchObject({
      __version: rstring("2"),
      __initialized: { iceId: "::omero::RFloat" },
      long: rlong(2n ** 60n),
      int: rlong(-3),
      float: rfloat(1.5),
      text: rstring("ä"),
    });
    expect(await table.getMetadata("int")).toEqual(rlong(-3));
    expect(await table.getMetadata("none")).toBeNull();
    await expect(table.setMetadata("__version", rstring("3"))).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(table.setMetadata("", rlong(1))).rejects.toMatchObject({ code: "API_USAGE" });
    for (const value of [rdouble(1), rbool(true), null]) {
      await expect(table.setMetadata("x", value)).rejects.toMatchObject({ code: "VALIDATION" });
    }
    await table.setAllMetadata(new Map([["only", rlong(1)]]));
    expect([...(await table.getAllMetadata()).keys()].sort()).toEqual(["__initialized", "__version", "only"]);
    await table.close();
  });

  it("tells other handles that it has changed", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const file = (await table.getOriginalFile())!;
    const other = await client.openTable(file);
    expect(received(await other.read(longs(0), 0, 1)).rowCount).toBe(1);
    await table.addData(columnsOf(FIELDS, [1]));
    expect(await other.getNumberOfRows()).toBe(13n);
    await expect(other.read(longs(0), 0, 1)).rejects.toMatchObject({ code: "OPTIMISTIC_LOCK" });
    await expect(other.getWhereList("n > 0", new Map(), 0, 13, 1)).rejects.toMatchObject({ code: "OPTIMISTIC_LOCK" });
    expect(received(await table.read(longs(0), 0, 0)).rowCount).toBe(13);
    await other.addData(columnsOf(FIELDS, [2]));
    await expect(other.read(longs(0), 0, 1)).rejects.toMatchObject({ code: "OPTIMISTIC_LOCK" });
    await other.close();
    const again = await client.openTable(file);
    expect(received(await again.read(longs(0), 12, 14)).columns).toEqual(batchOf([FIELDS[0]!], [1, 2]).columns);
    await again.close();
    await table.close();
  });

  it("does everything asked at once, one after the other", async () => {
    const table = await tableOf(FIELDS, []);
    const portions = Array.from({ length: 20 }, (_, portion) => [portion, portion + 1, portion + 2]);
    const reads = portions.flatMap((seeds) => [table.addData(columnsOf(FIELDS, seeds)), table.getNumberOfRows()]);
    const counts = (await Promise.all(reads)).filter((result) => typeof result === "bigint");
    expect(counts).toEqual(portions.map((_, index) => BigInt(3 * (index + 1))));
    expect(received(await table.read(longs(0, 1, 2, 3), 0, 0)).columns).toEqual(
      batchOf(FIELDS, portions.flat()).columns,
    );
    await table.close();
  });

  it("can be read and not written by others in a read-only group", async () => {
    const table = await tableOf(FIELDS, ROWS);
    const file = (await table.getOriginalFile())!;
    await table.close();
    await using reader = await TestClient.logIn(server, { user: "reader", password: "r" });
    const theirs = await reader.openTable(file.id!.val);
    expect(received(await theirs.read(longs(0), 0, 0)).rowCount).toBe(12);
    const writes = [
      () => theirs.addData(columnsOf(FIELDS, [1])),
      () => theirs.update(null),
      () => theirs.setMetadata("a", rlong(1)),
      () => theirs.setAllMetadata(new Map()),
      () => theirs.initialize([]),
      () => theirs.delete(),
    ];
    for (const write of writes) await expect(write()).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    await theirs.close();
  });

  it("is gone when deleted, its file and handles too", async () => {
    const before = await server.contents();
    const table = await tableOf(FIELDS, ROWS);
    const file = (await table.getOriginalFile())!;
    const other = await client.openTable(file);
    await table.delete();
    await expect(table.getNumberOfRows()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    await expect(other.getNumberOfRows()).rejects.toThrow();
    await other.close();
    await expect(client.openTable(file.id!.val)).rejects.toMatchObject({ code: "VALIDATION" });
    const after = await server.contents();
    expect([after.files, after.tables, after.contentFiles, after.openTables]).toEqual([
      before.files,
      before.tables,
      before.contentFiles,
      before.openTables,
    ]);
  });

  it("is closed with its session", async () => {
    const hasty = await TestClient.logIn(server);
    const table = await hasty.newTable("left open");
    await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
    await table.addData(columnsOf(FIELDS, ROWS));
    const id = (await table.getOriginalFile())!.id!.val;
    expect((await server.contents()).openTables.get(id)).toBe(1);
    await hasty.ice.destroy();
    await expect.poll(async () => (await server.contents()).openTables.get(id)).toBeUndefined();
    const again = await client.openTable(id);
    expect(await again.getNumberOfRows()).toBe(12n);
    await again.close();
  });

  if (tables === "hdf5") {
    it("notes size and SHA-1 of its file on close, and on the next", async () => {
      const table = await tableOf(FIELDS, ROWS);
      const opened = (await table.getOriginalFile())!;
      expect([opened.size, opened.hash, opened.mimetype, opened.name].map(contentOf)).toEqual([
        0n,
        "UNKNOWN",
        "OMERO.tables",
        "t.h5",
      ]);
      const other = await client.openTable(opened);
      await table.close();
      const described = await contentAndNotes(opened.id!.val);
      expect(described.saved).toEqual(described.actual);
      expect(await other.getNumberOfRows()).toBe(12n);
      await other.addData(columnsOf(FIELDS, ROWS));
      await other.close();
      const again = await contentAndNotes(opened.id!.val);
      expect(again.saved).toEqual(again.actual);
      expect(again.saved).not.toEqual(described.saved);
      await expect(other.getNumberOfRows()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    });

    async function contentAndNotes(id: bigint) {
      const file = (await (await client.query()).get("OriginalFile", id)) as OriginalFile;
      const store = await client.rawFileStore();
      await store.setFileId(id);
      const bytes = await store.read(0, Number(await store.size()));
      await store.close();
      return {
        saved: [contentOf(file.size), contentOf(file.hash)],
        actual: [BigInt(bytes.length), createHash("sha1").update(bytes).digest("hex")],
      };
    }

    it("refuses a file that holds something else", async () => {
      const update = await client.update();
      const file = (await update.saveAndReturnObject({
        iceId: "::omero::model::OriginalFile",
        name: rstring("a.csv"),
      } as OriginalFile))!;
      const store = await client.rawFileStore();
      await store.setFileId(file.id!.val);
      await store.write(new TextEncoder().encode("a,b\n1,2\n"), 0, 8);
      await store.close();
      const refused = await client.openTable(file.id!.val).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "VALIDATION" });
      expect(String(refused)).not.toContain(server.directory);
      expect((await server.contents()).openTables.size).toBe(0);
    });
  }
});
