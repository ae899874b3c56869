/** Messages that a server may not take: its limit differs by site and cannot be asked for. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { batchBytes } from "../../columns/batch-operations.js";
import { CHOSEN_MESSAGE_LIMIT, LEAST_MESSAGE_LIMIT, messageRows, wireRowBytes } from "../../columns/chunk-size.js";
import { ConnectionError, ServerError } from "../../errors.js";
import type { OnWarning } from "../../flow/warnings.js";

/** Warns of a `chunkSize` with which messages may exceed the least limit that is known of servers, 64 MiB. */
export function warnOfChunkSize(
  chunkSize: number | undefined,
  fields: readonly ColumnField[],
  onWarning: OnWarning,
): void {
  if (chunkSize === undefined) return;
  const bytes = chunkSize * wireRowBytes(fields);
  if (bytes <= LEAST_MESSAGE_LIMIT) return;
  const text = `chunkSize ${chunkSize} may make messages of ${mebibytes(bytes)} MiB, and some servers take no more than 64 MiB: ${messageRows(fields)} is safe everywhere, and no slower`;
  onWarning(text);
}

/**
 * What a write failed with; where a large request may be why, the error says so: a server ends the connection without a
 * word when it gets a message that is larger than it takes.
 */
export function explainLargeWrite(error: unknown, batch: ColumnBatch): unknown {
  const bytes = batchBytes(batch);
  if (bytes <= CHOSEN_MESSAGE_LIMIT || !isMaybeForSize(error)) return error;
  const rows = Math.max(1, Math.floor((batch.rowCount * CHOSEN_MESSAGE_LIMIT) / (2 * bytes)));
  const text = `${error.message}. Its size may be the cause: the request had ${mebibytes(bytes)} MiB, and some servers take no more than 64 MiB; give chunkSize: ${rows}`;
  const { operation, serverException } = error;
  if (error instanceof ServerError)
    return new ServerError(error.code, text, { operation, serverException, cause: error });
  const { host, port } = error;
  return new ConnectionError("CONNECTION_LOST", text, { host, port, operation, cause: error });
}

function isMaybeForSize(error: unknown): error is ServerError | ConnectionError {
  if (error instanceof ServerError) return error.code === "MESSAGE_TOO_LARGE";
  return error instanceof ConnectionError && error.code === "CONNECTION_LOST";
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
