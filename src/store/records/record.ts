/** How an entry is kept: a short value as it is; of all others a head, and the bytes elsewhere. */
import { DataError } from "../../errors.js";
import type { ImageHeader } from "../images/image.js";
import { isPixelType, type PixelType, pixelBytes } from "../images/pixels.js";
import type { ImageStatistics } from "../images/statistics.js";
import { decodeValue, encodeValue } from "./codec.js";
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

const INLINE = 0;
const HEAD = 1;

/** A value's own bytes, as a record or as a content. */
export function inlineRecord(bytes: Uint8Array): Uint8Array {
  return tagged(INLINE, bytes);
}

export function headRecord(head: StoredHead): Uint8Array {
  return tagged(HEAD, encodeValue(head as unknown as Storable));
}

/** @throws DataError `MALFORMED_FILE` */
export function readRecord(bytes: Uint8Array, entry: string): StoredRecord {
  const body = bytes.subarray(1, bytes.length);
  if (bytes[0] === INLINE) return { kind: "inline", value: decodeValue(body, entry) };
  const head = decodeValue<StoredHead | null>(body, entry);
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
