import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import type { Progress } from "../../../src/columns/table.js";
import { openHdf5Table, readHdf5Batches, writeHdf5Table } from "../../../src/formats/hdf5/index.js";
import { batchFromJson, cellsJson, describeTable, temporaryDirectory } from "./stored-tables.js";

const FIELDS = [field("n", "Long"), field("größe", "Double")];

function batch(start: number, count: number): ColumnBatch {
  const numbers = Array.from({ length: count }, (_, index) => start + index);
  return batchFromJson(FIELDS, [numbers.map(String), numbers.map((row) => row / 4)]);
}

async function* batches(...counts: number[]): AsyncGenerator<ColumnBatch> {
  let start = 0;
  for (const count of counts) {
    yield batch(start, count);
    start += count;
  }
}

describe("writeHdf5Table", () => {
  it("writes what it is given, with metadata, and tells how far it is", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "table.h5");
    const progress: Progress[] = [];
    const written = await writeHdf5Table(path, FIELDS, batches(3, 0, 4), {
      metadata: new Map([["source", "größer"]]),
      rowCount: 7,
      onProgress: (each) => progress.push(each),
    });
    expect(written).toBe(7);
    expect(progress.map(({ done, total, unit }) => [done, total, unit])).toEqual([
      [3, 7, "rows"],
      [3, 7, "rows"],
      [7, 7, "rows"],
    ]);
    await using table = await openHdf5Table(path);
    expect((await describeTable(table)).cells).toEqual(cellsJson(batch(0, 7)));
    expect((await table.getAllMetadata()).get("source")).toBe("größer");
    expect(readdirSync(directory)).toEqual(["table.h5"]);
  });

  it("leaves nothing when the rows end in an error, do not fit, or the caller stops", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "table.h5");
    async function* failing() {
      yield batch(0, 3);
      throw new Error("no more");
    }
    await expect(writeHdf5Table(path, FIELDS, failing())).rejects.toThrow("no more");
    const wrong = batchFromJson([field("n", "Long")], [["1"]]);
    await expect(writeHdf5Table(path, FIELDS, [batch(0, 2), wrong])).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    const controller = new AbortController();
    async function* stopping() {
      yield batch(0, 3);
      controller.abort();
    }
    const { signal } = controller;
    await expect(writeHdf5Table(path, FIELDS, stopping(), { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("replaces a file only when told to, and then only by a whole one", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "table.h5");
    writeFileSync(path, "kept");
    await expect(writeHdf5Table(path, FIELDS, batches(3))).rejects.toMatchObject({ code: "FILE_EXISTS", path });
    async function* appearing() {
      yield batch(0, 3);
      writeFileSync(join(directory, "late.h5"), "kept");
    }
    await expect(writeHdf5Table(join(directory, "late.h5"), FIELDS, appearing())).rejects.toMatchObject({
      code: "FILE_EXISTS",
    });
    const wrong = batchFromJson([field("n", "Long")], [["1"]]);
    await expect(writeHdf5Table(path, FIELDS, [wrong], { overwrite: true })).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
    });
    expect(readFileSync(path, "utf8")).toBe("kept");
    expect(await writeHdf5Table(path, FIELDS, batches(3), { overwrite: true })).toBe(3);
    expect(readdirSync(directory).sort()).toEqual(["late.h5", "table.h5"]);
  });

  it("says where it cannot write", async () => {
    const path = join(temporaryDirectory(), "missing", "table.h5");
    await expect(writeHdf5Table(path, FIELDS, batches(3))).rejects.toMatchObject({ code: "CANNOT_WRITE_FILE" });
  });
});

describe("readHdf5Batches", () => {
  async function collect(path: string, options: Parameters<typeof readHdf5Batches>[1]): Promise<ColumnBatch[]> {
    const found: ColumnBatch[] = [];
    for await (const each of readHdf5Batches(path, options)) found.push(each);
    return found;
  }

  it("gives the columns and rows asked for, in batches of the size asked for", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    await writeHdf5Table(path, FIELDS, batches(10));
    const found = await collect(path, { columns: [1], start: 2, stop: 9, batchRows: 3 });
    expect(found.map(({ rowCount, rowNumbers }) => [rowCount, rowNumbers])).toEqual([
      [3, { start: 2, step: 1 }],
      [3, { start: 5, step: 1 }],
      [1, { start: 8, step: 1 }],
    ]);
    expect(found.flatMap((each) => cellsJson(each)[0])).toEqual([2, 3, 4, 5, 6, 7, 8].map((row) => row / 4));
    expect((await collect(path, {})).map(({ rowCount }) => rowCount)).toEqual([10]);
  });

  it("gives no batch for no rows, and an error for rows that are not there", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    await writeHdf5Table(path, FIELDS, []);
    expect(await collect(path, {})).toEqual([]);
    await expect(collect(path, { stop: 1 })).rejects.toMatchObject({ code: "ROWS_OUT_OF_RANGE" });
    await expect(collect(path, { batchRows: 0 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("is left half-way without harm, and stops when told", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    await writeHdf5Table(path, FIELDS, batches(100));
    for await (const { rowCount } of readHdf5Batches(path, { batchRows: 10 })) {
      expect(rowCount).toBe(10);
      break;
    }
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of readHdf5Batches(path, { batchRows: 10, signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    const again = await openHdf5Table(path, { readOnly: false });
    await again.close();
  });
});
