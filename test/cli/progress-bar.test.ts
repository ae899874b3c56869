import { describe, expect, it } from "vitest";
import { progressBar } from "../../src/cli/progress-bar.js";

function fakeStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { stream, written };
}

describe("progressBar", () => {
  it("writes nothing where no person looks", () => {
    const { stream, written } = fakeStream(false);
    const bar = progressBar(stream, "reading");
    bar.onProgress({ done: 1, total: 2, unit: "rows" });
    bar.end();
    expect(written).toEqual([]);
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
