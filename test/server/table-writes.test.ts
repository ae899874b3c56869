import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import type { Data, OriginalFile } from "../../src/connect/ice/schema/omero.js";
import { rbool, rdouble, rfloat, rint, rlong, rstring } from "../../src/rtypes.js";
import { contentOf } from "./client.js";
import { columnsOf, FIELDS, headers, longs, NONE, ROWS, received, TableFixture } from "./table-fixture.js";
import { batchOf } from "./tables/batches.js";

describe.each(["memory", "hdf5"] as const)("Writing tables kept in %s", (tables) => {
  let fixture: TableFixture;
  beforeAll(async () => {
    fixture = await TableFixture.start(tables);
  });
  afterAll(() => fixture?.close());

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
    const table = await fixture.client.newTable();
    for (const fields of bad) {
      await expect(table.initialize(headers(fields))).rejects.toMatchObject({
        code: "API_USAGE",
      });
    }
    // What PyTables cannot hold, omero-py's servants call an internal failure.
    for (const fields of [[field("_c_x", "Long")], [field(".", "Long")], [field("a", "Long", 1, "µm")]]) {
      await expect(table.initialize(headers(fields))).rejects.toMatchObject({ code: "SERVER_FAILURE" });
    }
    for (const call of [
      () => table.getHeaders(),
      () => table.getNumberOfRows(),
      () => table.getAllMetadata(),
      () => table.read(longs(0), 0, 0),
    ]) {
      await expect(call()).rejects.toThrow(/Not yet initialized/);
    }
    await table.initialize(headers(FIELDS));
    await expect(table.initialize(headers(FIELDS))).rejects.toThrow(/Already initialized/);
    await table.close();
  });

  it("refuses data that does not fit, and keeps none of it", async () => {
    const table = await fixture.tableOf(FIELDS, ROWS);
    const columns = () => columnsOf(FIELDS, [1]) as unknown as { name: string; data: unknown; iceId: string }[];
    const long = columns();
    long[1]!.data = { kind: "string", offsets: Int32Array.of(0, 8), bytes: new TextEncoder().encode("äaaabbb") };
    const uneven = columns();
    uneven[0]!.data = { kind: "long", values: longs(1, 2) };
    const retyped = columns();
    retyped[2] = {
      ...retyped[2]!,
      iceId: "::omero::grid::BoolColumn",
      data: { kind: "bool", values: Uint8Array.of(1) },
    };
    for (const data of [long, uneven, retyped, columns().slice(1), columns().reverse()]) {
      await expect(table.addData(data as never)).rejects.toMatchObject({ code: "VALIDATION" });
    }
    await table.addData([]);
    expect(await table.getNumberOfRows()).toBe(12n);
    await table.close();
  });

  it("changes cells", async () => {
    const table = await fixture.tableOf(FIELDS, ROWS);
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
    const table = await fixture.tableOf(FIELDS, []);
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

  it("tells other handles that it has changed, where the server is asked to", async () => {
    const table = await fixture.tableOf(FIELDS, ROWS);
    const file = (await table.getOriginalFile())!;
    const other = await fixture.client.openTable(file);
    expect(received(await other.read(longs(0), 0, 1)).rowCount).toBe(1);
    await table.addData(columnsOf(FIELDS, [1]));
    expect(await other.getNumberOfRows()).toBe(13n);
    await expect(other.read(longs(0), 0, 1)).rejects.toMatchObject({ code: "OPTIMISTIC_LOCK" });
    await expect(other.getWhereList("n > 0", new Map(), 0, 13, 1)).rejects.toMatchObject({ code: "OPTIMISTIC_LOCK" });
    expect(received(await table.read(longs(0), 0, 0)).rowCount).toBe(13);
    await other.addData(columnsOf(FIELDS, [2]));
    await expect(other.read(longs(0), 0, 1)).rejects.toMatchObject({ code: "OPTIMISTIC_LOCK" });
    await other.close();
    const again = await fixture.client.openTable(file);
    expect(received(await again.read(longs(0), 12, 14)).columns).toEqual(batchOf([FIELDS[0]!], [1, 2]).columns);
    await again.close();
    await table.close();
  });

  it("is gone when deleted, its file and handles too", async () => {
    const before = await fixture.server.contents();
    const table = await fixture.tableOf(FIELDS, ROWS);
    const file = (await table.getOriginalFile())!;
    const other = await fixture.client.openTable(file);
    await table.delete();
    await expect(table.getNumberOfRows()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    await expect(other.getNumberOfRows()).rejects.toThrow();
    await other.close();
    await expect(fixture.client.openTable(file.id!.val)).rejects.toMatchObject({ code: "VALIDATION" });
    const after = await fixture.server.contents();
    expect([after.files, after.tables, after.contentFiles, after.openTables]).toEqual([
      before.files,
      before.tables,
      before.contentFiles,
      before.openTables,
    ]);
  });

  if (tables === "hdf5") {
    it("notes the size of its file on close, and its SHA-1 if asked for, and on the next", async () => {
      const table = await fixture.tableOf(FIELDS, ROWS);
      const opened = (await table.getOriginalFile())!;
      expect([opened.size, opened.hash, opened.mimetype, opened.name].map(contentOf)).toEqual([
        0n,
        null,
        "OMERO.tables",
        "t.h5",
      ]);
      const hasher = { iceId: "::omero::model::ChecksumAlgorithm", value: rstring("SHA1-160") };
      await (await fixture.client.update()).saveObject({ ...opened, hasher } as unknown as OriginalFile);
      const other = await fixture.client.openTable(opened);
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
      const file = (await (await fixture.client.query()).get("OriginalFile", id)) as OriginalFile;
      const store = await fixture.client.rawFileStore();
      await store.setFileId(id);
      const bytes = await store.read(0, Number(await store.size()));
      await store.close();
      return {
        saved: [contentOf(file.size), contentOf(file.hash)],
        actual: [BigInt(bytes.length), createHash("sha1").update(bytes).digest("hex")],
      };
    }

    it("refuses a file that holds something else", async () => {
      const update = await fixture.client.update();
      const file = (await update.saveAndReturnObject({
        iceId: "::omero::model::OriginalFile",
        name: rstring("a.csv"),
        path: rstring("/"),
      } as OriginalFile))!;
      const store = await fixture.client.rawFileStore();
      await store.setFileId(file.id!.val);
      await store.write(new TextEncoder().encode("a,b\n1,2\n"), 0, 8);
      await store.close();
      const refused = await fixture.client.openTable(file.id!.val).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "SERVER_FAILURE", serverException: "::omero::InternalException" });
      expect(String(refused)).not.toContain(fixture.server.directory);
      expect((await fixture.server.contents()).openTables.size).toBe(0);
    });
  }
});
