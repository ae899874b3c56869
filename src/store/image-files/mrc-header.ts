/** The header of an MRC2014 file (Cheng et al. 2015; numbers in comments are the standard's words, counted from 1). */
import { DataError } from "../../errors.js";
import { numericAttribute } from "../images/attributes.js";
import { fromHalfFloats } from "../images/half-floats.js";
import type { ImageHeader, NewImage } from "../images/image.js";
import { type PixelType, pixelBytes, pixelsOf, pixelType } from "../images/pixels.js";
import { imageStatistics } from "../images/statistics.js";
import { malformedImage } from "./format.js";

export const HEADER_BYTES = 1024;

/** A volume has 1 or the number of its space group; a stack of images 0; a stack of volumes 401 and more. */
const STACK = 0;
const VOLUME = 1;
const VOLUMES = 401;

const FLOAT16 = 12;
const MODES = new Map<number, PixelType>([
  [0, "int8"],
  [1, "int16"],
  [2, "float32"],
  [6, "uint16"],
]);
const MODE_OF: Partial<Record<PixelType, number>> = { int8: 0, int16: 1, float32: 2, uint16: 6, uint8: 6 };

export interface MrcHeader {
  readonly mode: number;
  readonly swapped: boolean;
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
  const planes = imagePlanes(path, word(23), nz, word(10));
  const imageBytes = nx * ny * planes * bytesOfMode(path, mode);
  const images = nz / planes;
  if (dataStart + images * imageBytes > fileSize) throw malformedImage(path, "it ends before its last pixel");
  const shape = planes === 1 && nz > 0 ? [ny, nx] : [planes, ny, nx];
  const attributes = voxelSizes(view, swapped);
  return { mode, swapped, isStack: word(23) === STACK, images, shape, imageBytes, dataStart, attributes };
}

/** Planes of one image. */
function imagePlanes(path: string, spaceGroup: number, nz: number, mz: number): number {
  if (spaceGroup === STACK) return 1;
  if (spaceGroup < VOLUMES) return nz;
  if (mz < 1 || nz % mz !== 0) throw malformedImage(path, "its volumes are not all of one size");
  return mz;
}

/** Byte order by the stamp; where that is missing, by the mode, which is a small number. */
function isSwapped(view: DataView): boolean {
  const stamp = view.getUint8(212);
  if (stamp === 0x44 || stamp === 0x11) return stamp === 0x11;
  const mode = view.getInt32(12, true);
  return mode < 0 || mode > 127;
}

function bytesOfMode(path: string, mode: number): number {
  if (mode === FLOAT16) return 2;
  const type = MODES.get(mode);
  if (type !== undefined) return pixelBytes(type);
  throw new DataError("UNSUPPORTED_TYPE", `${path} has pixels of mode ${mode}; read are 0, 1, 2, 6 and 12`, { path });
}

function voxelSizes(view: DataView, swapped: boolean): ImageHeader {
  const sizes = [0, 1, 2].map((axis) => {
    const samples = view.getInt32(28 + axis * 4, !swapped); // mx, my, mz
    const cell = view.getFloat32(40 + axis * 4, !swapped); // cella
    return samples > 0 && cell > 0 ? cell / samples : 1;
  });
  return { apix_x: sizes[0], apix_y: sizes[1], apix_z: sizes[2] };
}

/** The pixels of one image; half floats as float32. `stored` may be changed. */
export function mrcPixels(
  { mode, swapped }: Pick<MrcHeader, "mode" | "swapped">,
  stored: Uint8Array,
): NewImage["data"] {
  const type = MODES.get(mode) ?? "uint16";
  if (swapped && pixelBytes(type) === 2) Buffer.from(stored.buffer, stored.byteOffset, stored.length).swap16();
  if (swapped && pixelBytes(type) === 4) Buffer.from(stored.buffer, stored.byteOffset, stored.length).swap32();
  const data = pixelsOf(type, stored);
  return mode === FLOAT16 ? fromHalfFloats(data as Uint16Array) : data;
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
  const nz = planes * images.length;
  const spaceGroup = stack ? (planes > 1 ? VOLUMES : STACK) : VOLUME;
  writeSizes(bytes, [nx, ny, nz], stack && planes > 1 ? planes : nz, first.header ?? {});
  bytes.writeInt32LE(mode, 12);
  bytes.writeInt32LE(spaceGroup, 88);
  bytes.writeInt32LE(20141, 108); // nversion
  bytes.write("MAP ", 208, "latin1");
  bytes.set([0x44, 0x44], 212); // little-endian
  writeStatistics(bytes, images);
  return bytes;
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

/** Of several images none: an image added later would make them wrong. The standard's way to say so is a maximum below the minimum. */
function writeStatistics(bytes: Buffer, images: readonly NewImage[]): void {
  const { minimum, maximum, mean, sigma } =
    images.length === 1 ? imageStatistics(images[0]!.data) : { minimum: 0, maximum: -1, mean: -2, sigma: -1 };
  bytes.writeFloatLE(Number(minimum), 76);
  bytes.writeFloatLE(Number(maximum), 80);
  bytes.writeFloatLE(mean, 84);
  bytes.writeFloatLE(sigma, 216);
}
