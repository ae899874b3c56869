/** What is left of a file when the process ends between any two of its writes. */
import { copyFileSync, truncateSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { createHdf5Table, openHdf5Table } from "../../../src/formats/hdf5/open-table.js";
import { Hdf5File } from "../../../src/formats/hdf5/structure/local-file.js";
import {
  batchFromJson,
  describeTable,
  type JsonCell,
  openThroughLibrary,
  type StoredTableJson,
  temporaryDirectory,
} from "./stored-tables.js";

/** A change of a file: bytes at a place, or a new length. */
type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };

afterEach(() => vi.restoreAllMocks());

/** Notes all changes that are made to files while `work` runs. */
async function recordChanges(work: () => Promise<void>): Promise<Change[]> {
  const changes: Change[] = [];
  const { write, extend } = Hdf5File.prototype;
  vi.spyOn(Hdf5File.prototype, "write").mockImplementation(async function (this: Hdf5File, bytes, at) {
    changes.push({ at, bytes: bytes.slice() });
    await write.call(this, bytes, at);
  });
  vi.spyOn(Hdf5File.prototype, "extend").mockImplementation(async function (this: Hdf5File, length) {
    if (length > this.size) changes.push({ length });
    await extend.call(this, length);
  });
  await work();
  vi.restoreAllMocks();
  return changes;
}

async function applyChange(path: string, change: Change): Promise<void> {
  if ("length" in change) {
    truncateSync(path, change.length);
    return;
  }
  const handle = await open(path, "r+");
  await handle.write(change.bytes, 0, change.bytes.length, change.at).finally(() => handle.close());
}

const FIELDS = [field("n", "Long"), field("wide", "String", 20_000), field("m", "Mask")];

function rows(start: number, count: number): JsonCell[][] {
  const numbers = Array.from({ length: count }, (_, index) => start + index);
  return [
    numbers.map(String),
    numbers.map((row) => `row ${row}`),
    numbers.map((row) => [String(row), row, 0, 0, 0, 1, 1, [row % 256]]),
  ];
}

/** A file at rest, and the states it goes through while `work` is done on it. */
async function everyState(
  work: (path: string) => Promise<void>,
  check: (path: string) => Promise<void>,
  start: (path: string) => Promise<void>,
): Promise<number> {
  const directory = temporaryDirectory();
  const [path, crashed] = [join(directory, "whole.h5"), join(directory, "crashed.h5")];
  await start(path);
  copyFileSync(path, crashed);
  const changes = await recordChanges(() => work(path));
  for (const change of changes) {
    await check(crashed);
    await applyChange(crashed, change);
  }
  await check(crashed);
  return changes.length;
}

/** What we read of a file, if the HDF5 library reads the same. */
async function describeBoth(path: string): Promise<StoredTableJson> {
  await using table = await openHdf5Table(path);
  const ours = await describeTable(table);
  await using byLibrary = await openThroughLibrary(path);
  expect(await describeTable(byLibrary)).toEqual(ours);
  return ours;
}

describe("a crash", () => {
  it("while rows are added leaves the file at worst without the newest", async () => {
    const before = 10;
    const counts = new Set<number>();
    await everyState(
      async (path) => {
        const table = await openHdf5Table(path, { readOnly: false });
        // More than a node of the chunk index holds, so that it gets a level.
        for (const start of [10, 60, 200]) {
          await table.addData(batchFromJson(FIELDS, rows(start, start === 200 ? 100 : start === 60 ? 140 : 50)));
          await table.flush();
        }
        await table.close();
      },
      async (path) => {
        const { rowCount, cells } = await describeBoth(path);
        counts.add(rowCount);
        expect(cells).toEqual(rows(0, rowCount));
      },
      async (path) => {
        const table = await createHdf5Table(path, FIELDS);
        await table.addData(batchFromJson(FIELDS, rows(0, before)));
        await table.close();
      },
    );
    expect([...counts]).toEqual([10, 60, 200, 300]);
  });

  it("while metadata is set leaves the old value or the new one", async () => {
    const long = "x".repeat(1500);
    const values = ["old", long, "short again", `${long}${long}`];
    const seen = new Set<unknown>();
    const changes = await everyState(
      async (path) => {
        const table = await openHdf5Table(path, { readOnly: false });
        for (const value of values.slice(1)) await table.setMetadata("key", value);
        await table.close();
      },
      async (path) => {
        const { metadata, cells } = await describeBoth(path);
        expect(values).toContain((metadata.key as { text: string }).text);
        expect(metadata.other).toEqual({ int: "7" });
        expect(cells).toEqual(rows(0, 3));
        seen.add((metadata.key as { text: string }).text);
      },
      async (path) => {
        const metadata = new Map<string, string | bigint>([
          ["key", "old"],
          ["other", 7n],
        ]);
        const table = await createHdf5Table(path, FIELDS, { metadata });
        await table.addData(batchFromJson(FIELDS, rows(0, 3)));
        await table.close();
      },
    );
    expect(changes).toBeGreaterThan(6);
    expect(seen).toEqual(new Set(values));
  });
});

describe("a write that fails", () => {
  it("leaves none of the rows, and the table usable", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    const table = await createHdf5Table(path, FIELDS);
    await table.addData(batchFromJson(FIELDS, rows(0, 5)));
    const { write } = Hdf5File.prototype;
    for (let failing = 0; failing < 4; failing++) {
      let calls = 0;
      const spy = vi.spyOn(Hdf5File.prototype, "write").mockImplementation(async function (this: Hdf5File, bytes, at) {
        if (calls++ === failing) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
        await write.call(this, bytes, at);
      });
      await expect(table.addData(batchFromJson(FIELDS, rows(5, 400)))).rejects.toThrow("no space left");
      spy.mockRestore();
      expect(table.rowCount).toBe(5);
    }
    await table.addData(batchFromJson(FIELDS, rows(5, 3)));
    await table.close();
    expect((await describeBoth(path)).cells).toEqual(rows(0, 8));
  });

  it("lets the caller stop adding rows; none is added", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    await using table = await createHdf5Table(path, FIELDS);
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await expect(
      table.addData(batchFromJson(FIELDS, rows(0, 400)), { signal: controller.signal }),
    ).rejects.toMatchObject({ code: "ABORTED" });
    expect(table.rowCount).toBe(0);
  });
});
