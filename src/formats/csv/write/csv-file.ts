/** Batches into a CSV file. */

import type { ColumnBatch } from "../../../columns/batch.js";
import { FileError } from "../../../errors.js";
import { mapInOrder } from "../../../flow/map-in-order.js";
import { nextTurn } from "../../node.js";
import { COMMA, type Delimiter } from "./csv-cells.js";
import { CsvWriter, csvBlocks, csvHeader } from "./csv-writer.js";
import type { ThreadPool } from "./threads/pool.js";
import { buffersOf } from "./threads/tasks.js";
import type { Thread } from "./threads/thread.js";

/** Cells that take longer to write than threads to start. */
export const WORTH_THREADS = 1_000_000;

/** Where lines go. Bytes stay as they are until the promise of the next call resolves. */
export interface LineTarget {
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * Writes a header and the rows of batches, at least one; returns the number of rows.
 * @param threads share the work; the batches' memory must then be of no use to anyone else.
 */
export function writeRows(
  target: LineTarget,
  batches: AsyncIterable<ColumnBatch>,
  threads?: ThreadPool,
  delimiter: Delimiter = COMMA,
): Promise<number> {
  return threads === undefined || delimiter !== COMMA
    ? writeHere(target, batches, delimiter)
    : writeWith(threads, target, batches);
}

async function writeHere(
  target: LineTarget,
  batches: AsyncIterable<ColumnBatch>,
  delimiter: Delimiter,
): Promise<number> {
  const writer = new CsvWriter(delimiter);
  let rowCount = 0;
  let first = true;
  for await (const batch of batches) {
    if (first) await target.write(csvHeader(batch.fields, delimiter));
    first = false;
    for (const block of writer.write(batch)) await target.write(block);
    rowCount += batch.rowCount;
  }
  return rowCount;
}

/** Each batch becomes lines in a thread that is free, or in this one. */
async function writeWith(
  threads: ThreadPool,
  target: LineTarget,
  batches: AsyncIterable<ColumnBatch>,
): Promise<number> {
  const write = async (batch: ColumnBatch) => {
    const { fields, rowCount } = batch;
    const thread = threads.idle;
    return { fields, rowCount, lines: await (thread === undefined ? linesHere(batch) : linesBy(thread, batch)) };
  };
  const concurrency = threads.capacity + 1;
  let rows = 0;
  let first = true;
  for await (const { fields, rowCount, lines } of mapInOrder(batches, write, { concurrency, label: "Writing CSV" })) {
    if (first) await target.write(csvHeader(fields));
    first = false;
    for (const block of lines) await target.write(block);
    rows += rowCount;
  }
  return rows;
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
