/**
 * Writes baseline TIFF of one sample a pixel, uncompressed, with pixels of any type up to 64 bits. (The libraries there are
 * write 8-bit colours, or change 32-bit pixels.)
 */
import { DataError } from "../../../errors.js";
import type { NewImage } from "../../images/image.js";
import { byteView, type PixelType, pixelBytes, pixelType } from "../../images/pixels.js";
import { planeSize } from "../format.js";

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
const HEADER_BYTES = 8;
/** Offsets are 32 bits wide. */
const LONGEST = 2 ** 32 - 1;

type Field = readonly [tag: number, type: number, value: number];

/** @throws DataError `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT` */
export function tiffFile(images: readonly NewImage[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let position = HEADER_BYTES;
  for (const [index, image] of images.entries()) {
    const pixels = byteView(image.data);
    const directoryAt = position + pixels.length + (pixels.length % 2);
    const fields = fieldsOf(image, position, pixels.length);
    const end = directoryAt + 2 + fields.length * 12 + 4;
    const next = index === images.length - 1 ? 0 : end + paddedLength(images[index + 1]!);
    parts.push(pixels, new Uint8Array(pixels.length % 2), directory(fields, next));
    position = end;
  }
  if (position > LONGEST) throw new DataError("VALUE_DOES_NOT_FIT", "A TIFF has at most 4 GiB; write several");
  return [header(HEADER_BYTES + paddedLength(images[0]!)), ...parts];
}

function paddedLength({ data }: NewImage): number {
  return data.byteLength + (data.byteLength % 2);
}

function header(firstDirectory: number): Uint8Array {
  const bytes = Buffer.from([0x49, 0x49, 0x2a, 0, 0, 0, 0, 0]);
  bytes.writeUInt32LE(firstDirectory, 4);
  return bytes;
}

function fieldsOf(image: NewImage, pixelsAt: number, length: number): Field[] {
  const { width, height } = planeSize("A page of TIFF", image);
  const type = pixelType(image.data)!;
  const sampleFormat = SAMPLE_FORMATS[type];
  if (sampleFormat === undefined) throw new DataError("UNSUPPORTED_TYPE", `TIFF holds no pixels of ${type}`);
  return [
    [256, LONG, width],
    [257, LONG, height],
    [258, SHORT, pixelBytes(type) * 8],
    [259, SHORT, 1], // not compressed
    [262, SHORT, 1], // 0 is black
    [273, LONG, pixelsAt],
    [277, SHORT, 1], // one sample a pixel
    [278, LONG, height],
    [279, LONG, length],
    [339, SHORT, sampleFormat],
  ];
}

function directory(fields: readonly Field[], next: number): Uint8Array {
  const bytes = Buffer.alloc(2 + fields.length * 12 + 4);
  bytes.writeUInt16LE(fields.length, 0);
  for (const [index, [tag, type, value]] of fields.entries()) {
    const at = 2 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  bytes.writeUInt32LE(next, bytes.length - 4);
  return bytes;
}
