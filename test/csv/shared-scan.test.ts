import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type OpenCsvOptions, openCsv } from "../../src/csv/index.js";
import { sharing } from "../../src/csv/shared-scan.js";
import { OmeroError } from "../../src/errors.js";
import { TaskFailure, Thread } from "../../src/threads/thread.js";
import { provideThreads } from "../support/thread-program.js";
import { readAll } from "./read-all.js";

const usual = { ...sharing };
let directory: string;
let withdrawThreads: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-shared-"));
  withdrawThreads = await provideThreads();
});
afterAll(async () => {
  await withdrawThreads();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  Object.assign(sharing, { worthBytes: 0, segmentBytes: 100_000 });
});
afterEach(() => {
  Object.assign(sharing, usual);
  vi.restoreAllMocks();
});

async function outcome(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof OmeroError)) throw error;
    const { code, message, column, row } = error as OmeroError & { column?: string; row?: number };
    return { code, message, column, row };
  }
}

/** What is read of a file by several threads and, as a stream has one reader, by one. */
async function both(content: string | Uint8Array, options: OpenCsvOptions = {}) {
  const path = join(directory, "table.csv");
  await writeFile(path, content);
  const shared = await outcome(() => readAll(path, options, 5000));
  const alone = await outcome(() => readAll([Buffer.from(content)], options, 5000));
  return { shared, alone };
}

/** More rows than the first megabyte, from which kinds are learnt, and `end` after them. */
function longTable(end = "", lineBreak = "\n"): string {
  const rows = Array.from({ length: 45_000 }, (_, row) => `${row},${row / 7},t${row % 5},${row % 2 === 0},,${row}`);
  return ["n,x,text,flag,none,m", ...rows].join(lineBreak) + lineBreak + end;
}

describe("a file read by several threads", () => {
  test.each(["\n", "\r\n", "\r"])("holds what one thread reads, lines ending in %j", async (lineBreak) => {
    const { shared, alone } = await both(longTable("7,0.5,é,true,,1", lineBreak));
    expect(shared).toEqual(alone);
  });

  test("is scanned by others, segment by segment, and told of", async () => {
    const run = vi.spyOn(Thread.prototype, "run");
    const path = join(directory, "told.csv");
    const text = longTable();
    await writeFile(path, text);
    const told: number[] = [];
    const csv = await openCsv(path, { onProgress: ({ done }) => told.push(done) });
    await csv.close();
    expect(run.mock.calls.filter(([name]) => name === "scanCsv").length).toBeGreaterThan(3);
    expect(told).toHaveLength(Math.ceil(text.length / 100_000));
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(text.length);
  });

  test.each([
    ["with a byte order mark", `\ufeff${longTable()}`, {}],
    ["without names", longTable().slice(longTable().indexOf("\n") + 1), { header: false }],
    ["of some columns", longTable(), { columnNames: ["text", "m"] }],
    [
      "of columns of given kinds",
      longTable(),
      { kinds: new Map([["n", "double"] as const, ["m", "string"] as const]) },
    ],
    ["too large to be kept", longTable(), { keptBytes: 0 }],
    ["kept in a temporary file in part", longTable(), { keptBytes: 700_000 }],
    ["with other missing values", longTable("7,0.5,t1,true,-,1\n"), { missingValues: ["-", ""] }],
    ["with 7 among the missing values", longTable(), { missingValues: ["7", ""] }],
  ])("%s", async (_, content, options) => {
    const { shared, alone } = await both(content, options);
    expect(shared).toEqual(alone);
  });

  test.each([
    ["a fraction among integers", "0.5,1,t,true,,1\n"],
    ["a gap among integers", ",1,t,true,,1\n"],
    ["text among numbers", "1,one,t,true,,1\n"],
    ["a gap among booleans", "1,1,t,,,1\n"],
    ["a value in an empty column", "1,1,t,true,x,1\n"],
    ["an integer beyond 2^53", "9007199254740993,1,t,true,,1\n"],
    ["an integer beyond 64 bits", "1,1,t,true,,99999999999999999999\n"],
    ["a gap beside an integer beyond 2^53", "9007199254740993,1,t,true,,1\n,1,t,true,,1\n"],
    ["a text that ends in NUL", "1,1,t\0,true,,1\n"],
    ["a quoted line break", '1,1,"a\nb",true,,1\n'],
    ["a cell too few", "1,1,t,true,1\n"],
    ["a cell too many", "1,1,t,true,,1,1\n"],
    ["an open quote", '1,1,"t,true,,1\n2,2,u,false,,2\n'],
    ["text after a quote", '1,1,"t"u,true,,1\n'],
  ])("tells what one thread tells of %s", async (_, end) => {
    const more = "1,2,t,true,,3\n".repeat(9000);
    const { shared, alone } = await both(longTable(more + end + more));
    expect(shared).toEqual(alone);
  });

  test("is refused where it is not UTF-8", async () => {
    const { shared, alone } = await both(Buffer.concat([Buffer.from(longTable()), Buffer.from([0xff, 0x0a])]));
    expect(shared).toEqual(alone);
    expect(shared).toMatchObject({ code: "MALFORMED_CSV" });
  });

  test("stops at once when told to", async () => {
    const path = join(directory, "stopped.csv");
    await writeFile(path, longTable());
    const stop = new AbortController();
    const opening = openCsv(path, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
  });

  test("is read by one thread where the others have ended", async () => {
    const run = vi.spyOn(Thread.prototype, "run").mockRejectedValue(new TaskFailure("it ended"));
    const { shared, alone } = await both(longTable());
    expect(run).toHaveBeenCalled();
    expect(shared).toEqual(alone);
  });
});

test("line breaks inside quoted cells, wherever the segments end", async () => {
  const cell = fc.constantFrom("1", "-2.5", "true", "x", "", '"a\nb"', '"c\r\nd,e"', '"f""\n""g"', '"\n\n"', "é");
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 4, max: 200 }), async (cells, segmentBytes) => {
      Object.assign(sharing, { segmentBytes });
      const text = ["a,b,c", ...cells.map((row) => row.join(","))].join("\n");
      const { shared, alone } = await both(text, { header: true, delimiter: ",", quote: '"' });
      expect(shared).toEqual(alone);
    }),
    { numRuns: 60 },
  );
});
