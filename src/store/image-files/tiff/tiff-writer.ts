/**
 * Writes baseline TIFF of one sample a pixel, uncompressed, with pixels of any type up to 64 bits. (The libraries there are
 * write 8-bit colours, or change 32-bit pixels.)
 */
import { DataError } from "../../../errors.js";
import type { NewImage } from "../../images/image.js";
import { byteView, type PixelType, pixelBytes, pixelType } from "../../images/pixels.js";
import { planeSize } from "../format.js";
import { swapBytes } from "./samples.js";

const UNSIGNED = 1;
const SIGNED = 2;
const FLOAT = 3;
const SAMPLE_FORMATS: Partial<Record<PixelType, number>> = {
  uint8: UNSIGNED,
  uint16: UNSIGNED,
  uint32: UNSIGNED,
  int8: SIGNED,
  int16: SIGNED,
  int32: SIGNED,
  float32: FLOAT,
  float64: FLOAT,
};

const SHORT = 3;
const LONG = 4;
const LONG8 = 16;

/** How a file has its numbers. */
export interface TiffLayout {
  readonly littleEndian: boolean;
  /** Offsets have 64 bits. */
  readonly isBig: boolean;
}

const NEW_FILE: TiffLayout = { littleEndian: true, isBig: false };
const HEADER_BYTES = 8;

type Field = readonly [tag: number, type: number, value: number];

/** A new file. @throws DataError `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT` */
export function tiffFile(images: readonly NewImage[]): Uint8Array[] {
  const header = Buffer.from([0x49, 0x49, 0x2a, 0, 0, 0, 0, 0]);
  const { parts, first } = tiffPages(images, NEW_FILE, HEADER_BYTES, 0);
  header.writeUInt32LE(first, 4);
  return [header, ...parts];
}

/**
 * Pages to be put at `start` of a file, each linked to the next and the last to the directory at `following`; `first` is where
 * the first directory begins.
 * @throws DataError `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT`
 */
export function tiffPages(images: readonly NewImage[], layout: TiffLayout, start: number, following: number) {
  const parts: Uint8Array[] = [];
  const places: number[] = [];
  let position = start;
  for (const [index, image] of images.entries()) {
    const pixels = orderedBytes(image, layout);
    const padding = new Uint8Array(pixels.length % 2);
    const fields = fieldsOf(image, position, pixels.length, layout);
    const directoryAt = position + pixels.length + padding.length;
    const end = directoryAt + directoryBytes(fields, layout);
    const next = index === images.length - 1 ? following : end + paddedLength(images[index + 1]!);
    parts.push(pixels, padding, directory(fields, next, layout));
    places.push(directoryAt);
    position = end;
  }
  checkLength(position, layout);
  return { parts, first: places[0]! };
}

/** @throws DataError `VALUE_DOES_NOT_FIT` */
function checkLength(bytes: number, { isBig }: TiffLayout): void {
  if (isBig || bytes < 2 ** 32) return;
  throw new DataError("VALUE_DOES_NOT_FIT", "A TIFF has at most 4 GiB; write several");
}

function paddedLength({ data }: NewImage): number {
  return data.byteLength + (data.byteLength % 2);
}

function orderedBytes({ data }: NewImage, { littleEndian }: TiffLayout): Uint8Array {
  const bytes = byteView(data);
  if (littleEndian || data.BYTES_PER_ELEMENT === 1) return bytes;
  const swapped = Buffer.from(bytes);
  swapBytes(swapped, data.BYTES_PER_ELEMENT * 8);
  return swapped;
}

/** @throws DataError `UNSUPPORTED_TYPE` */
function fieldsOf(image: NewImage, pixelsAt: number, length: number, { isBig }: TiffLayout): Field[] {
  const { width, height } = planeSize("A page of TIFF", image);
  const type = pixelType(image.data)!;
  const sampleFormat = SAMPLE_FORMATS[type];
  if (sampleFormat === undefined) throw new DataError("UNSUPPORTED_TYPE", `TIFF holds no pixels of ${type}`);
  const offset = isBig ? LONG8 : LONG;
  return [
    [256, LONG, width],
    [257, LONG, height],
    [258, SHORT, pixelBytes(type) * 8],
    [259, SHORT, 1], // not compressed
    [262, SHORT, 1], // 0 is black
    [273, offset, pixelsAt],
    [277, SHORT, 1], // one sample a pixel
    [278, LONG, height],
    [279, offset, length],
    [339, SHORT, sampleFormat],
  ];
}

function directoryBytes(fields: readonly Field[], { isBig }: TiffLayout): number {
  return isBig ? 16 + fields.length * 20 : 6 + fields.length * 12;
}

function directory(fields: readonly Field[], next: number, layout: TiffLayout): Uint8Array {
  const { littleEndian, isBig } = layout;
  const bytes = new Uint8Array(directoryBytes(fields, layout));
  const view = new DataView(bytes.buffer);
  if (isBig) view.setBigUint64(0, BigInt(fields.length), littleEndian);
  else view.setUint16(0, fields.length, littleEndian);
  let at = isBig ? 8 : 2;
  for (const [tag, type, value] of fields) {
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, type, littleEndian);
    writeOffset(view, at + 4, 1, layout); // how many values
    const valueAt = at + (isBig ? 12 : 8);
    if (type === SHORT) view.setUint16(valueAt, value, littleEndian);
    else if (type === LONG) view.setUint32(valueAt, value, littleEndian);
    else view.setBigUint64(valueAt, BigInt(value), littleEndian);
    at += isBig ? 20 : 12;
  }
  writeOffset(view, at, next, layout);
  return bytes;
}

/** An offset, or how many there are of something. */
export function writeOffset(view: DataView, at: number, value: number, { littleEndian, isBig }: TiffLayout): void {
  if (isBig) view.setBigUint64(at, BigInt(value), littleEndian);
  else view.setUint32(at, value, littleEndian);
}
