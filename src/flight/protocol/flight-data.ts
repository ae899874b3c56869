/** A message of a stream of record batches as bytes: the batch's memory is copied once, into what is sent. */
import type { IpcMessage } from "../../formats/arrow/ipc/ipc-messages.js";

/** Tags of `data_header`, field 2, and `data_body`, field 1000; both are lengths of bytes. */
const HEADER_TAG = [0x12];
const BODY_TAG = [0xc2, 0x3e];

export function encodeFlightData({ header, body }: IpcMessage): Buffer {
  const bodyBytes = body.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const parts = [Buffer.from([...HEADER_TAG, ...varint(header.byteLength)]), header];
  // The body comes last, so that readers find it where it lies.
  parts.push(Buffer.from([...BODY_TAG, ...varint(bodyBytes)]), ...body);
  return Buffer.concat(parts);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}
