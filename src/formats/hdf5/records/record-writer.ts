import { type ColumnBatch, rowNumberArray } from "../../../columns/batch.js";
import { throwIfAborted } from "../../../errors.js";
import { WriteBehind } from "../../../flow/write-behind.js";
import type { ByteSequences } from "../structure/global-heap.js";
import type { TableFile } from "../table-file.js";
import { type BlockBuffers, rowsInBlock } from "./block-buffers.js";
import type { ColumnPlace } from "./record-layout.js";
import { RecordScatterer } from "./record-scatterer.js";

/** Adds the rows of a batch that has every column. When it fails, none has been added. */
export async function appendBatch(
  file: TableFile,
  buffers: BlockBuffers,
  places: readonly ColumnPlace[],
  batch: ColumnBatch,
  signal: AbortSignal | undefined,
): Promise<void> {
  const before = file.rowCount;
  try {
    await writeMaskBits(file, batch, before);
    await appendRecords(file, buffers, places, batch, signal);
  } catch (error) {
    await file.dropRows(before);
    throw error;
  }
}

async function appendRecords(
  file: TableFile,
  buffers: BlockBuffers,
  places: readonly ColumnPlace[],
  batch: ColumnBatch,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size } = file.record;
  const scatterer = new RecordScatterer(places, size, batch);
  const rowsAtOnce = rowsInBlock(size);
  let turn: 0 | 1 = 0;
  const writes = new WriteBehind();
  try {
    for (let row = 0; row < batch.rowCount; row += rowsAtOnce) {
      const records = buffers.take(turn, Math.min(rowsAtOnce, batch.rowCount - row) * size);
      turn = turn === 0 ? 1 : 0;
      scatterer.fill(records, row);
      await writes.next(async () => {
        throwIfAborted(signal, "adding rows to the table's file");
        await file.writeRecords(records, file.rowCount);
      });
    }
    await writes.done();
  } finally {
    await writes.settled();
  }
}

/** Overwrites, in the batch's columns, the rows it names. */
export async function overwriteRows(
  file: TableFile,
  places: readonly ColumnPlace[],
  batch: ColumnBatch,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size } = file.record;
  const scatterer = new RecordScatterer(places, size, batch);
  const rowsAtOnce = rowsInBlock(size);
  for (const { at, row, count } of runs(rowNumberArray(batch.rowNumbers, batch.rowCount), rowsAtOnce)) {
    throwIfAborted(signal, "updating the table's file");
    const records = new Uint8Array(count * size);
    await file.readRecords(records, row);
    scatterer.fill(records, at);
    await file.writeRecords(records, row);
    await writeMaskBits(file, batch, row, at, count);
  }
}

interface Run {
  /** Position in the batch. */
  readonly at: number;
  /** First row in the table. */
  readonly row: number;
  readonly count: number;
}

/** Stretches of a batch that are rows next to each other in the table. */
function* runs(rows: Float64Array, longest: number): Generator<Run> {
  for (let at = 0; at < rows.length; ) {
    let end = at + 1;
    while (end < rows.length && end - at < longest && rows[end] === rows[end - 1]! + 1) end++;
    yield { at, row: rows[at]!, count: end - at };
    at = end;
  }
}

async function writeMaskBits(
  file: TableFile,
  batch: ColumnBatch,
  row: number,
  at = 0,
  count = batch.rowCount,
): Promise<void> {
  const mask = batch.columns.find((column) => column.kind === "mask");
  if (mask === undefined) return;
  const bits: ByteSequences = { offsets: mask.offsets.subarray(at, at + count + 1), bytes: mask.bytes };
  await file.writeMasks(bits, row);
}
