/**
 * `npm run bench:scale -- [--largest N] [--runs N] [--patience SECONDS] [--out FOLDER]`: time and peak memory from 10,000
 * rows to N (default 10,000,000), ten columns. Sizes to 1,000,000 rows are measured `runs` times (default 3) and the
 * medians taken.
 */
import { parseArgs } from "node:util";
import { scaleTasks, streamingUpload } from "./cases.js";
import { scaleReport } from "./report.js";
import { keepResults, type Scale } from "./results.js";
import { median } from "./statistics.js";
import { observeSurroundings } from "./surroundings.js";
import { Workbench } from "./workbench.js";

const { values } = parseArgs({
  options: {
    largest: { type: "string", default: "10000000" },
    runs: { type: "string", default: "3" },
    patience: { type: "string", default: "120" },
    out: { type: "string", default: "bench" },
  },
});
const SMALLEST = 10_000;
const REPEATED_ROWS = 1_000_000;
const largest = Number(values.largest);

const observed = await observeSurroundings(Number(values.patience));
await using bench = await Workbench.open();
const runs: Scale["runs"] = [];
for (let rows = SMALLEST; rows <= largest; rows *= 10) {
  const { fileId } = await bench.ours(streamingUpload(rows).ours);
  for (const { name, ours } of scaleTasks(fileId!, rows)) {
    const measured = [];
    for (let run = 0; run < (rows > REPEATED_ROWS ? 1 : Number(values.runs)); run++) {
      measured.push(await bench.ours(ours));
    }
    const seconds = median(measured.map((one) => one.seconds));
    const peakMiB = median(measured.map((one) => one.peakMiB));
    runs.push({ name, rows, seconds, peakMiB });
    process.stdout.write(
      `${name}, ${rows.toLocaleString("en")} rows: ${seconds.toFixed(3)} s, ${peakMiB.toFixed(0)} MiB\n`,
    );
  }
}
const scale: Scale = { surroundings: observed(await bench.versions()), runs };
await keepResults(values.out, { scale });
process.stdout.write(`\n${scaleReport(scale)}\n`);
