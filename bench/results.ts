/** What was measured, as it is kept in `results.json`; RESULTS.md and results.svg are made of it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Case } from "./cases.js";
import type { Measurement } from "./measure.js";
import { plot } from "./plot.js";
import { report } from "./report.js";
import type { Surroundings } from "./surroundings.js";

/** What the report needs of a case. */
export type CaseTarget = Pick<Case, "name" | "target" | "beyondTarget" | "slowPeer" | "checksum">;

/** The runs of a case: one of each list is a pair. */
export interface Result {
  case: CaseTarget;
  ours: Measurement[];
  theirs: Measurement[];
  /** Seconds of the table service alone, in the rounds in which they were measured; empty where they say nothing. */
  server: number[];
  failure?: string;
}

export interface StreamingResult {
  name: string;
  ours?: Measurement;
  failure?: string;
}

export interface StartTime {
  /** Seconds of a process that does nothing, and of one that imports the package. */
  bare: number[];
  importing: number[];
}

/** Where a case that missed its target spends its time: shares of the processor's time by function, most first. */
export interface Profile {
  name: string;
  seconds: number;
  functions: { name: string; share: number }[];
}

export interface Comparison {
  surroundings: Surroundings;
  rows: number;
  results: Result[];
  streaming: { rows: number; results: StreamingResult[] };
  start: StartTime;
  profiles: Profile[];
}

export interface ScaleRun {
  name: string;
  rows: number;
  seconds: number;
  peakMiB: number;
}

export interface Scale {
  surroundings: Surroundings;
  runs: ScaleRun[];
}

export interface Part {
  group: string;
  name: string;
  /** Milliseconds of one run. */
  median: number;
  /** Relative margin of error of the mean, at 95 %, in per cent. */
  rme: number;
}

export interface Parts {
  surroundings: Surroundings;
  parts: Part[];
}

export interface Results {
  comparison?: Comparison;
  scale?: Scale;
  parts?: Parts;
}

/** Adds what was measured to what is kept in a folder, and writes the report and the plot anew. */
export async function keepResults(folder: string, measured: Results): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "results.json");
  const results = { ...(await kept(path)), ...measured };
  await writeFile(path, `${JSON.stringify(results, rounded, 1)}\n`);
  await writeFile(join(folder, "RESULTS.md"), report(results));
  await writeFile(join(folder, "results.svg"), plot(results));
}

async function kept(path: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}
