import { describe, expect, it } from "vitest";
import { progressBar } from "../../../src/cli/shown/progress-bar.js";
import { beginAsking } from "../../../src/flow/process/status-line.js";

function fakeStream(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { stream, written };
}

describe("progressBar", () => {
  it("writes a plain line every five seconds where no person looks", () => {
    let time = 1000;
    const { stream, written } = fakeStream(false);
    const bar = progressBar(stream, "reading", () => time);
    for (const _ of Array.from({ length: 60 })) {
      time += 100;
      bar.onProgress({ done: time, total: 10_000, unit: "rows" });
    }
    bar.end();
    expect(written).toEqual(["reading 60 % of 10,000 rows, 1,200 rows/s\n"]);
  });

  it.each([
    [20, "reading 50 % of 1,0"],
    [34, "reading 50 % of 1,000 rows"],
    [50, "reading [####----] 50 % of 1,000 rows, 500 rows/s"],
    [70, "reading [##############--------------] 50 % of 1,000 rows, 500 rows/s"],
  ])("fits %d columns", (columns, line) => {
    let time = 1000;
    const { stream, written } = fakeStream(true, columns);
    const bar = progressBar(stream, "reading", () => time);
    time += 1000;
    bar.onProgress({ done: 500, total: 1000, unit: "rows" });
    expect(written).toEqual([`\r\u001b[K${line}`]);
    expect(line.length).toBeLessThan(columns);
  });

  it("gives way to a question, and leaves the line to it", () => {
    let time = 0;
    const { stream, written } = fakeStream(true);
    const bar = progressBar(stream, "reading", () => time);
    time = 1000;
    bar.onProgress({ done: 5, total: 10, unit: "rows" });
    const endAsking = beginAsking();
    expect(written.at(-1)).toBe("\r\u001b[K");
    time = 2000;
    bar.onProgress({ done: 6, total: 10, unit: "rows" });
    expect(written).toHaveLength(2);
    endAsking();
    bar.onProgress({ done: 6, total: 10, unit: "rows" });
    expect(written).toHaveLength(3);
  });

  it("rewrites one line, ten times a second at most, and clears it at the end", () => {
    let time = 1000;
    const { stream, written } = fakeStream(true);
    const bar = progressBar(stream, "reading", () => time);
    time += 1000;
    bar.onProgress({ done: 500, total: 1000, unit: "rows" });
    time += 50;
    bar.onProgress({ done: 600, total: 1000, unit: "rows" });
    bar.end();
    expect(written).toEqual([
      "\r\u001b[Kreading [###############---------------] 50 % of 1,000 rows, 500 rows/s",
      "\r\u001b[K",
    ]);
  });

  it("shows what is done where the total is not known", () => {
    let time = 0;
    const { stream, written } = fakeStream(true);
    const bar = progressBar(stream, "searching", () => time);
    time = 2000;
    bar.onProgress({ done: 4096, total: undefined, unit: "bytes" });
    expect(written).toEqual(["\r\u001b[Ksearching 4,096 bytes, 2,048 bytes/s"]);
  });
});
