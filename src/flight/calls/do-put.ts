/** A new table of the record batches that a client sends; one that is not whole is removed. */
import type { handleBidiStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import type { RecordBatch } from "apache-arrow";
import { DataError } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import { batchesOfMessages } from "../../formats/arrow/ipc/message-batches.js";
import { uploadTable } from "../../write/index.js";
import { newTableRequest } from "../descriptors.js";
import type { FlightData } from "../protocol/messages.js";
import { statusOf } from "../status.js";
import { type CallContext, type FlightServerState, inCall, send } from "./call-work.js";
import { taken } from "./inflow.js";

export function doPut(state: FlightServerState): handleBidiStreamingCall<object, object> {
  return (call) => {
    const upload = async (context: CallContext) => {
      try {
        await send(call, await uploaded(call, context), context);
      } catch (error) {
        call.emit("error", statusOf(error));
        throw error;
      } finally {
        call.end();
      }
    };
    inBackground(inCall(state, call, upload));
  };
}

/** What is told when the table is whole: its ids, as JSON. */
async function uploaded(call: ServerDuplexStream<object, object>, context: CallContext): Promise<object> {
  const { connection, signal, state } = context;
  const turn = await state.uploads.take("Uploading", signal);
  try {
    const messages = taken(call.iterator({ destroyOnReturn: false }), state.inflows.get(call.metadata)!);
    const { value: first, done } = await messages.next();
    if (done) throw new DataError("INVALID_SCHEMA", "Nothing was sent: a table begins with its schema");
    const { tableName, parentType, parentId, split } = newTableRequest((first as FlightData).flightDescriptor);
    const rows = recordBatches(first as FlightData, messages);
    const onWarning = () => {};
    const options = { connection, signal, parentType, parentId, split, onWarning };
    const made = await uploadTable(rows, tableName, options);
    const { fileId, annotationId, rowCount } = made;
    return { appMetadata: Buffer.from(JSON.stringify({ fileId, annotationId, rowCount })) };
  } finally {
    turn.end();
  }
}

function recordBatches(
  first: FlightData,
  rest: AsyncIterable<FlightData>,
): AsyncGenerator<RecordBatch, void, undefined> {
  return batchesOfMessages(messagesOf(first, rest));
}

/** A message without a header has something to say to the application alone. */
async function* messagesOf(first: FlightData, rest: AsyncIterable<FlightData>) {
  if (first.dataHeader.length > 0) yield { header: first.dataHeader, body: first.dataBody };
  for await (const { dataHeader: header, dataBody: body } of rest) if (header.length > 0) yield { header, body };
}
