/** The header of an MRC2014 file (Cheng et al. 2015; numbers in comments are the standard's words, counted from 1). */
import { constants } from "node:buffer";
import { DataError } from "../../errors.js";
import { numericAttribute } from "../images/attributes.js";
import { fromHalfFloats } from "../images/half-floats.js";
import type { ImageHeader, NewImage } from "../images/image.js";
import { type PixelType, pixelBytes, pixelsOf, pixelType } from "../images/pixels.js";
import { type ImageStatistics, imageStatistics } from "../images/statistics.js";
import type { Storable } from "../records/storable.js";
import { malformedImage } from "./format.js";

export const HEADER_BYTES = 1024;

/** A volume has 1 or the number of its space group; a stack of images 0; a stack of volumes 401 and more. */
const STACK = 0;
const VOLUME = 1;
const VOLUMES = 401;

const FLOAT16 = 12;
/** Two pixels a byte, the lower bits first; each row begins with a byte. */
const PACKED = 101;
const MODES = new Map<number, PixelType>([
  [0, "int8"],
  [1, "int16"],
  [2, "float32"],
  [6, "uint16"],
]);
const MODE_OF: Partial<Record<PixelType, number>> = { int8: 0, int16: 1, float32: 2, uint16: 6, uint8: 6 };

export interface MrcHeader {
  readonly mode: number;
  /** What the pixels are read as. */
  readonly type: PixelType;
  readonly swapped: boolean;
  /** Whether its images are ones of their own, so that others may be added. */
  readonly isStack: boolean;
  readonly images: number;
  readonly shape: readonly number[];
  readonly imageBytes: number;
  readonly dataStart: number;
  readonly attributes: ImageHeader;
}

