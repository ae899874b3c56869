/** Batches into a CSV file. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ColumnBatch } from "../../../columns/batch.js";
import { FileError } from "../../../errors.js";
import type { TargetFile } from "../../../flow/files/target-file.js";
import { CsvWriter, csvBlocks, csvHeader } from "./csv-writer.js";
import type { ThreadPool } from "./threads/pool.js";
import { buffersOf } from "./threads/tasks.js";
import type { Thread } from "./threads/thread.js";

/** Cells that take longer to write than threads to start. */
export const WORTH_THREADS = 1_000_000;

/**
 * Writes a header and the rows of batches, at least one; returns the number of rows.
 * @param threads share the work; the batches' memory must then be of no use to anyone else.
 */
export function writeRows(
  target: TargetFile,
  batches: AsyncIterable<ColumnBatch>,
  threads?: ThreadPool,
): Promise<number> {
  return threads === undefined ? writeHere(target, batches) : writeWith(threads, target, batches);
}

async function writeHere(target: TargetFile, batches: AsyncIterable<ColumnBatch>): Promise<number> {
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

/** Each batch becomes lines in a thread that is free, or in this one. */
async function writeWith(
  threads: ThreadPool,
  target: TargetFile,
  batches: AsyncIterable<ColumnBatch>,
): Promise<number> {
  const parts: Promise<readonly Uint8Array[]>[] = [];
  const writeFirst = async () => {
    for (const block of await parts.shift()!) await target.write(block);
  };
  let rowCount = 0;
  let first = true;
  for await (const batch of batches) {
    if (first) await target.write(csvHeader(batch.fields));
    first = false;
    rowCount += batch.rowCount;
    const thread = threads.idle;
    const lines = thread === undefined ? linesHere(batch) : linesBy(thread, batch);
    lines.catch(() => {}); // thrown when its turn comes
    parts.push(lines);
    if (thread === undefined) await lines;
    while (parts.length > threads.capacity) await writeFirst();
  }
  while (parts.length > 0) await writeFirst();
  return rowCount;
}

async function linesHere(batch: ColumnBatch): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  for (const block of csvBlocks(batch)) {
    blocks.push(block);
    await nextTurn();
  }
  return blocks;
}

async function linesBy(thread: Thread, batch: ColumnBatch): Promise<Uint8Array[]> {
  const { columns } = batch;
  const rowNumbers = batch.rowNumbers instanceof Float64Array ? batch.rowNumbers.slice() : batch.rowNumbers;
  try {
    return await thread.csvLines({ ...batch, rowNumbers }, buffersOf([columns, rowNumbers]));
  } catch (cause) {
    const message = `A part of the CSV could not be written: ${(cause as Error).message}`;
    throw new FileError("CANNOT_WRITE_FILE", message, { cause });
  }
}
