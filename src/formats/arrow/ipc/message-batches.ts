/** Record batches of messages that come one by one. */
import type * as Arrow from "apache-arrow";
import { DataError, OmeroError } from "../../../errors.js";
import { checkIpcMessage } from "./check-messages.js";
import { registerDecompressors } from "./decompressors.js";
import { PREFIX_BYTES } from "./ipc-messages.js";

/** A message as it comes: what it says of itself, and all that follows. */
interface ReceivedMessage {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

const ALIGNMENT = 8;

/**
 * At least one batch, which has no rows where none came. All lengths are looked at before they are believed.
 * @throws DataError `MALFORMED_FILE` for what is no stream of record batches
 */
export async function* batchesOfMessages(
  messages: AsyncIterable<ReceivedMessage>,
): AsyncGenerator<Arrow.RecordBatch, void, undefined> {
  const arrow = await import("apache-arrow");
  await registerDecompressors();
  try {
    const reader = await arrow.RecordBatchReader.from(streamBytes(messages));
    await reader.open();
    let count = 0;
    for await (const batch of reader) {
      count++;
      yield checkedLengths(batch);
    }
    if (count === 0) yield new arrow.RecordBatch(reader.schema);
  } catch (cause) {
    if (cause instanceof OmeroError) throw cause;
    throw malformed((cause as Error).message, cause);
  }
}

async function* streamBytes(messages: AsyncIterable<ReceivedMessage>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { header, body } of messages) {
    checkIpcMessage(header, body.length);
    const padding = -header.length & (ALIGNMENT - 1);
    const start = Buffer.alloc(PREFIX_BYTES + header.length + padding);
    start.writeInt32LE(-1, 0);
    start.writeInt32LE(header.length + padding, 4);
    start.set(header, PREFIX_BYTES);
    yield start;
    // Arrow's arrays begin where their elements may.
    if (body.length > 0) yield body.byteOffset % ALIGNMENT === 0 ? body : Uint8Array.from(body);
  }
}

function checkedLengths(batch: Arrow.RecordBatch): Arrow.RecordBatch {
  const wrong = batch.data.children.find(({ length }) => length !== batch.numRows);
  if (wrong === undefined) return batch;
  throw malformed(`a column has ${wrong.length} rows in a batch of ${batch.numRows}`);
}

function malformed(why: string, cause?: unknown): DataError {
  return new DataError("MALFORMED_FILE", `This is no stream of record batches: ${why}`, { cause });
}
