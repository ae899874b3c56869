/** What a table looks like, and the tickets of its parts. */

import type { ColumnField } from "../../columns/batch.js";
import { wireRowBytes } from "../../columns/chunk-size.js";
import { arrowSchema } from "../../formats/arrow/arrow.js";
import { schemaMessage } from "../../formats/arrow/ipc/ipc-messages.js";
import { planScan, type ScanJob, type ScanPlan } from "../../scan/index.js";
import { tableRequest } from "../descriptors.js";
import { DescriptorType, type FlightDescriptor, type FlightInfo } from "../protocol/messages.js";
import type { CallContext } from "./call-work.js";

/** Bytes of a message, by what rows may take at most. */
const MESSAGE_BYTES = 2 << 20;

/** @throws what `planScan` throws */
export async function getFlightInfo(
  descriptor: FlightDescriptor,
  { connection, signal }: CallContext,
): Promise<FlightInfo> {
  return flightInfo(await planScan({ connection, signal, ...tableRequest(descriptor) }), descriptor);
}

/** All is known at once, so the first answer is the last. */
export async function pollFlightInfo(descriptor: FlightDescriptor, context: CallContext): Promise<object> {
  return { info: await getFlightInfo(descriptor, context), progress: 1 };
}

export async function getSchema(descriptor: FlightDescriptor, context: CallContext): Promise<object> {
  const { schema } = await getFlightInfo(descriptor, context);
  return { schema };
}

/** A table of which no more is said than its file. */
export function fileDescriptor(fileId: number): FlightDescriptor {
  return { type: DescriptorType.path, cmd: new Uint8Array(0), path: [String(fileId)] };
}

/** What is told of a table that was planned. */
export async function flightInfo(
  { fields, rowCount, jobs }: ScanPlan,
  flightDescriptor: FlightDescriptor,
): Promise<FlightInfo> {
  const arrow = await import("apache-arrow");
  return {
    schema: schemaMessage(arrow, arrowSchema(arrow, fields)),
    flightDescriptor,
    endpoint: jobs.map((job) => ({ ticket: { ticket: ticketOf(job, fields) } })),
    totalRecords: jobs[0]!.query === undefined ? rowCount : -1,
    totalBytes: -1,
    ordered: true,
  };
}

function ticketOf(job: ScanJob, fields: readonly ColumnField[]): Uint8Array {
  const batchRows = Math.max(1, Math.min(job.batchRows, Math.floor(MESSAGE_BYTES / wireRowBytes(fields))));
  return Buffer.from(JSON.stringify({ ...job, batchRows }));
}
