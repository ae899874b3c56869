import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { emptyColumns } from "../../src/connect/ice/codec/columns/columns.js";
import type { Column } from "../../src/connect/ice/schema/omero.js";
import { rlong, rstring } from "../../src/rtypes.js";
import { TestClient } from "./client.js";
import { columnsOf, FIELDS, headers, longs, NONE, ROWS, received, TableFixture } from "./table-fixture.js";
import { batchOf, EVERY_FIELD } from "./tables/batches.js";

const ALL = BigInt64Array.from(EVERY_FIELD.keys(), BigInt);

describe.each(["memory", "hdf5"] as const)("Tables kept in %s", (tables) => {
  let fixture: TableFixture;
  beforeAll(async () => {
    fixture = await TableFixture.start(tables);
  });
  afterAll(() => fixture?.close());

  it("gives every column type back as it came, by range, by rows and by both", async () => {
    const table = await fixture.tableOf([...EVERY_FIELD], ROWS);
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
    const table = await fixture.tableOf(FIELDS, ROWS);
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
    const table = await fixture.tableOf(FIELDS, ROWS);
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
    const table = await fixture.tableOf(FIELDS, ROWS);
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

  it("does everything asked at once, one after the other", async () => {
    const table = await fixture.tableOf(FIELDS, []);
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
    const table = await fixture.tableOf(FIELDS, ROWS);
    const file = (await table.getOriginalFile())!;
    await table.close();
    await using reader = await TestClient.logIn(fixture.server, { user: "reader", password: "r" });
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

  it("is closed with its session", async () => {
    const hasty = await TestClient.logIn(fixture.server);
    const table = await hasty.newTable("left open");
    await table.initialize(headers(FIELDS));
    await table.addData(columnsOf(FIELDS, ROWS));
    const id = (await table.getOriginalFile())!.id!.val;
    expect((await fixture.server.contents()).openTables.get(Number(id))).toBe(1);
    await hasty.ice.destroy();
    await expect.poll(async () => (await fixture.server.contents()).openTables.get(Number(id))).toBeUndefined();
    const again = await fixture.client.openTable(id);
    expect(await again.getNumberOfRows()).toBe(12n);
    await again.close();
  });
});
