/** Sends a source's rows to a table: one call in flight, the next chunk made ready meanwhile. */
import type { ColumnBatch } from "../columns/batch.js";
import { addDataCost, chunkSize, messageRows, USUAL_MESSAGE_LIMIT } from "../columns/chunk-size.js";
import type { OnProgress, TableCallOptions, WritableTable } from "../columns/table.js";
import { ArgumentError } from "../errors.js";
import { prefetch } from "../flow/map-in-order.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import type { Source } from "../formats/format.js";
import { warnOfChunkSize } from "../gateway/tables/message-limits.js";

export interface SendOptions {
  /** Rows a call; chosen by the columns' width unless given. Fewer if they would not fit a message. */
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of rows sent. */
  readonly onProgress?: OnProgress | undefined;
  /** Told of a chunk size that some servers cannot take; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

/** Rows to plan for where their number is not known. */
const ASSUMED_ROWS = 1_000_000;

/** @throws ArgumentError `INVALID_ARGUMENT` unless the chunk size is a positive whole number. */
export function checkChunkSize(rows: number | undefined): void {
  if (rows === undefined || (Number.isSafeInteger(rows) && rows >= 1)) return;
  throw new ArgumentError("INVALID_ARGUMENT", `chunkSize ${String(rows)} must be a whole number of rows, from 1`);
}

/** Rows a call for a source. */
export function rowsPerCall({ fields, rowCount = ASSUMED_ROWS }: Source, asked: number | undefined): number {
  if (asked !== undefined) return Math.min(asked, messageRows(fields, { messageLimit: USUAL_MESSAGE_LIMIT }));
  return chunkSize(fields, rowCount, addDataCost(fields.length)).rows;
}

/**
 * Appends all rows and returns how many there were.
 * @param append sends one batch
 */
export async function sendRows(
  table: WritableTable,
  source: Source,
  options: SendOptions,
  append = (batch: ColumnBatch, call: TableCallOptions): Promise<void> => table.addData(batch, call),
): Promise<number> {
  const { signal, onProgress, chunkSize: asked, onWarning = emitWarning } = options;
  const most = source.rowCount ?? Number.POSITIVE_INFINITY;
  warnOfChunkSize(asked === undefined ? undefined : Math.min(asked, most), source.fields, onWarning);
  const batches = source.batches(rowsPerCall(source, asked), { signal });
  const total = source.rowCount;
  let sent = 0;
  onProgress?.({ done: 0, total, unit: "rows" });
  for await (const batch of prefetch(batches, { label: "Sending rows", signal })) {
    await append(batch, { signal });
    sent += batch.rowCount;
    onProgress?.({ done: sent, total, unit: "rows" });
  }
  return sent;
}
