/** How an entry is kept: a short value as it is; of all others a head, and the bytes elsewhere. */
import { DataError } from "../../errors.js";
import type { ImageHeader } from "../images/image.js";
import { isPixelType, type PixelType, pixelBytes } from "../images/pixels.js";
import type { ImageStatistics } from "../images/statistics.js";
import { decodeJson, decodeValue, encodeShort, type ShortForm } from "./codec.js";
import type { Storable } from "./storable.js";

/** Where an entry's bytes are: a number in the database of contents, and how many. */
export interface Content {
  readonly id: number;
  readonly length: number;
}

export interface ImageHead {
  readonly kind: "image";
  readonly pixels: PixelType;
  readonly shape: readonly number[];
  readonly header: ImageHeader;
  readonly statistics: ImageStatistics;
}
export interface TableHead {
  readonly kind: "table";
  readonly rowCount: number;
  readonly columnCount: number;
  /** Bytes of each batch, one after the other in the content. */
  readonly batches: readonly number[];
}
export interface BytesHead {
  readonly kind: "value" | "arrow";
}
export type Head = ImageHead | TableHead | BytesHead;
export type StoredHead = Head & { readonly content: Content };

/** What a database of records holds under a key. */
export type StoredRecord = { readonly kind: "inline"; readonly value: Storable } | StoredHead;

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

/** @throws DataError `UNSUPPORTED_TYPE` for attributes that cannot be kept */
export function headRecord(head: Head | StoredHead): Uint8Array {
  const { isJson, bytes } = encodeShort(head as unknown as Storable, INLINE_BYTES);
  return tagged(isJson ? JSON_HEAD : HEAD, bytes);
}

/** Whether a record needs no content. */
export function isInline(record: Uint8Array): boolean {
  return record[0] === INLINE || record[0] === JSON_INLINE;
}

/** @throws DataError `MALFORMED_FILE` */
export function readRecord(bytes: Uint8Array, entry: string): StoredRecord {
  const body = bytes.subarray(1, bytes.length);
  const decode = bytes[0] === JSON_INLINE || bytes[0] === JSON_HEAD ? decodeJson : decodeValue;
  if (isInline(bytes)) return { kind: "inline", value: decode(body, entry) };
  const head = decode<StoredHead | null>(body, entry);
  if (typeof head === "object" && head !== null && isHead(head)) return head;
  throw new DataError("MALFORMED_FILE", `${entry} is damaged: its head says what cannot be`);
}

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
