/** How an entry is kept: a short value as it is; of all others a head, and the bytes elsewhere. */
import { DataError } from "../../errors.js";
import { isPixelType, pixelBytes } from "../images/pixels.js";
import { decodeJson, decodeValue, encodeShort, type ShortForm } from "./codec.js";
import type { Head, ImageHead, StoredHead, StoredRecord, TableHead } from "./heads.js";
import { IMAGE_RECORD, imageRecord, readImageRecord } from "./image-record.js";
import { isFlat, type Storable } from "./storable.js";

/** The longest value kept beside its key. */
export const INLINE_BYTES = 16 * 1024;

/** What a record is, and how it is encoded. */
const INLINE = 0;
const HEAD = 1;
const JSON_INLINE = 2;
const JSON_HEAD = 3;

/** A value as a record; undefined where it is too long for one. */
export function inlineRecord({ isJson, bytes }: ShortForm): Uint8Array | undefined {
  return bytes.length <= INLINE_BYTES ? tagged(isJson ? JSON_INLINE : INLINE, bytes) : undefined;
}

/** The record of a value that is flat and short; undefined for others. */
export function flatRecord(value: Storable): Uint8Array | undefined {
  if (!isFlat(value)) return undefined;
  // The tag is a letter of one byte.
  const text = `\u0002${JSON.stringify(value)}`;
  return 3 * text.length <= INLINE_BYTES ? Buffer.from(text) : undefined;
}

/** Whether a record is a value as JSON, which then begins after its first byte. */
export function isJsonValue(record: Uint8Array): boolean {
  return record[0] === JSON_INLINE;
}

/** @throws DataError `UNSUPPORTED_TYPE` for attributes that cannot be kept */
export function headRecord(head: Head | StoredHead): Uint8Array {
  if (head.kind === "image") return imageRecord(head, INLINE_BYTES);
  const { isJson, bytes } = encodeShort(head as unknown as Storable, INLINE_BYTES);
  return tagged(isJson ? JSON_HEAD : HEAD, bytes);
}

/** Whether a record needs no content. */
export function isInline(record: Uint8Array): boolean {
  return record[0] === INLINE || record[0] === JSON_INLINE;
}

/** @throws DataError `MALFORMED_FILE` */
export function readRecord(bytes: Uint8Array, entry: string): StoredRecord {
  const head = bytes[0] === IMAGE_RECORD ? readImageRecord(bytes, entry) : readOther(bytes, entry);
  if (isInline(bytes) || isHead(head as StoredHead)) return head;
  throw new DataError("MALFORMED_FILE", `${entry} is damaged: its head says what cannot be`);
}

function readOther(bytes: Uint8Array, entry: string): StoredRecord {
  const body = bytes.subarray(1, bytes.length);
  const decode = bytes[0] === JSON_INLINE || bytes[0] === JSON_HEAD ? decodeJson : decodeValue;
  if (isInline(bytes)) return { kind: "inline", value: decode(body, entry) };
  return decode<StoredHead | null>(body, entry) ?? NO_HEAD;
}

/** Fails where heads are checked. */
const NO_HEAD = { kind: "value" } as unknown as StoredHead;

/** Whether a head and its content agree. */
function isHead(head: StoredHead): boolean {
  const { id, length } = head.content ?? {};
  if (!isCount(id) || !isCount(length)) return false;
  if (head.kind === "image") return isImageHead(head, length);
  if (head.kind === "table") return isTableHead(head, length);
  return head.kind === "value" || head.kind === "arrow";
}

function isImageHead({ pixels, shape, header, statistics }: ImageHead, length: number): boolean {
  if (!isPixelType(pixels) || !Array.isArray(shape) || !shape.every(isCount)) return false;
  const bytes = shape.reduce((product, side) => product * side, pixelBytes(pixels));
  return bytes === length && isObject(header) && isObject(statistics);
}

function isTableHead({ batches, rowCount }: TableHead, length: number): boolean {
  if (!isCount(rowCount) || !Array.isArray(batches) || !batches.every(isCount)) return false;
  return batches.reduce((sum, bytes) => sum + bytes, 0) === length;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function tagged(tag: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = tag;
  bytes.set(body, 1);
  return bytes;
}
