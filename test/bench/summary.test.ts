import { describe, expect, it } from "vitest";
import { summarise } from "../../bench/summary.js";
import { result } from "./made-results.js";

describe("summary of a case", () => {
  it("takes the median of the pairs' ratios, not the ratio of the medians", () => {
    const summary = summarise(result({}, [1, 2, 4], [10, 6, 8]))!;
    expect(summary).toMatchObject({
      pairs: 3,
      oursSeconds: 2,
      theirsSeconds: 8,
      ratio: { min: 2, median: 3, max: 10 },
      oursMiB: 120,
      theirsMiB: 700,
      server: undefined,
      beyond: undefined,
      verdict: "met",
    });
  });

  it("is met at the target exactly, and missed below it", () => {
    expect(summarise(result({ target: 2 }, [1], [2]))?.verdict).toBe("met");
    expect(summarise(result({ target: 2 }, [1], [1.99]))?.verdict).toBe("missed");
  });

  it("has nothing to say of a case without a pair", () => {
    expect(summarise(result({}, [], []))).toBeUndefined();
  });

  it("allows for the server where no client could reach the target, and ours is near its time", () => {
    const verdict = (ours: number, server: number) => summarise(result({ target: 3 }, [ours], [4], [server]))!.verdict;
    expect(verdict(2.2, 2)).toBe("server");
    expect(verdict(2.4, 2)).toBe("missed"); // too far from the server's time
    expect(verdict(1.4, 1.3)).toBe("missed"); // a client could reach it
    expect(verdict(1.3, 2)).toBe("met");
  });

  it("compares with the server only the rounds in which it was measured", () => {
    const { server } = summarise(result({}, [2, 3, 100], [9, 9, 9], [2, 2]))!;
    expect(server).toEqual({ seconds: 2, ratio: 1.25 });
  });

  it("holds memory beyond the input against its limit", () => {
    const fast = result({ beyondTarget: 300 }, [1, 1, 1], [9, 9, 9]);
    for (const [index, run] of fast.ours.entries()) run.beyondMiB = [250, 310, 240][index];
    expect(summarise(fast)).toMatchObject({ beyond: { megabytes: 262.144, target: 300 }, verdict: "met" });
    for (const run of fast.ours) run.beyondMiB = 287;
    expect(summarise(fast)?.verdict).toBe("missed");
    for (const run of fast.ours) delete run.beyondMiB;
    expect(summarise(fast)?.verdict).toBe("missed");
  });
});
