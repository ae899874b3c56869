/** Turns a value into what is kept of it, and back. */
import type * as Arrow from "apache-arrow";
import { ArgumentError, DataError } from "../../errors.js";
import { completedHeader, givenAttributes } from "../images/attributes.js";
import { checkImage, isImage, type NewImage, type StoredImage } from "../images/image.js";
import { byteView, copiedPixels, pixelsOf } from "../images/pixels.js";
import { imageStatistics } from "../images/statistics.js";
import { decodeValue, encodeShort, encodeValue } from "../records/codec.js";
import type { Loaded, Prepared } from "../records/entries.js";
import type { ImageHead, TableHead } from "../records/heads.js";
import { flatRecord, INLINE_BYTES, inlineRecord } from "../records/record.js";
import type { Storable } from "../records/storable.js";

/** What can be put under a key. */
export type NewValue = Exclude<Storable, undefined> | NewImage | Arrow.Table | Arrow.RecordBatch;

/**
 * A copy of the value in the form in which it is kept.
 * @throws DataError `UNSUPPORTED_TYPE`; ArgumentError `INVALID_ARGUMENT`
 */
export function prepare(value: NewValue): Prepared | Promise<Prepared> {
  return isArrow(value) ? prepareArrow(value) : prepareNow(value);
}

/**
 * The same for what needs no other package.
 * @throws DataError `UNSUPPORTED_TYPE`, for an Arrow table, too; ArgumentError `INVALID_ARGUMENT`
 */
export function prepareNow(value: Exclude<NewValue, Arrow.Table | Arrow.RecordBatch>): Prepared {
  if (typeof value !== "object" || value === null) return prepareScalar(value);
  return isImage(value) ? prepareImage(value) : prepareValue(value);
}

function prepareScalar(value: Storable): Prepared {
  if (value === undefined) {
    throw new ArgumentError("INVALID_ARGUMENT", "undefined means that there is no entry: use delete to remove one");
  }
  return prepareValue(value);
}

/** @throws DataError `UNSUPPORTED_TYPE` for what another copy of the package has made, which this one would misread */
async function prepareArrow(given: Arrow.Table | Arrow.RecordBatch): Promise<Prepared> {
  const { DataType, RecordBatch, Table, tableToIPC } = await import("apache-arrow");
  // Other copies' tables count as instances of this one's, their types do not.
  if (given.schema.fields?.every(({ type }) => type instanceof DataType)) {
    const table = given instanceof RecordBatch ? new Table([given]) : (given as Arrow.Table);
    return { head: { kind: "arrow" }, bytes: tableToIPC(table, "stream") };
  }
  const message =
    "The table was made by another copy of apache-arrow than the one that is used here: keep the bytes of its tableToIPC";
  throw new DataError("UNSUPPORTED_TYPE", message);
}

export function prepareValue(value: Storable): Prepared {
  const flat = flatRecord(value);
  if (flat !== undefined) return { inline: flat };
  const short = encodeShort(value, INLINE_BYTES);
  const inline = inlineRecord(short);
  if (inline !== undefined) return { inline };
  return { head: { kind: "value" }, bytes: short.isJson ? encodeValue(value) : short.bytes };
}

export function prepareImage(image: NewImage): { readonly head: ImageHead; readonly bytes: Uint8Array } {
  const pixels = checkImage(image);
  const data = copiedPixels(image.data);
  const header = givenAttributes(image.header);
  const attributes = encodeShort(header, INLINE_BYTES); // refuses what cannot be kept before anything is written
  const head = { kind: "image", pixels, shape: [...image.shape], header, attributes } as const;
  return { head: { ...head, statistics: imageStatistics(data) }, bytes: byteView(data) };
}

/** The value of a loaded record; a promise of it where a package is loaded first. */
export function restored(loaded: Loaded): unknown {
  return loaded.record.kind === "arrow" ? restoredArrow(loaded.bytes) : restoredNow(loaded);
}

async function restoredArrow(bytes: Uint8Array): Promise<Arrow.Table> {
  const { tableFromIPC } = await import("apache-arrow");
  return tableFromIPC(bytes);
}

/**
 * The value of a loaded record that needs no other package.
 * @throws ArgumentError `INVALID_ARGUMENT` for an Arrow table
 */
export function restoredNow({ record, bytes }: Loaded): unknown {
  switch (record.kind) {
    case "inline":
      return record.value;
    case "value":
      return decodeValue(bytes, "An entry");
    case "image":
      return restoredImage(record, bytes);
    case "table":
      return restoredBatches(record, bytes);
    case "arrow":
      throw new ArgumentError("INVALID_ARGUMENT", "An Arrow table cannot be changed in place: get it, and set another");
  }
}

export function restoredImage(head: ImageHead, bytes: Uint8Array): StoredImage {
  return { data: pixelsOf(head.pixels, bytes), shape: head.shape, header: completedHeader(head) };
}

function restoredBatches({ batches }: TableHead, bytes: Uint8Array): unknown[] {
  let end = 0;
  return batches.map((length) => {
    end += length;
    return decodeValue(bytes.subarray(end - length, end), "A batch of a table");
  });
}

function isArrow(value: unknown): value is Arrow.Table | Arrow.RecordBatch {
  if (typeof value !== "object" || value === null) return false;
  const { schema, numRows, getChild } = value as Partial<Arrow.RecordBatch>;
  return typeof schema === "object" && typeof numRows === "number" && typeof getChild === "function";
}
