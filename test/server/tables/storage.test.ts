import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { DataError } from "../../../src/errors.js";
import { Hdf5Table } from "../../../src/formats/hdf5/hdf5-table.js";
import { rlong, rstring } from "../../../src/rtypes.js";
import { Hdf5TableStorage } from "../../../src/server/tables/hdf5-storage.js";
import { MemoryTableStorage } from "../../../src/server/tables/memory-storage.js";
import type { TableStorage } from "../../../src/server/tables/storage.js";
import { FileContents } from "../../../src/server/world/files.js";
import { batchOf, EVERY_FIELD, seeds } from "./batches.js";

let directory: string;
let files: FileContents;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-tables-"));
  files = new FileContents(directory, 2 ** 30);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let lastId = 0n;

describe.each<[string, () => TableStorage]>([
  ["MemoryTableStorage", () => new MemoryTableStorage()],
  ["Hdf5TableStorage", () => new Hdf5TableStorage(files)],
])("%s", (_name, makeStorage) => {
  const everything = EVERY_FIELD.map((_, position) => position);

  it("keeps what is added, in any portions, and what is overwritten", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(seeds(), { minLength: 1, maxLength: 4 }),
        seeds({ maxLength: 5 }),
        async (portions, changes) => {
          const storage = makeStorage();
          const table = await storage.create(++lastId, EVERY_FIELD);
          for (const portion of portions) await table.addData(batchOf(EVERY_FIELD, portion));
          const rows = portions.flat();
          if (rows.length > 0 && changes.length > 0) {
            const numbers = Float64Array.from(new Set(changes.map((change) => change % rows.length)));
            const changed = changes.slice(0, numbers.length);
            await table.update(batchOf(EVERY_FIELD, changed, numbers));
            for (const [index, number] of numbers.entries()) rows[number] = changed[index]!;
          }
          expect(table.rowCount).toBe(rows.length);
          expect(await table.read(everything, 0, rows.length)).toEqual(batchOf(EVERY_FIELD, rows));
          if (rows.length > 2) {
            const picked = Float64Array.of(rows.length - 1, 0, 0, 1);
            const expected = batchOf(
              EVERY_FIELD,
              Array.from(picked, (row) => rows[row]!),
              picked,
            );
            expect(await table.slice(everything, picked)).toEqual(expected);
            expect((await table.read([2, 2], 1, 2)).columns).toEqual(
              batchOf([EVERY_FIELD[2]!, EVERY_FIELD[2]!], [rows[1]!]).columns,
            );
          }
          await table.close();
          await storage.remove(lastId);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("loses trailing NULs of text, and nothing else of it", async () => {
    const fields = [field("s", "String", 4)];
    const table = await makeStorage().create(++lastId, fields);
    const bytes = new TextEncoder().encode("a\0b\0" + "ä" + "\0\0");
    const columns = [{ kind: "string" as const, offsets: Int32Array.of(0, 4, 6, 8), bytes }];
    await table.addData({ fields, columns, rowCount: 3, rowNumbers: { start: 0, step: 1 } });
    const [column] = (await table.read([0], 0, 3)).columns as typeof columns;
    const texts = [0, 1, 2].map((row) =>
      new TextDecoder().decode(column!.bytes.subarray(column!.offsets[row], column!.offsets[row + 1])),
    );
    expect(texts).toEqual(["a\0b", "ä", ""]);
    await table.close();
  });

  it("finds the rows that meet a condition, in steps", async () => {
    const fields = [field("n", "Long"), field("a b", "Double")];
    const table = await makeStorage().create(++lastId, fields);
    const count = 70_000;
    const values = BigInt64Array.from({ length: count }, (_, row) => BigInt(row));
    const halves = Float64Array.from({ length: count }, (_, row) => row / 2);
    const columns = [
      { kind: "long" as const, values },
      { kind: "double" as const, values: halves },
    ];
    await table.addData({ fields, columns, rowCount: count, rowNumbers: { start: 0, step: 1 } });
    const where = (
      condition: string,
      variables: [string, ReturnType<typeof rlong> | ReturnType<typeof rstring>][],
      step: number,
    ) => table.getWhereList(condition, new Map(variables), { start: 1, stop: count - 1, step });
    expect([...(await where("n >= x", [["x", rlong(count - 4)]], 1))]).toEqual([count - 4, count - 3, count - 2]);
    expect([...(await where("(x > 34990) & (n < 69990)", [["x", rstring("a b")]], 3))]).toEqual([69982, 69985, 69988]);
    expect(await where("n < 0", [], 1)).toHaveLength(0);
    await expect(where("nothing > 0", [], 1)).rejects.toMatchObject({ code: "CONDITION_NAME" });
    await table.close();
  });

  it("keeps metadata, and replaces all but the reserved", async () => {
    const storage = makeStorage();
    const table = await storage.create(++lastId, [field("n", "Long")]);
    await table.addData(batchOf([field("n", "Long")], [1, 2, 3]));
    await table.setMetadata("whole", 2n ** 62n);
    await table.setMetadata("real", -0.1);
    await table.setMetadata("text", "ä\n");
    const reserved = [...(await table.getAllMetadata())].filter(([key]) => key.startsWith("__"));
    expect(Object.fromEntries(await table.getAllMetadata())).toMatchObject({
      __version: "2",
      __initialized: expect.closeTo(Date.now() / 1000, -2),
      whole: 2n ** 62n,
      real: -0.1,
      text: "ä\n",
    });
    await table.replaceMetadata(new Map([["real", 1n]]));
    const after = await table.getAllMetadata();
    expect([...after.keys()].sort()).toEqual(["__initialized", "__version", "real"]);
    expect(after.get("real")).toBe(1n);
    expect(after.get("__version")).toBe(reserved.find(([key]) => key === "__version")![1]);
    expect((await table.read([0], 0, 3)).columns).toEqual(batchOf([field("n", "Long")], [1, 2, 3]).columns);
    await table.addData(batchOf([field("n", "Long")], [4]));
    expect(table.rowCount).toBe(4);
    await table.close();
  });

  it("opens what was created, and nothing else", async () => {
    const storage = makeStorage();
    const id = ++lastId;
    expect(await storage.has(id)).toBe(false);
    expect(await storage.open(id)).toBeUndefined();
    const table = await storage.create(id, EVERY_FIELD);
    await table.addData(batchOf(EVERY_FIELD, [1, 2]));
    await table.close();
    expect(await storage.has(id)).toBe(true);
    const again = await storage.open(id);
    expect(again?.fields).toEqual(EVERY_FIELD);
    expect(again?.rowCount).toBe(2);
    await again?.close();
    await storage.remove(id);
    expect(await storage.open(id)).toBeUndefined();
    await storage.remove(id);
  });
});

describe("Hdf5TableStorage", () => {
  it("refuses a file that holds something else, and makes a table of an empty one", async () => {
    const storage = new Hdf5TableStorage(files);
    await files.write(900n, 0, new TextEncoder().encode("a,b\n1,2\n"));
    await expect(storage.open(900n)).rejects.toThrow(DataError);
    await files.write(901n, 0, new Uint8Array(0));
    expect(await storage.open(901n)).toBeUndefined();
    const table = await storage.create(901n, EVERY_FIELD);
    await table.close();
    const opened = await storage.open(901n);
    expect(opened?.fields).toHaveLength(EVERY_FIELD.length);
    await opened?.close();
  });

  it("writes through: whoever reads the file sees what was added", async () => {
    const storage = new Hdf5TableStorage(files);
    const table = await storage.create(902n, EVERY_FIELD);
    await table.addData(batchOf(EVERY_FIELD, [1, 2, 3]));
    const bytes = await files.read(902n, 0, 10 ** 9);
    await table.close();
    await files.write(903n, 0, bytes);
    const copy = await storage.open(903n);
    expect(copy?.rowCount).toBe(3);
    await copy?.close();
  });
});

it("rows that cannot be made part of a file are not added, then or later", async () => {
  const storage = new Hdf5TableStorage(files);
  const fields = [field("n", "Long")];
  const batch = (...numbers: bigint[]) => ({
    fields,
    columns: [{ kind: "long" as const, values: BigInt64Array.from(numbers) }],
    rowCount: numbers.length,
    rowNumbers: { start: 0, step: 1 },
  });
  const table = await storage.create(++lastId, fields);
  await table.addData(batch(1n));
  const flush = vi.spyOn(Hdf5Table.prototype, "flush").mockRejectedValueOnce(new Error("no space left on device"));
  await expect(table.addData(batch(2n, 3n))).rejects.toThrow("no space left");
  flush.mockRestore();
  expect(table.rowCount).toBe(1);
  await table.addData(batch(4n));
  await table.close();
  const again = (await storage.open(lastId))!;
  expect((await again.read([0], 0, again.rowCount)).columns).toEqual(batch(1n, 4n).columns);
  await again.close();
});
