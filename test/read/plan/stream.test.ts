import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import type { Progress } from "../../../src/columns/table.js";
import { ConnectionError, ServerError } from "../../../src/errors.js";
import { SERVICE } from "../../../src/read/plan/access-path.js";
import { onlyRoute } from "../../../src/read/plan/route.js";
import { selectRows } from "../../../src/read/plan/selection.js";
import { streamBatches } from "../../../src/read/plan/stream.js";
import type { StreamSettings } from "../../../src/read/plan/stream-settings.js";
import { checkSelection, type SelectionOptions, select } from "../../../src/read/plan/table-selection.js";
import { joinCells, rowNumbersOf } from "../../support/cells.js";
import { EVERY_TYPE, everyTypeCells, MemoryTable, type MemoryTableOptions } from "../../support/memory-table.js";

const ROWS = 300;
const cells = everyTypeCells(ROWS);
const table = (options?: MemoryTableOptions) => new MemoryTable(EVERY_TYPE, cells, options);

const LONGS = 50_000;
const longCells = [Array.from({ length: LONGS }, (_, row) => BigInt(row))];
const longTable = (options?: MemoryTableOptions) => new MemoryTable([field("n", "Long")], longCells, options);

function stream(table: MemoryTable, options: SelectionOptions = {}, settings?: StreamSettings) {
  const selection = select(table, checkSelection(options));
  return streamBatches(selection, onlyRoute({ table, method: SERVICE }), settings);
}

async function collect(
  from: MemoryTable,
  options: SelectionOptions = {},
  settings?: StreamSettings,
): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = [];
  for await (const batch of stream(from, options, settings)) batches.push(batch);
  return batches;
}

