/** The messages that bytes of Arrow's IPC format are made of, for protocols that carry them one by one. */
import type * as Arrow from "apache-arrow";
import { FlatTable } from "./flatbuffer.js";

/** What a message says of itself (`Message` in Message.fbs), and the buffers that follow it. */
export interface IpcMessage {
  readonly header: Uint8Array;
  /** Parts of the body, one after the other. */
  readonly body: readonly Uint8Array[];
}

/** Before a message: a mark, and the length of the header. */
export const PREFIX_BYTES = 8;
/** Number of the field in Message.fbs. */
const BODY_LENGTH = 3;

/**
 * Messages of a stream, without what comes before and between them.
 * @param parts as the encoder gives them: a header or body begins and ends with a part
 */
export function* ipcMessages(parts: readonly Uint8Array[]): Generator<IpcMessage, void, undefined> {
  let next = 0;
  const take = (bytes: number): Uint8Array[] => {
    const start = next;
    for (let taken = 0; taken < bytes; next++) taken += parts[next]!.byteLength;
    return parts.slice(start, next);
  };
  while (next < parts.length) {
    const length = Buffer.concat(take(PREFIX_BYTES)).readInt32LE(4);
    if (length === 0) return;
    const header = Buffer.concat(take(length));
    yield { header, body: take(FlatTable.root(header).length64(BODY_LENGTH)) };
  }
}

/** A message that tells a schema, with what comes before it in a stream. */
export function schemaMessage(arrow: typeof Arrow, schema: Arrow.Schema): Uint8Array {
  const writer = new arrow.RecordBatchStreamWriter({ autoDestroy: false });
  writer.reset(undefined, schema);
  writer.finish();
  writer.close();
  const stream = writer.toUint8Array(true);
  return stream.subarray(0, stream.length - PREFIX_BYTES);
}
