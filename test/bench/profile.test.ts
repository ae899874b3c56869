import { describe, expect, it } from "vitest";
import { type CpuProfile, topFunctions } from "../../bench/profile.js";

/** A profile of 1 ms samples. */
function profile(samples: readonly [functionName: string, url: string][], milliseconds: number): CpuProfile {
  return {
    nodes: samples.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } })),
    startTime: 0,
    endTime: milliseconds * 1000,
    samples: samples.map((_, id) => id),
    timeDeltas: samples.map(() => 1000),
  };
}

describe("functions of a profile", () => {
  it("are named by where they are from, and add up over their calls", () => {
    const main = profile(
      [
        ["(idle)", ""],
        ["(idle)", ""],
        ["decode", "file:///project/dist/chunks/chunk-AB12CD34.js"],
        ["decode", "file:///project/dist/chunks/chunk-AB12CD34.js"],
        ["decode", "file:///project/dist/chunks/chunk-AB12CD34.js"],
        ["", "file:///project/node_modules/ice/src/index.js"],
        ["(garbage collector)", ""],
        ["readSync", "node:fs"],
      ],
      10,
    );
    expect(topFunctions([{ profile: main, isMain: true }])).toEqual([
      { name: "decode (chunk.js)", share: 0.3 },
      { name: "waiting", share: 0.2 },
      { name: "anonymous function (ice)", share: 0.1 },
      { name: "garbage collection", share: 0.1 },
      { name: "readSync (Node.js)", share: 0.1 },
    ]);
  });

  it("leave out what is little, and the idle time of other threads", () => {
    const main = profile([["(idle)", ""]], 100);
    const thread = profile(
      [
        ["(idle)", ""],
        ["scan", "file:///project/dist/threads/worker.js"],
        ["scan", "file:///project/dist/threads/worker.js"],
        ["once", "file:///project/dist/threads/worker.js"],
      ],
      100,
    );
    const found = topFunctions([
      { profile: thread, isMain: false },
      { profile: main, isMain: true },
    ]);
    expect(found).toEqual([{ name: "scan (worker.js), other threads", share: 0.02 }]);
  });
});