/** @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE` */
export function parseMrcHeader(path: string, bytes: Uint8Array, fileSize: number): MrcHeader {
  if (bytes.length < HEADER_BYTES) throw malformedImage(path, "it is shorter than the header of an MRC file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const swapped = isSwapped(view);
  const word = (number: number) => view.getInt32((number - 1) * 4, !swapped);
  const [nx, ny, nz, mode] = [word(1), word(2), word(3), word(4)];
  const dataStart = HEADER_BYTES + word(24); // nsymbt
  if (nx < 1 || ny < 1 || nz < 1 || dataStart < HEADER_BYTES)
    throw malformedImage(path, "it states an impossible size");
  const isStack = word(23) === STACK || word(23) >= VOLUMES || isStackByName(path, word(23));
  const planes = isStack ? imagePlanes(path, word(23), nz, word(10)) : nz;
  const type = typeOfMode(path, mode, view, !swapped);
  const imageBytes = rowBytes(mode, type, nx) * ny * planes;
  const images = nz / planes;
  if (dataStart + images * imageBytes > fileSize) throw malformedImage(path, "it ends before its last pixel");
  if (imageBytes > constants.MAX_LENGTH) {
    const message = `${path} has images of ${imageBytes} bytes each: more than an array can hold (${constants.MAX_LENGTH})`;
    throw new DataError("LIMIT_EXCEEDED", message, { path });
  }
  const shape = planes === 1 ? [ny, nx] : [planes, ny, nx];
  const attributes = readAttributes(bytes, view, !swapped);
  return { mode, type, swapped, isStack, images, shape, imageBytes, dataStart, attributes };
}

/** Programs that name stacks so do not always say it in the header. */
function isStackByName(path: string, spaceGroup: number): boolean {
  return spaceGroup <= VOLUME && /\.mrcs$/i.test(path);
}

/** Planes of one image. */
function imagePlanes(path: string, spaceGroup: number, nz: number, mz: number): number {
  if (spaceGroup < VOLUMES) return 1;
  if (mz < 1 || nz % mz !== 0) throw malformedImage(path, "its volumes are not all of one size");
  return mz;
}

/** Byte order by the stamp; where that is missing, by the mode and the first axis, which are small numbers. */
function isSwapped(view: DataView): boolean {
  const stamp = view.getUint8(212);
  if (stamp === 0x44 || stamp === 0x11) return stamp === 0x11;
  const mode = view.getInt32(12, true);
  const axis = view.getInt32(64, true); // mapc
  return mode < 0 || mode > 127 || (mode === 0 && (axis < 0 || axis > 3));
}

/** What IMOD marks its files with, and that bytes have a sign. */
const [IMOD, SIGNED_BYTES] = [1_146_047_817, 1];

/** @throws DataError `UNSUPPORTED_TYPE` */
function typeOfMode(path: string, mode: number, view: DataView, littleEndian: boolean): PixelType {
  if (mode === FLOAT16) return "uint16"; // which holds their bits
  if (mode === PACKED) return "uint8";
  const type = MODES.get(mode);
  if (type === undefined) {
    const message = `${path} has pixels of mode ${mode}; read are 0, 1, 2, 6, 12 and 101`;
    throw new DataError("UNSUPPORTED_TYPE", message, { path });
  }
  const isImod = view.getInt32(152, littleEndian) === IMOD;
  return mode === 0 && isImod && !(view.getInt32(156, littleEndian) & SIGNED_BYTES) ? "uint8" : type;
}

function rowBytes(mode: number, type: PixelType, nx: number): number {
  return mode === PACKED ? Math.ceil(nx / 2) : nx * pixelBytes(type);
}

const LABEL_BYTES = 80;
const MOST_LABELS = 10;

/** Sizes of pixels, where the image lies, and what programs noted, by EMAN2's names. */
function readAttributes(bytes: Uint8Array, view: DataView, littleEndian: boolean): ImageHeader {
  const attributes: Record<string, Storable> = {};
  for (const [axis, name] of ["x", "y", "z"].entries()) {
    const samples = view.getInt32(28 + axis * 4, littleEndian); // mx, my, mz
    const cell = view.getFloat32(40 + axis * 4, littleEndian); // cella
    attributes[`apix_${name}`] = samples > 0 && cell > 0 ? cell / samples : 1;
    const origin = view.getFloat32(196 + axis * 4, littleEndian);
    if (Number.isFinite(origin) && origin !== 0) attributes[`origin_${name}`] = origin;
    const start = view.getInt32(16 + axis * 4, littleEndian); // nxstart, nystart, nzstart
    if (start !== 0) attributes[`MRC.n${name}start`] = start;
  }
  const labels = Math.min(Math.max(view.getInt32(220, littleEndian), 0), MOST_LABELS);
  for (let at = 0; at < labels; at++) attributes[`MRC.label${at}`] = labelAt(bytes, at);
  return attributes;
}

function labelAt(bytes: Uint8Array, at: number): string {
  const start = 224 + at * LABEL_BYTES;
  return Buffer.from(bytes.subarray(start, start + LABEL_BYTES))
    .toString("latin1")
    .replace(/\0.*$/s, "")
    .trimEnd();
}

/** The pixels of one image; half floats as float32. `stored` may be changed. */
export function mrcPixels(
  { mode, type, swapped, shape }: Pick<MrcHeader, "mode" | "type" | "swapped" | "shape">,
  stored: Uint8Array,
): NewImage["data"] {
  if (mode === PACKED) return unpacked(stored, shape);
  if (swapped && pixelBytes(type) === 2) Buffer.from(stored.buffer, stored.byteOffset, stored.length).swap16();
  if (swapped && pixelBytes(type) === 4) Buffer.from(stored.buffer, stored.byteOffset, stored.length).swap32();
  const data = pixelsOf(type, stored);
  return mode === FLOAT16 ? fromHalfFloats(data as Uint16Array) : data;
}

function unpacked(stored: Uint8Array, shape: readonly number[]): Uint8Array {
  const nx = shape.at(-1)!;
  const bytes = Math.ceil(nx / 2);
  const rows = stored.length / bytes;
  const pixels = new Uint8Array(rows * nx);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let x = 0; x < nx; x++) pixels[at++] = (stored[row * bytes + (x >> 1)]! >> ((x & 1) * 4)) & 15;
  }
  return pixels;
}

/** Number of the type of pixels that an image is kept as. @throws DataError `UNSUPPORTED_TYPE` */
export function mrcMode({ data }: NewImage): number {
  const mode = MODE_OF[pixelType(data)!];
  if (mode !== undefined) return mode;
  const message = `MRC holds no pixels of ${pixelType(data)}; make them int8, int16, uint16 or float32`;
  throw new DataError("UNSUPPORTED_TYPE", message);
}

