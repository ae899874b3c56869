/**
 * The record of an image: what it is in numbers of fixed places, then its attributes. These alone are decoded where a header
 * is read, and nothing else where one of the numbers is asked for.
 */
import { DataError } from "../../errors.js";
import type { ImageHeader } from "../images/image.js";
import { isPixelType, PIXEL_TYPES, type PixelType } from "../images/pixels.js";
import { type ImageStatistics, STATISTICS } from "../images/statistics.js";
import { decodeJson, decodeValue, encodeShort } from "./codec.js";
import type { ImageHead, StoredImageHead } from "./heads.js";

/** The first byte of such a record. */
export const IMAGE_RECORD = 4;

const PIXELS_AT = 1;
const AXES_AT = 2;
const IS_JSON_AT = 3;
const NUMBERS_AT = 8;
const MOST_AXES = 5;
/** Number and length of the content, and the statistics; the shape comes after them. */
const NUMBERS = 2 + STATISTICS.length;
const STATISTICS_AT = NUMBERS_AT + 16;
const SHAPE_AT = NUMBERS_AT + 8 * NUMBERS;

/**
 * @param mostJson so long attributes are kept as JSON, if that keeps them
 * @throws DataError `UNSUPPORTED_TYPE`
 */
export function imageRecord(head: ImageHead & Partial<StoredImageHead>, mostJson: number): Uint8Array {
  const { isJson, bytes: attributes } = head.attributes ?? encodeShort(head.header, mostJson);
  const bytes = new Uint8Array(SHAPE_AT + 8 * head.shape.length + attributes.length);
  bytes.set([IMAGE_RECORD, PIXEL_TYPES.indexOf(head.pixels), head.shape.length, isJson ? 1 : 0]);
  const view = new DataView(bytes.buffer);
  view.setFloat64(NUMBERS_AT, head.content?.id ?? 0, true);
  view.setFloat64(NUMBERS_AT + 8, head.content?.length ?? 0, true);
  for (const [index, name] of STATISTICS.entries()) setNumber(view, STATISTICS_AT + 8 * index, head.statistics[name]);
  for (const [axis, length] of head.shape.entries()) view.setFloat64(SHAPE_AT + 8 * axis, length, true);
  bytes.set(attributes, bytes.length - attributes.length);
  return bytes;
}

/** @throws DataError `MALFORMED_FILE` */
export function readImageRecord(bytes: Uint8Array, entry: string): StoredImageHead {
  if (bytes.length < SHAPE_AT) throw damaged(entry);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const axes = bytes[AXES_AT]!;
  const pixels = PIXEL_TYPES[bytes[PIXELS_AT]!];
  const end = SHAPE_AT + 8 * axes;
  if (!isPixelType(pixels) || axes > MOST_AXES || end > bytes.length) throw damaged(entry);
  const shape: number[] = [];
  for (let axis = 0; axis < axes; axis++) shape.push(view.getFloat64(SHAPE_AT + 8 * axis, true));
  const content = { id: view.getFloat64(NUMBERS_AT, true), length: view.getFloat64(NUMBERS_AT + 8, true) };
  const statistics = readStatistics(view, pixels);
  return { kind: "image", pixels, shape, content, statistics, header: readAttributes(bytes, end, entry) };
}

function readStatistics(view: DataView, pixels: PixelType): ImageStatistics {
  return {
    minimum: extreme(view, STATISTICS_AT, pixels),
    maximum: extreme(view, STATISTICS_AT + 8, pixels),
    mean: view.getFloat64(STATISTICS_AT + 16, true),
    sigma: view.getFloat64(STATISTICS_AT + 24, true),
    square_sum: view.getFloat64(STATISTICS_AT + 32, true),
    mean_nonzero: view.getFloat64(STATISTICS_AT + 40, true),
    sigma_nonzero: view.getFloat64(STATISTICS_AT + 48, true),
  };
}

/** Smallest and largest are of the kind that the pixels are of. */
function extreme(view: DataView, at: number, pixels: PixelType): number | bigint {
  if (pixels === "int64") return view.getBigInt64(at, true);
  return pixels === "uint64" ? view.getBigUint64(at, true) : view.getFloat64(at, true);
}

function setNumber(view: DataView, at: number, value: number | bigint): void {
  if (typeof value === "bigint") view.setBigInt64(at, BigInt.asIntN(64, value), true);
  else view.setFloat64(at, value, true);
}

function readAttributes(bytes: Uint8Array, start: number, entry: string): ImageHeader {
  const decode = bytes[IS_JSON_AT] === 1 ? decodeJson : decodeValue;
  const header = decode<ImageHeader>(bytes.subarray(start, bytes.length), entry);
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw damaged(entry);
  return header;
}

function damaged(entry: string): DataError {
  return new DataError("MALFORMED_FILE", `${entry} is damaged: its head says what cannot be`);
}
