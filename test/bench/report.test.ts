import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { comparisonReport, partsReport, ratio, report, scaleReport } from "../../bench/report.js";
import { keepResults } from "../../bench/results.js";
import { comparison, QUIET, result, scale } from "./made-results.js";

/** Rows of the Markdown table whose first heading is `first`. */
function rowsOf(markdown: string, first: string): string[][] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  const table = lines.slice(start, length < 0 ? undefined : start + length);
  const cells = table.map((line) => line.slice(2, -2).split(" | "));
  expect(new Set(cells.map((row) => row.length)).size).toBe(1);
  return cells.slice(2);
}

describe("report", () => {
  it("gives each case its ratio with the least and the greatest, and its verdict", () => {
    const text = comparisonReport(
      comparison([
        result({ name: "fast", checksum: false }, [1, 1, 1], [12, 10, 11]),
        result({ name: "slow", target: 30, checksum: true }, [1], [2]),
      ]),
    );
    expect(rowsOf(text, "case")).toEqual([
      ["fast", "no", "1.00", "11.00", "**11** (10 to 12)", "2", "met", "120", "700", "3"],
      ["slow", "yes", "1.00", "2.00", "**2.00** (2.00 to 2.00)", "30", "**missed**", "120", "700", "1"],
    ]);
    expect(text).not.toContain("not quiet");
  });

  it("says how the server limits a case", () => {
    const text = comparisonReport(comparison([result({ target: 3 }, [2.2], [4], [2])]));
    expect(text).toContain("server's limit");
    expect(text).toContain("| whole table | 2.00 | 1.10 | 2.00 | 3 |");
  });

  it("warns where the machine was not quiet", () => {
    const loud = { ...comparison([]), surroundings: { ...QUIET, loadBefore: 1.5 } };
    expect(comparisonReport(loud)).toContain("**The machine was not quiet: load average 1.50 at the start.**");
  });

  it("holds streaming and importing against their limits", () => {
    const text = comparisonReport(comparison([], [238, 239]));
    expect(text).toMatch(/stream 0 \| 3.0 \| 250 \| 250 \| met/);
    expect(text).toMatch(/stream 1 \| 3.0 \| 251 \| 250 \| \*\*missed\*\*/);
    expect(text).toContain(
      "100 ms, one that does nothing 40 ms (medians of 3 in turn): 60 ms, at most 80 ms wanted: met.",
    );
  });

  it("names what failed", () => {
    const failed = { ...result({ name: "broken" }, [], []), failure: "WireError: no more" };
    const made = comparison([failed]);
    made.streaming.results.push({ name: "big", failure: "out of memory" });
    const text = comparisonReport(made);
    expect(text).toContain("- broken: WireError: no more");
    expect(text).toContain("**failed**: out of memory");
  });

  it("shows profiles of the cases that miss", () => {
    const made = {
      ...comparison([]),
      profiles: [{ name: "slow", seconds: 1, functions: [{ name: "scan", share: 0.25 }] }],
    };
    expect(comparisonReport(made)).toContain("- slow: scan 25 %");
  });

  it("fits slopes to sizes", () => {
    const text = scaleReport(scale([2e-6]));
    expect(text).toContain("| task 0 | 12.0 | 3.00 | 2.10 | 100 | 2.00 | ");
    expect(text).toContain("| task 0 | 80 | 81 | 90 | 10.0 |");
  });

  it("does not break its tables at a bar in a name", () => {
    const parts = [{ group: "condition", name: "(a<1)|(b>2)", median: 1.2345, rme: 3 }];
    expect(partsReport({ surroundings: QUIET, parts })).toContain("| condition | (a<1)\\|(b>2) | 1.23 | 3.0 % |");
  });

  it("shows small ratios more exactly", () => {
    expect([0.123, 0.99, 2.494, 2.996, 9.94, 9.96, 123.4].map(ratio)).toEqual([
      "0.12",
      "0.99",
      "2.49",
      "3.0",
      "9.9",
      "10",
      "123",
    ]);
  });
});

describe("kept results", () => {
  it("keep what another command has measured", async () => {
    const folder = await mkdtemp(join(tmpdir(), "results-"));
    try {
      await keepResults(folder, { comparison: comparison([result({}, [1], [2])]) });
      await keepResults(folder, { scale: scale([1e-6]) });
      const text = await readFile(join(folder, "RESULTS.md"), "utf8");
      expect(text).toContain("## Beside omero2pandas");
      expect(text).toContain("## Scale");
      const results = JSON.parse(await readFile(join(folder, "results.json"), "utf8"));
      expect(text).toBe(report(results));
      expect(await readFile(join(folder, "results.svg"), "utf8")).toMatch(/^<svg /);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
