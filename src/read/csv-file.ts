/** Batches into a CSV file. */
import type { ColumnBatch } from "../batch.js";
import { CsvWriter, csvHeader } from "./csv-writer.js";
import type { TargetFile } from "./target-file.js";

/** Writes a header and the rows of batches, at least one; returns the number of rows. */
export async function writeRows(target: TargetFile, batches: AsyncIterable<ColumnBatch>): Promise<number> {
  const writer = new CsvWriter();
  let rowCount = 0;
  let first = true;
  for await (const batch of batches) {
    if (first) await target.write(csvHeader(batch.fields));
    first = false;
    for (const block of writer.write(batch)) await target.write(block);
    rowCount += batch.rowCount;
  }
  return rowCount;
}
