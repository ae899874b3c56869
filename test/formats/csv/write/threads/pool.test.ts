import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ColumnBatch, field } from "../../../../../src/columns/batch.js";
import { CsvWriter } from "../../../../../src/formats/csv/write/csv-writer.js";
import {
  endThreads,
  type ThreadUse,
  threadProgram,
  useThreads,
} from "../../../../../src/formats/csv/write/threads/pool.js";
import { buffersOf } from "../../../../../src/formats/csv/write/threads/tasks.js";
import { TaskFailure } from "../../../../../src/formats/csv/write/threads/thread.js";
import { batchOf } from "../../../../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../../../../support/memory-table.js";
import { provideThreads } from "../../../../support/thread-program.js";

const FIELDS = EVERY_TYPE;
const linesOf = (batch: ColumnBatch) =>
  Buffer.concat([...new CsvWriter().write(batch)].map((block) => Buffer.from(block)));

let withdrawThreads: () => Promise<void>;
let use: ThreadUse;

beforeAll(async () => {
  withdrawThreads = await provideThreads();
  use = useThreads()!;
});
afterAll(async () => {
  use.end();
  await withdrawThreads();
});

describe("a thread", () => {
  test("writes lines of CSV of every type", async () => {
    const batch = batchOf(FIELDS, everyTypeCells(500));
    expect(Buffer.concat(await use.pool.idle!.csvLines(batch))).toEqual(linesOf(batch));
  });

  test("takes over the memory it is given", async () => {
    const fields = [field("n", "Long"), field("text", "String", 9)];
    const cells = [
      [1n, -2n],
      ['a"b', "é"],
    ];
    const given = batchOf(fields, cells, Float64Array.of(7, 3));
    const expected = linesOf(given);
    const lines = await use.pool.idle!.csvLines(given, buffersOf(given.columns));
    expect(Buffer.concat(lines)).toEqual(expected);
    const [longs] = given.columns;
    expect(longs!.kind === "long" && longs.values.length).toBe(0);
  });

  test("says why it could not", async () => {
    const batch = batchOf([field("n", "Long")], [[1n]]);
    const writing = use.pool.idle!.csvLines({ ...batch, columns: [undefined as never] });
    await expect(writing).rejects.toThrow(TaskFailure);
    await expect(writing).rejects.toThrow(/undefined/);
  });

  test("is given two tasks at once and no more", async () => {
    const { pool } = use;
    const tasks: Promise<unknown>[] = [];
    for (let thread = pool.idle; thread !== undefined; thread = pool.idle) {
      tasks.push(thread.csvLines(batchOf(FIELDS, everyTypeCells(10))));
    }
    expect(tasks).toHaveLength(pool.capacity);
    await Promise.all(tasks);
    expect(pool.idle).toBeDefined();
  });
});

describe("threads", () => {
  const batch = batchOf([field("n", "Long")], [[5n]]);

  afterEach(async () => {
    use = useThreads()!;
  });

  test("are the same for all who use them, and end when nobody does", async () => {
    const second = useThreads()!;
    expect(second.pool).toBe(use.pool);
    second.end();
    second.end();
    await endThreads();
    const thread = use.pool.idle!;
    expect(Buffer.concat(await thread.csvLines(batch)).toString()).toBe("0,5\n");
    use.end();
    await endThreads();
    await expect(thread.csvLines(batch)).rejects.toThrow(TaskFailure);
  });

  test("that ended are replaced; their tasks fail", async () => {
    const { pool } = use;
    const task = pool.idle!.csvLines(batchOf(FIELDS, everyTypeCells(500)));
    await Promise.all([pool.close(), expect(task).rejects.toThrow(TaskFailure)]);
    expect(pool.idle).toBeUndefined();
    use.end();
    const fresh = useThreads()!;
    expect(fresh.pool).not.toBe(pool);
    expect(await fresh.pool.idle!.csvLines(batch)).toHaveLength(1);
    fresh.end();
  });

  test("are not there without a program, nor on one processor", () => {
    const { url, processors } = threadProgram;
    threadProgram.url = undefined;
    expect(useThreads()).toBeUndefined();
    threadProgram.url = url;
    threadProgram.processors = 1;
    expect(useThreads()).toBeUndefined();
    threadProgram.processors = processors;
  });
});