describe("streamBatches", () => {
  it("reads every row and column of every type", async () => {
    expect(joinCells(await collect(table()))).toEqual({ rows: Array.from({ length: ROWS }, (_, row) => row), cells });
  });

  it("reads exactly the rows and columns selected, whatever the chunk size", async () => {
    const row = fc.integer({ min: 0, max: ROWS - 1 });
    const rows = fc.oneof(
      fc.array(row, { minLength: 1, maxLength: 50 }),
      fc.record({ start: row, stop: row, step: fc.constantFrom(1, 2, 7, -1, -3) }),
    );
    const columns = fc.subarray([0, 2, 4, 6, 8], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, columns, fc.option(fc.integer({ min: 1, max: 100 })), async (rows, columns, chunkSize) => {
        const selection = selectRows(rows, ROWS);
        const wanted =
          selection.kind === "list"
            ? [...selection.rows]
            : Array.from({ length: selection.count }, (_, index) => selection.start + index * selection.step);
        const columnNames = columns.map((index) => EVERY_TYPE[index]!.name);
        const batches = await collect(table(), { rows, columnNames, chunkSize: chunkSize ?? undefined });
        expect(batches[0]!.fields.map(({ name }) => name)).toEqual(columnNames);
        expect(joinCells(batches)).toEqual({
          rows: wanted,
          cells: columns.map((index) => wanted.map((row) => cells[index]![row])),
        });
        for (const batch of batches) expect(batch.rowCount).toBeLessThanOrEqual(chunkSize ?? ROWS);
      }),
      { numRuns: 60 },
    );
  });

  it("reads the rows that meet a condition, searching in windows", async () => {
    const where = (row: number) => row % 9 === 4 || (row > 100 && row < 180);
    const from = table({ where });
    const batches = await collect(from, { query: "count > 0", columnNames: ["count"] }, { searchRows: 77 });
    const hits = Array.from({ length: ROWS }, (_, row) => row).filter(where);
    expect(joinCells(batches)).toEqual({ rows: hits, cells: [hits.map((row) => cells[1]![row])] });
    const searched = from.calls.filter(({ operation }) => operation === "getWhereList").map(({ span }) => span);
    expect(searched).toEqual([0, 77, 154, 231].map((start) => ({ start, stop: Math.min(start + 77, ROWS), step: 1 })));
  });

  it("never reads all rows when nothing is selected", async () => {
    for (const options of [{ rows: [] }, { query: "image < 0" }, { rows: { start: 4, stop: 4 } }]) {
      const from = table({ where: () => false });
      const batches = await collect(from, { ...options, columnNames: ["mask", "Größe"] });
      expect(batches).toHaveLength(1);
      expect(batches[0]!.rowCount).toBe(0);
      expect(batches[0]!.fields.map(({ type }) => type)).toEqual(["String", "Mask"]);
      expect(from.calls.filter(({ operation }) => operation !== "getWhereList")).toEqual([]);
    }
  });

  it("gives one batch without rows for a table without rows, and asks it for nothing", async () => {
    const from = new MemoryTable(EVERY_TYPE, everyTypeCells(0));
    for (const options of [{}, { query: "image > 1" }]) {
      expect((await collect(from, options)).map(({ rowCount }) => rowCount)).toEqual([0]);
    }
    expect(from.calls).toEqual([]);
  });

  it.each<[SelectionOptions, string]>([
    [{ rows: [1], query: "image > 1" }, "ROWS_WITH_QUERY"],
    [{ rows: [ROWS] }, "ROWS_OUT_OF_RANGE"],
    [{ columnNames: ["imag"] }, "UNKNOWN_COLUMN"],
    [{ query: "imag > 1" }, "CONDITION_NAME"],
    [{ query: "image >" }, "CONDITION_SYNTAX"],
    [{ columnNames: [] }, "INVALID_ARGUMENT"],
    [{ columnNames: "image" as unknown as string[] }, "INVALID_ARGUMENT"],
    [{ variables: { x: 1 } }, "INVALID_ARGUMENT"],
    [{ chunkSize: 0 }, "INVALID_ARGUMENT"],
    [{ chunkSize: 1.5 }, "INVALID_ARGUMENT"],
  ])("refuses %j before anything is read", async (options, code) => {
    const from = table();
    await expect(collect(from, options)).rejects.toMatchObject({ code });
    expect(from.calls).toEqual([]);
  });

  it("has two requests in flight at first", async () => {
    const from = longTable();
    await collect(from, { chunkSize: 10_000 });
    expect(from.mostRunning).toBe(2);
  });

  it("has more requests in flight where that brings rows faster, within the window", async () => {
    const from = longTable({ before: () => sleep(10) });
    expect(joinCells(await collect(from, { chunkSize: 500 })).cells).toEqual(longCells);
    expect(from.mostRunning).toBe(4);
  });

  it("goes on with other requests while one is slow, until the window is full", async () => {
    const asked: number[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const from = longTable({
      before(_, index) {
        asked.push(index);
        // The slow one is answered when three that came after it have been.
        if (index === 6) release();
        return index === 2 ? released : undefined;
      },
    });
    expect(joinCells(await collect(from, { chunkSize: 5_000 }, { window: 5 })).cells).toEqual(longCells);
    expect(asked).toEqual(asked.map((_, index) => index));
  });

  it("keeps to the caller's chunk size but not beyond what a message carries", async () => {
    const from = longTable();
    await collect(from, { chunkSize: 2_000 });
    expect(from.calls.every(({ rows }) => rows === 2_000)).toBe(true);
    const limited = longTable();
    await collect(limited, { chunkSize: 20_000 }, { messageLimit: 16_000 });
    expect(Math.max(...limited.calls.map(({ rows }) => rows))).toBeLessThanOrEqual(850);
  });

  it("reads no faster than its consumer", async () => {
    const from = longTable();
    const batches = stream(from, { chunkSize: 1_000 });
    await batches.next();
    await sleep(20);
    expect(from.calls.length).toBeLessThanOrEqual(5);
    await batches.return();
    expect(from.running).toBe(0);
  });

  it("settles every request when the consumer leaves", async () => {
    const from = longTable();
    for await (const batch of stream(from, { chunkSize: 500 })) if (rowNumbersOf(batch)[0]! >= 2_000) break;
    expect(from.running).toBe(0);
    const calls = from.calls.length;
    await sleep(10);
    expect(from.calls.length).toBe(calls);
  });

  it("stops at once when aborted, also while a query searches", async () => {
    for (const options of [{ chunkSize: 500 }, { query: "n > 1" }]) {
      const controller = new AbortController();
      const wait = (signal: AbortSignal | undefined) => sleep(10_000, undefined, { signal });
      const from = longTable({ before: (_, index, signal) => (index >= 1 ? wait(signal) : undefined) });
      const reading = collect(from, { ...options, signal: controller.signal });
      setTimeout(() => controller.abort("enough"), 10);
      await expect(reading).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
      expect(from.running).toBe(0);
    }
  });

  it("passes a failure on and leaves nothing running", async () => {
    const from = longTable({
      before: (_, index) => {
        if (index === 3) throw new Error("server went away");
      },
    });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of stream(from, { chunkSize: 500 })) seen.push(rowNumbersOf(batch)[0]!);
    })();
    await expect(reading).rejects.toThrow("server went away");
    expect(seen).toEqual([0, 500, 1_000]);
    expect(from.running).toBe(0);
  });

  it("notices a table that returns other rows than asked for", async () => {
    const from = longTable();
    const read = from.slice.bind(from);
    from.slice = (columns, rows, options) => read(columns, rows.subarray(1), options);
    await expect(collect(from, { rows: [1, 2, 3] })).rejects.toMatchObject({ code: "TABLE_CHANGED" });
  });

  it("reports progress to the last row", async () => {
    const reports: Progress[] = [];
    await collect(longTable(), { chunkSize: 20_000, onProgress: (progress) => reports.push(progress) });
    expect(reports).toEqual(
      [17_000, 34_000, 50_000].map(() => expect.objectContaining({ total: LONGS, unit: "rows" })),
    );
    expect(reports.at(-1)!.done).toBe(LONGS);
  });

  it("reports a query's total once the search has ended", async () => {
    const reports: Progress[] = [];
    const onProgress = (progress: Progress) => reports.push(progress);
    await collect(longTable({ where: (row) => row < 100 }), { query: "n < 100", onProgress });
    expect(reports.at(-1)).toEqual({ done: 100, total: 100, unit: "rows" });
    await collect(longTable({ where: () => false }), { query: "n < 0", onProgress });
    expect(reports.at(-1)).toEqual({ done: 0, total: 0, unit: "rows" });
  });

  it("asks for smaller answers when rows turn out heavy", async () => {
    const text = "x".repeat(4_000);
    const fields = [field("s", "String", 4_000)];
    const from = new MemoryTable(fields, [Array.from({ length: 2_000 }, () => text)]);
    await collect(from, {}, { memoryBudget: 4_000_000 });
    const reads = from.calls.map(({ rows }) => rows);
    expect(reads.at(-1)!).toBeLessThan(reads[0]!);
    expect(Math.max(...reads.slice(5)) * 4_000 * 5).toBeLessThan(4_000_000);
  });

  it.each([1, 2, 5, 10, 30, 100])("reads 569 rows of %d columns by one request", async (columns) => {
    const fields = Array.from({ length: columns }, (_, index) => field(`c${index}`, "Double"));
    const from = new MemoryTable(
      fields,
      fields.map(() => Array.from({ length: 569 }, (_, row) => row)),
    );
    expect(joinCells(await collect(from)).rows).toHaveLength(569);
    expect(from.calls.map(({ rows }) => rows)).toEqual([569]);
  });

  describe("where an answer is too large for a message", () => {
    const tooLarge = () => new ServerError("MESSAGE_TOO_LARGE", "too large");
    const lost = () => new ConnectionError("CONNECTION_LOST", "lost");
    /** A table whose answers have at most `most` rows. */
    const limited = (most: number, refusal: () => Error, asked: number[] = []) =>
      longTable({
        before(_, index) {
          const { rows = 0 } = from.calls[index] ?? {};
          asked.push(rows);
          if (rows > most) throw refusal();
        },
      });
    let from: MemoryTable;

    it.each<[string, SelectionOptions, number[]]>([
      ["rows one after the other", {}, Array.from({ length: LONGS }, (_, row) => row)],
      ["rows by number", { rows: [5, 49_999, 7, 7, 30_000] }, [5, 49_999, 7, 7, 30_000]],
      ["rows backwards", { rows: { start: 20_000, stop: 10, step: -7 } }, backwards(20_000, 10, 7)],
    ])("goes on with smaller requests for %s", async (_, options, expected) => {
      const most = options.rows === undefined ? 3_000 : 3;
      from = limited(most, tooLarge);
      const { rows, cells: found } = joinCells(await collect(from, { ...options, chunkSize: 20_000 }));
      expect(rows).toEqual(expected);
      expect(found).toEqual([expected.map(BigInt)]);
    });

    it("asks for no such answer again", async () => {
      const asked: number[] = [];
      from = limited(3_000, tooLarge, asked);
      await collect(from, { chunkSize: 20_000 }, { concurrency: 1 });
      const last = asked.findLastIndex((rows) => rows > 3_000);
      expect(asked.slice(0, last + 1)).toEqual([16_667, 8_334, 4_167]);
      expect(Math.max(...asked.slice(last + 1))).toBeLessThan(3_000);
    });

    it("takes a lost connection for a sign of that only where the answer may exceed a limit in use", async () => {
      from = limited(3_000, lost);
      await expect(collect(from, { chunkSize: 20_000 })).rejects.toMatchObject({ code: "CONNECTION_LOST" });
      const wide = [field("s", "String", 60_000)];
      const texts = Array.from({ length: 2_000 }, (_, row) => `${row}`);
      let calls = 0;
      const heavy: MemoryTable = new MemoryTable(wide, [texts], {
        before: (_, index) => {
          calls++;
          if (heavy.calls[index]!.rows > 900) throw lost();
        },
      });
      const { cells: found } = joinCells(await collect(heavy, { chunkSize: 1_900 }));
      expect(found).toEqual([texts]);
      expect(calls).toBeLessThan(8);
    });

    it("fails where a single row is too large", async () => {
      from = limited(0, tooLarge);
      await expect(collect(from, { rows: [4] })).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    });
  });
});

function backwards(start: number, stop: number, step: number): number[] {
  const rows: number[] = [];
  for (let row = start; row > stop; row -= step) rows.push(row);
  return rows;
}
