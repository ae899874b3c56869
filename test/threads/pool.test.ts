import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { field } from "../../src/batch.js";
import { openHdf5Table, writeHdf5Table } from "../../src/hdf5/index.js";
import { CsvWriter } from "../../src/read/csv-writer.js";
import { endThreads, type ThreadUse, threadProgram, useThreads } from "../../src/threads/pool.js";
import { buffersOf } from "../../src/threads/tasks.js";
import { TaskFailure } from "../../src/threads/thread.js";
import { batchOf } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";
import { provideThreads } from "../support/thread-program.js";

const ROWS = 500;
const FIELDS = EVERY_TYPE.map((column) => ({ ...column, name: column.name.replace("/", "|") }));
const batch = batchOf(FIELDS, everyTypeCells(ROWS));

let directory: string;
let path: string;
let withdrawThreads: () => Promise<void>;
let use: ThreadUse;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-pool-"));
  path = join(directory, "table.h5");
  await writeHdf5Table(path, FIELDS, [batch]);
  withdrawThreads = await provideThreads();
  use = useThreads()!;
});
afterAll(async () => {
  use.end();
  await withdrawThreads();
  await rm(directory, { recursive: true });
});

describe("a thread", () => {
  test("reads rows of a file by its path and by its descriptor", async () => {
    const table = await openHdf5Table(path);
    const file = await open(path);
    const columns = FIELDS.map((_, index) => index);
    const expected = (await table.read(columns, 17, 423)).columns;
    for (const source of [path, file.fd]) {
      expect(await use.pool.first.run("readRows", { file: source, columns, start: 17, stop: 423 })).toEqual(expected);
      await use.pool.runOnAll("closeFile", source);
    }
    await file.close();
    await table.close();
  });

  test("sums up a file while it grows", async () => {
    const content = randomBytes(3_000_000);
    const file = await open(join(directory, "growing"), "wx+");
    const { first } = use.pool;
    await file.write(content, 0, 1_200_000, 0);
    expect(await first.run("sha1", { file: file.fd, stop: 1_200_000, last: false })).toBeUndefined();
    await file.write(content, 1_200_000, 1_800_000, 1_200_000);
    const found = await first.run("sha1", { file: file.fd, stop: 3_000_000, last: true });
    expect(found).toBe(createHash("sha1").update(content).digest("hex"));
    await expect(first.run("sha1", { file: file.fd, stop: 9_000_000, last: true })).rejects.toThrow(/shorter/);
    await first.run("closeFile", file.fd);
    await file.close();
  });

  test("writes lines of CSV and takes over the memory it is given", async () => {
    const fields = [field("n", "Long"), field("text", "String", 9)];
    const given = batchOf(
      fields,
      [
        [1n, -2n],
        ['a"b', "é"],
      ],
      Float64Array.of(7, 3),
    );
    const expected = Buffer.concat([...new CsvWriter().write(given)].map((block) => Buffer.from(block)));
    const lines = await use.pool.first.run("csvLines", given, buffersOf(given.columns));
    expect(Buffer.concat(lines)).toEqual(expected);
    const [longs] = given.columns;
    expect(longs!.kind === "long" && longs.values.length).toBe(0);
  });

  test("says why it could not", async () => {
    const damaged = join(directory, "damaged.h5");
    await writeFile(damaged, "no table");
    const reading = use.pool.first.run("readRows", { file: damaged, columns: [0], start: 0, stop: 1 });
    await expect(reading).rejects.toThrow(TaskFailure);
    await expect(reading).rejects.toThrow(/is not HDF5/);
  });

  test("is given two tasks at once and no more", async () => {
    const { pool } = use;
    const tasks: Promise<unknown>[] = [];
    for (let thread = pool.idle; thread !== undefined; thread = pool.idle) {
      tasks.push(thread.run("readRows", { file: path, columns: [1], start: 0, stop: ROWS }));
    }
    expect(tasks).toHaveLength(pool.capacity);
    await Promise.all(tasks);
    expect(pool.idle).toBeDefined();
  });
});

describe("threads", () => {
  afterEach(async () => {
    use = useThreads()!;
  });

  test("are the same for all who use them, and end when nobody does", async () => {
    const second = useThreads()!;
    expect(second.pool).toBe(use.pool);
    second.end();
    second.end();
    await endThreads();
    expect(await use.pool.first.run("closeFile", "nothing")).toBeUndefined();
    use.end();
    await endThreads();
    await expect(use.pool.first.run("closeFile", "nothing")).rejects.toThrow(TaskFailure);
  });

  test("that ended are replaced; their tasks fail", async () => {
    const { pool } = use;
    const task = pool.first.run("readRows", { file: path, columns: [0], start: 0, stop: ROWS });
    await Promise.all([pool.close(), expect(task).rejects.toThrow(TaskFailure)]);
    expect(pool.idle).toBeUndefined();
    await pool.runOnAll("closeFile", path);
    use.end();
    const fresh = useThreads()!;
    expect(fresh.pool).not.toBe(pool);
    expect(await fresh.pool.first.run("readRows", { file: path, columns: [0], start: 0, stop: 2 })).toHaveLength(1);
    fresh.end();
  });

  test("are not there without a program, nor on two processors but for what is worth it", () => {
    const { url, processors } = threadProgram;
    threadProgram.url = undefined;
    expect(useThreads()).toBeUndefined();
    threadProgram.url = url;
    threadProgram.processors = 2;
    expect(useThreads()).toBeUndefined();
    const worthwhile = useThreads(1)!;
    expect(worthwhile.pool).toBe(use.pool);
    worthwhile.end();
    threadProgram.processors = processors;
  });
});
