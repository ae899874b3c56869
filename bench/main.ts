/**
 * `npm run bench -- [--rows N] [--pairs N] [--slow-pairs N] [--streamed N] [--only TEXT] [--patience SECONDS]
 * [--out FOLDER]`: omero2frame beside its peers, in turn. `--slow-pairs` are for the cases in which the peer takes a
 * minute or more; streaming is measured at `--streamed` times as many rows; `--patience` is how long to wait at most for
 * the machine to be quiet. The results go to FOLDER, `bench` by default; with `--only` they are printed and nothing is
 * written.
 */
import { parseArgs } from "node:util";
import { cases } from "./cases.js";
import { comparePairs, profileMissed, runStreaming } from "./comparison.js";
import { comparisonReport } from "./report.js";
import { type Comparison, keepResults } from "./results.js";
import { measureStart } from "./start-time.js";
import { observeSurroundings, QUIET_LOAD } from "./surroundings.js";
import { Workbench } from "./workbench.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    pairs: { type: "string", default: "5" },
    "slow-pairs": { type: "string", default: "5" },
    streamed: { type: "string", default: "10" },
    only: { type: "string" },
    patience: { type: "string", default: "120" },
    out: { type: "string", default: "bench" },
  },
});
const IMPORT_RUNS = 15;
const { only } = values;
const rows = Number(values.rows);
const pairs = { usual: Number(values.pairs), slow: Number(values["slow-pairs"]) };
const streamed = Number(values.streamed);

const observed = await observeSurroundings(Number(values.patience));
const startedAt = performance.now();
const log = (text: string) => {
  process.stdout.write(`${((performance.now() - startedAt) / 60_000).toFixed(1)} min  ${text}\n`);
};

await using bench = await Workbench.open();
const versions = await bench.versions();
const start = await measureStart(IMPORT_RUNS);
log("making the data");
const data = await bench.makeData(rows);
const chosen = cases(data).filter(({ name }) => name.includes(only ?? ""));
const results = await comparePairs(chosen, pairs, rows, bench, log);
const comparison: Comparison = {
  surroundings: observed(versions),
  rows,
  results,
  streaming: { rows: streamed * rows, results: [] },
  start,
  profiles: [],
};
// Kept at once, so that little is lost if what follows fails.
if (only === undefined) await keepResults(values.out, { comparison });
if (only === undefined) comparison.streaming.results = await runStreaming(data, streamed, bench, log);
comparison.profiles = await profileMissed(chosen, results, bench, log);
comparison.surroundings = observed(versions);
if (only === undefined) await keepResults(values.out, { comparison });
process.stdout.write(`\n${comparisonReport(comparison)}\n`);
if (comparison.surroundings.loadBefore > QUIET_LOAD) log("the machine was not quiet when this began");
const failures = [...results, ...comparison.streaming.results].filter(({ failure }) => failure !== undefined);
if (failures.length > 0) process.exitCode = 1;
