/** Every type of column through every format that writes files, cell by cell. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type ColumnBatch, type ColumnField, field } from "../../src/columns/batch.js";
import { emptyBatch } from "../../src/columns/batch-operations.js";
import { formatOfNewFile } from "../../src/formats/choose-format.js";
import { openFileTable } from "../../src/formats/open-table.js";
import { DataError } from "../../src/index.js";
import { batchOf, type Cell, cellsOf } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";

/** Formats that say what type a column is. */
const TYPED = ["parquet", "arrow", "arrows"];
const UNTYPED = ["ndjson", "json"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "every-type-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

async function write(format: string, batches: readonly ColumnBatch[]): Promise<string> {
  const path = join(folder, `table.${format}`);
  const sink = await formatOfNewFile(path).createSink!(path, { onWarning: () => {} });
  const stream = (async function* () {
    yield* batches;
  })();
  try {
    const fields = batches[0]!.fields;
    const metadata = async () => new Map<string, string>([["größe", "x"]]);
    const rows = await sink.write({ fields, rowCount: undefined, batches: stream, metadata });
    expect(rows).toBe(batches.reduce((sum, { rowCount }) => sum + rowCount, 0));
  } finally {
    await sink.close();
  }
  expect(readdirSync(folder)).toEqual([`table.${format}`]);
  return path;
}

async function read(path: string): Promise<{ fields: readonly ColumnField[]; cells: Cell[][]; rows: number }> {
  const table = await openFileTable(path, {});
  try {
    const columns = table.fields.map((_, index) => index);
    const batch = await table.read(columns, 0, table.rowCount);
    return { fields: table.fields, cells: cellsOf(batch), rows: table.rowCount };
  } finally {
    await table.close();
  }
}

function split(cells: readonly (readonly Cell[])[], at: number): ColumnBatch[] {
  const part = (start: number, stop?: number) =>
    batchOf(
      EVERY_TYPE,
      cells.map((column) => column.slice(start, stop)),
    );
  return [part(0, at), part(at)];
}

describe.each(TYPED)("%s", (format) => {
  const cells = everyTypeCells(41);

  it("keeps every cell, type, width and description, over several batches", async () => {
    const found = await read(await write(format, split(cells, 13)));
    expect(found.fields).toEqual(EVERY_TYPE);
    expect(found.cells).toEqual(cells);
  });

  it.each([0, 1])("keeps the columns of %d rows", async (count) => {
    const some = cells.map((column) => column.slice(0, count));
    const found = await read(await write(format, [count === 0 ? emptyBatch(EVERY_TYPE) : batchOf(EVERY_TYPE, some)]));
    expect(found.rows).toBe(count);
    expect(found.fields.map(({ name, type }) => [name, type])).toEqual(
      EVERY_TYPE.map(({ name, type }) => [name, type]),
    );
    expect(found.cells).toEqual(some);
  });

  it("keeps extremes bit by bit", async () => {
    const fields = [field("a/b ü", "Long"), field("d", "Double"), field("s", "String", 9)];
    const extremes = [
      [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n],
      [-0, Number.MIN_VALUE, Number.NEGATIVE_INFINITY, Number.NaN],
      ["", '\u0001"\\\n', "😀", "\t"],
    ];
    expect((await read(await write(format, [batchOf(fields, extremes)]))).cells).toEqual(extremes);
  });

  it("keeps 2,000 columns", async () => {
    const fields = Array.from({ length: 2000 }, (_, index) => field(`c ${index}`, index % 2 ? "Long" : "Double"));
    const values = fields.map(({ type }, index) => (type === "Long" ? [BigInt(index), -1n] : [index / 3, Number.NaN]));
    expect((await read(await write(format, [batchOf(fields, values)]))).cells).toEqual(values);
  });

  it("tells damage from content: no fault, no hang", async () => {
    const path = await write(format, split(cells, 20));
    const whole = readFileSync(path);
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed % below;
    };
    for (let trial = 0; trial < 150; trial++) {
      const bytes = Buffer.from(whole);
      if (trial % 3 === 0) writeFileSync(path, bytes.subarray(0, next(bytes.length)));
      else {
        for (let flips = 0; flips < 1 + (trial % 5); flips++) bytes[next(bytes.length)] = next(256);
        writeFileSync(path, bytes);
      }
      await read(path).catch((error) => expect(error).toBeInstanceOf(DataError));
    }
  });
});

describe.each(UNTYPED)("%s", (format) => {
  it("keeps numbers of any size, text, arrays and missing values", async () => {
    const fields = [
      field("id", "Long"),
      field("d", "Double"),
      field("s", "String", 8),
      field("b", "Bool"),
      field("l", "DoubleArray", 2),
    ];
    const cells: Cell[][] = [
      [2n ** 63n - 1n, -(2n ** 63n), 12345678901234567n],
      [0.1, Number.NaN, 1e-7],
      ["12345678901234567890", 'é"\\', "\n\u0001"],
      [true, false, true],
      [
        [1.5, 2],
        [3, 4],
        [0.1, 1e300],
      ],
    ];
    const wide = field("s", "String", 20);
    const found = await read(await write(format, [batchOf([fields[0]!, fields[1]!, wide, ...fields.slice(3)], cells)]));
    expect(found.fields.map(({ type }) => type)).toEqual(["Long", "Double", "String", "Bool", "DoubleArray"]);
    expect(found.cells).toEqual(cells);
  });

  it("is the JSON that JSON.parse reads", async () => {
    const fields = [field('a"b', "Double"), field("s", "String", 4)];
    const path = await write(format, [
      batchOf(fields, [
        [1, Number.POSITIVE_INFINITY],
        ["x", "é\t"],
      ]),
    ]);
    const text = readFileSync(path, "utf8");
    const rows =
      format === "json"
        ? JSON.parse(text)
        : text
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line));
    expect(rows).toEqual([
      { 'a"b': 1, s: "x" },
      { 'a"b': null, s: "é\t" },
    ]);
  });
});
