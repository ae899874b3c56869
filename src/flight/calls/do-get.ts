/** The rows of a part of a table, as record batches. */
import { arrowSchema } from "../../formats/arrow/arrow.js";
import { ipcEncoder } from "../../formats/arrow/ipc/ipc-encoder.js";
import { ipcMessages } from "../../formats/arrow/ipc/ipc-messages.js";
import type { FileEncoder } from "../../formats/encoded-file.js";
import { parseScanJob, readPartition } from "../../scan/index.js";
import { encodeFlightData } from "../protocol/flight-data.js";
import type { Ticket } from "../protocol/messages.js";
import { type CallContext, checkUnread } from "./call-work.js";

/** Anybody can write tickets: what one may have this server hold. */
const MOST_BATCH_BYTES = 64 << 20;

/**
 * The schema, then the batches. A ticket is a job of a scan: whoever has it reads what the user of the call may read, on the
 * server that this one stands before.
 * @throws what `readPartition` throws
 */
export async function* doGet({ ticket }: Ticket, context: CallContext): AsyncGenerator<Buffer, void, undefined> {
  const { connection, signal, state } = context;
  const job = parseScanJob(Buffer.from(ticket).toString());
  const arrow = await import("apache-arrow");
  const turn = await state.reads.take("Reading the table", signal);
  try {
    checkUnread(context.session);
    let encoder: FileEncoder | undefined;
    for await (const batch of readPartition(job, { connection, signal, maxBatchBytes: MOST_BATCH_BYTES })) {
      encoder ??= ipcEncoder(arrow, "stream", arrowSchema(arrow, batch.fields), false);
      for (const message of ipcMessages([...encoder.add(batch)])) yield encodeFlightData(message);
    }
  } finally {
    turn.end();
  }
}
