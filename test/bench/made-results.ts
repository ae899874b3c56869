/** Results as a benchmark gives them, made up. */
import type { Measurement } from "../../bench/measure.js";
import type { CaseTarget, Comparison, Result, Scale } from "../../bench/results.js";
import type { Surroundings } from "../../bench/surroundings.js";

export function runs(seconds: readonly number[], peakMiB = 100): Measurement[] {
  return seconds.map((value) => ({ seconds: value, peakMiB }));
}

export function result(
  wanted: Partial<CaseTarget>,
  ours: readonly number[],
  theirs: readonly number[],
  server: readonly number[] = [],
): Result {
  return {
    case: { name: "whole table", target: 2, ...wanted },
    ours: runs(ours, 120),
    theirs: runs(theirs, 700),
    server: [...server],
  };
}

export const QUIET: Surroundings = {
  machine: "2 x Processor, 8 GiB",
  versions: { "Node.js": "20.0.0" },
  loadBefore: 0.1,
  loadAfter: 1.9,
  minutes: 12,
};

export function comparison(results: readonly Result[], streamedMiB: readonly number[] = []): Comparison {
  const streamed = streamedMiB.map((peakMiB, index) => ({ name: `stream ${index}`, ours: runs([3], peakMiB)[0]! }));
  return {
    surroundings: QUIET,
    rows: 1_000_000,
    results: [...results],
    streaming: { rows: 10_000_000, results: streamed },
    start: { bare: [0.04, 0.05, 0.03], importing: [0.1, 0.09, 0.11] },
    profiles: [],
  };
}

export function scale(secondsPerRow: readonly number[], sizes = [10_000, 100_000, 1_000_000]): Scale {
  const all = secondsPerRow.flatMap((cost, index) =>
    sizes.map((rows) => ({ name: `task ${index}`, rows, seconds: 0.1 + cost * rows, peakMiB: 80 + rows / 100_000 })),
  );
  return { surroundings: QUIET, runs: all };
}
