/** Writes a file of so many rows of the benchmark's table: `write-format.ts FORMAT ROWS PATH`. Prints one line of JSON. */
import { statSync } from "node:fs";
import { formatOfNewFile } from "../../src/formats/choose-format.js";
import { sampleBatch } from "../micro/sample.js";

const BATCH_ROWS = 65_536;
const [format = "parquet", rows = "1000000", path = ""] = process.argv.slice(2);
const rowCount = Number(rows);
const batch = sampleBatch(BATCH_ROWS);
const { fields } = batch;

/** The same rows again and again: making them is not what is measured. */
async function* batches() {
  for (let row = 0; row < rowCount; row += BATCH_ROWS) {
    yield rowCount - row >= BATCH_ROWS ? batch : sampleBatch(rowCount - row);
  }
}

const sink = await formatOfNewFile(path, format).createSink!(path, { overwrite: true });
const start = performance.now();
const before = process.cpuUsage();
await sink.write({ fields, rowCount, batches: batches() });
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - start) / 1000;
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({
    seconds,
    cpu: (user + system) / 1e6,
    megabytes: statSync(path).size / 1e6,
    peak: (maxRSS * 1024) / 1e6,
  }),
);
