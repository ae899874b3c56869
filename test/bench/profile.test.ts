import { describe, expect, it } from "vitest";
import { type CpuProfile, topFunctions } from "../../bench/profile.js";

/** A profile of 1 ms samples, which begins at 1000 ms. */
function profile(samples: readonly [functionName: string, url: string][]): CpuProfile {
  return {
    nodes: samples.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } })),
    startTime: 1_000_000,
    samples: samples.map((_, id) => id),
    timeDeltas: samples.map((_, index) => (index === 0 ? 0 : 1000)),
  };
}

const MODULE = "file:///project/dist/chunks/chunk-AB12CD34.js";
const WORKER = "file:///project/dist/threads/worker.js";

/** The functions from `from` to `to`, in milliseconds after a profile's beginning. */
function top(threads: Parameters<typeof topFunctions>[0], from: number, to: number) {
  return topFunctions(threads, (1000 + from) * 1000, (1000 + to) * 1000);
}

describe("functions of a profile", () => {
  it("are named by where they are from, and add up over their calls", () => {
    const main = profile([
      ["(idle)", ""],
      ["(idle)", ""],
      ["decode", MODULE],
      ["decode", MODULE],
      ["decode", MODULE],
      ["", "file:///project/node_modules/ice/src/index.js"],
      ["(garbage collector)", ""],
      ["readSync", "node:fs"],
      ["(program)", ""],
      ["after", MODULE],
    ]);
    expect(top([{ profile: main, isMain: true }], 0, 10)).toEqual([
      { name: "decode (chunk.js)", share: 0.3 },
      { name: "waiting", share: 0.2 },
      { name: "anonymous function (ice)", share: 0.1 },
      { name: "garbage collection", share: 0.1 },
      { name: "readSync (Node.js)", share: 0.1 },
      { name: "native code", share: 0.1 },
    ]);
  });

  it("count only while the operation runs", () => {
    const main = profile([
      ["start", MODULE],
      ["start", MODULE],
      ["work", MODULE],
      ["work", MODULE],
      ["end", MODULE],
      ["end", MODULE],
    ]);
    expect(top([{ profile: main, isMain: true }], 1.5, 4)).toEqual([
      { name: "work (chunk.js)", share: 0.8 },
      { name: "start (chunk.js)", share: 0.2 },
    ]);
  });

  it("leave out what is little, and the idle time of other threads", () => {
    const main = profile([
      ["rare", MODULE],
      ["(idle)", ""],
      ["(idle)", ""],
    ]);
    const thread = profile([
      ["(idle)", ""],
      ["scan", WORKER],
      ["scan", WORKER],
      ["once", WORKER],
      ["(idle)", ""],
    ]);
    const found = top(
      [
        { profile: thread, isMain: false },
        { profile: main, isMain: true },
      ],
      0,
      100,
    );
    expect(found).toEqual([{ name: "scan (worker.js), other threads", share: 0.02 }]);
  });
});