/** @throws DataError `UNSUPPORTED_TYPE` */
export function mrcHeader(images: readonly NewImage[], stack: boolean): Uint8Array {
  const [first] = images as [NewImage];
  const [nx = 1, ny = 1, planes = 1, ...more] = [...first.shape].reverse();
  const mode = mrcMode(first);
  if (more.some((length) => length !== 1))
    throw new DataError("UNSUPPORTED_TYPE", "MRC holds images of at most three axes");
  const bytes = Buffer.alloc(HEADER_BYTES);
  const areFlat = first.shape.length < 3 || (stack && planes === 1);
  // A sampling of one plane tells that planes are images of their own.
  writeSizes(bytes, [nx, ny, planes * images.length], areFlat ? 1 : planes, first.header ?? {});
  bytes.writeInt32LE(mode, 12);
  bytes.writeInt32LE(areFlat ? STACK : stack ? VOLUMES : VOLUME, 88);
  bytes.writeInt32LE(20141, 108); // nversion
  bytes.write("MAP ", 208, "latin1");
  bytes.set([0x44, 0x44], 212); // little-endian
  writeStatistics(bytes, images.length === 1 ? imageStatistics(first.data) : UNKNOWN_STATISTICS);
  writePlace(bytes, first.header ?? {});
  return bytes;
}

/** Where the image lies, and labels. */
function writePlace(bytes: Buffer, header: ImageHeader): void {
  for (const [axis, name] of ["x", "y", "z"].entries()) {
    bytes.writeFloatLE(numericAttribute(header, `origin_${name}`) ?? 0, 196 + axis * 4);
    bytes.writeInt32LE(int32Attribute(header, `MRC.n${name}start`), 16 + axis * 4);
  }
  const labels = Array.from({ length: MOST_LABELS }, (_, at) => header[`MRC.label${at}`]);
  const texts = labels.filter((label): label is string => typeof label === "string" && label !== "");
  bytes.writeInt32LE(texts.length, 220);
  for (const [at, label] of texts.entries()) {
    bytes.write(
      label
        .replace(/[^\x20-\x7e]/g, "?")
        .slice(0, LABEL_BYTES)
        .padEnd(LABEL_BYTES),
      224 + at * LABEL_BYTES,
      "latin1",
    );
  }
}

function writeSizes(bytes: Buffer, [nx, ny, nz]: [number, number, number], mz: number, header: ImageHeader): void {
  const samples = [nx, ny, mz];
  for (const [axis, length] of [nx, ny, nz].entries()) {
    bytes.writeInt32LE(length, axis * 4);
    bytes.writeInt32LE(samples[axis]!, 28 + axis * 4); // mx, my, mz
    const size = numericAttribute(header, `apix_${"xyz"[axis]}`) ?? 1;
    bytes.writeFloatLE(samples[axis]! * size, 40 + axis * 4); // cella
    bytes.writeFloatLE(90, 52 + axis * 4); // cellb
    bytes.writeInt32LE(axis + 1, 64 + axis * 4); // mapc, mapr, maps
  }
}

/** @throws DataError `VALUE_DOES_NOT_FIT` */
function int32Attribute(header: ImageHeader, name: string): number {
  const value = numericAttribute(header, name) ?? 0;
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  throw new DataError("VALUE_DOES_NOT_FIT", `The attribute ${name} is ${value}: MRC keeps it as an integer of 32 bits`);
}

type HeaderStatistics = Pick<ImageStatistics, "minimum" | "maximum" | "mean" | "sigma">;

/** Of several images none: one added later would make them wrong. The standard's way to say so is a maximum below the minimum. */
export const UNKNOWN_STATISTICS: HeaderStatistics = { minimum: 0, maximum: -1, mean: -2, sigma: -1 };

export function writeStatistics(bytes: Buffer, { minimum, maximum, mean, sigma }: HeaderStatistics): void {
  bytes.writeFloatLE(Number(minimum), 76);
  bytes.writeFloatLE(Number(maximum), 80);
  bytes.writeFloatLE(mean, 84);
  bytes.writeFloatLE(sigma, 216);
}
