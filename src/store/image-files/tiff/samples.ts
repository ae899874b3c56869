/** The samples of a TIFF's page, of 8 to 64 bits, put together from its strips or tiles. */
import { fromHalfFloats } from "../../images/half-floats.js";
import type { NewImage } from "../../images/image.js";
import { newPixels, type PixelType, pixelsOf } from "../../images/pixels.js";
import { spreadBits } from "../packed-bits.js";
import { isUnpacked, unpackPart } from "./compression.js";
import type { TiffPage } from "./directories.js";

const NO_PREDICTOR = 1;
const DIFFERENCES = 2;
const FLOAT_DIFFERENCES = 3;
const SEPARATE_PLANES = 2;
const LOWEST_BIT_FIRST = 2;
const WHITE_IS_ZERO = 0;
const COLOURS = 2;

/** Types of samples by format and bits; half floats are read as what holds their bits. */
const TYPES: Readonly<Record<string, PixelType>> = {
  "1 8": "uint8",
  "1 16": "uint16",
  "1 32": "uint32",
  "1 64": "uint64",
  "2 8": "int8",
  "2 16": "int16",
  "2 32": "int32",
  "2 64": "int64",
  "3 16": "uint16",
  "3 32": "float32",
  "3 64": "float64",
};

/** Whether a page's samples are read here: palettes, samples of fewer bits and other ways to compress are not. */
export function hasPlainSamples({ format, bits, compression, predictor, photometric }: TiffPage): boolean {
  const isKnown = TYPES[`${format} ${bits}`] !== undefined && isUnpacked(compression);
  return isKnown && photometric <= COLOURS && predictor >= NO_PREDICTOR && predictor <= FLOAT_DIFFERENCES;
}

/** Whether a page has one sample a pixel, of fewer bits than a byte, in strips. */
export function hasPackedBits({ bits, samples, tiled, photometric, predictor, compression }: TiffPage): boolean {
  const isRead = isUnpacked(compression) && predictor === NO_PREDICTOR && photometric < COLOURS;
  return [1, 2, 4].includes(bits) && samples === 1 && !tiled && isRead;
}

/** The pixels of such a page, spread over 0 to 255. @throws Error where strips are missing or damaged */
export async function packedPixels(file: Uint8Array, page: TiffPage): Promise<Uint8Array> {
  const rowBytes = Math.ceil((page.width * page.bits) / 8);
  const asBytes = { ...page, bits: 8, format: 1, width: rowBytes, partWidth: rowBytes };
  const bytes = (await pageSamples(file, asBytes, true)) as Uint8Array;
  return spreadBits(bytes, page.width, page.height, page.bits);
}

/**
 * All samples of a page, those of a pixel side by side.
 * @throws Error where parts are missing or damaged
 */
export async function pageSamples(file: Uint8Array, page: TiffPage, littleEndian: boolean): Promise<NewImage["data"]> {
  const type = TYPES[`${page.format} ${page.bits}`]!;
  const { width, height, samples } = page;
  const parts = partsOf(page);
  const pixels = newPixels(type, width * height * samples) as Uint8Array;
  for (const [index, part] of parts.entries()) {
    const offset = page.offsets[index]!;
    const stored = highestBitFirst(file.subarray(offset, offset + page.lengths[index]!), page);
    const whole = page.partWidth * page.partHeight * part.samples * (page.bits / 8);
    const bytes = new Uint8Array(part.rows * page.partWidth * part.samples * (page.bits / 8));
    const unpacked = await unpackPart(page.compression, stored, whole);
    if (unpacked.length < bytes.length) throw new Error("it ends before its last pixel");
    bytes.set(unpacked.subarray(0, bytes.length));
    const values = partSamples(bytes, type, page, part.samples, littleEndian) as Uint8Array;
    copyPart(values, pixels, page, part);
  }
  return page.format === 3 && page.bits === 16 ? fromHalfFloats(pixels as unknown as Uint16Array) : shown(pixels, page);
}

function highestBitFirst(stored: Uint8Array, { fillOrder }: TiffPage): Uint8Array {
  return fillOrder === LOWEST_BIT_FIRST ? stored.map(reversedBits) : stored;
}

function reversedBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}

interface Part {
  readonly x: number;
  readonly y: number;
  /** Rows that are stored of it. */
  readonly rows: number;
  /** The first sample of a pixel that it has, and how many. */
  readonly sample: number;
  readonly samples: number;
}

/** @throws Error where there are fewer than the size needs */
function partsOf(page: TiffPage): Part[] {
  const { width, height, samples, partWidth, partHeight, offsets, lengths, planar, tiled } = page;
  if (partWidth < 1 || partHeight < 1) throw new Error("its parts have no size");
  const separate = planar === SEPARATE_PLANES && samples > 1;
  const planes = separate ? samples : 1;
  const count = Math.ceil(width / partWidth) * Math.ceil(height / partHeight) * planes;
  if (offsets.length < count || lengths.length < count) throw new Error("it has fewer parts than its size needs");
  const parts: Part[] = [];
  for (let sample = 0; sample < planes; sample++) {
    for (let y = 0; y < height; y += partHeight) {
      const rows = tiled ? partHeight : Math.min(partHeight, height - y);
      for (let x = 0; x < width; x += partWidth) {
        parts.push({ x, y, rows, sample, samples: separate ? 1 : samples });
      }
    }
  }
  return parts;
}

/** The samples of a part's bytes, which are changed. */
function partSamples(
  bytes: Uint8Array,
  type: PixelType,
  { predictor, bits, partWidth }: TiffPage,
  samples: number,
  littleEndian: boolean,
): NewImage["data"] {
  const rowLength = partWidth * samples;
  if (predictor === FLOAT_DIFFERENCES) return pixelsOf(type, joinedBytes(bytes, rowLength, samples, bits / 8));
  if (!littleEndian) swapBytes(bytes, bits);
  if (predictor === DIFFERENCES) addNeighbours(pixelsOf(`uint${bits}` as PixelType, bytes), rowLength, samples);
  return pixelsOf(type, bytes);
}

/** From one byte order to the other. */
export function swapBytes(bytes: Uint8Array, bits: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bits === 16) buffer.swap16();
  if (bits === 32) buffer.swap32();
  if (bits === 64) buffer.swap64();
}

/** Each sample was kept as what it differs by from the one of the pixel before it. Sums wrap around. */
function addNeighbours(values: NewImage["data"], rowLength: number, samples: number): void {
  if (values instanceof BigUint64Array) {
    for (let at = 0; at < values.length; at++) {
      if (at % rowLength >= samples) values[at] = values[at]! + values[at - samples]!;
    }
    return;
  }
  const numbers = values as Uint32Array;
  for (let at = 0; at < numbers.length; at++) {
    if (at % rowLength >= samples) numbers[at] = numbers[at]! + numbers[at - samples]!;
  }
}

/** Of each row the highest bytes of all samples come first, then the next ones; each was kept as what it differs by from one before. */
function joinedBytes(bytes: Uint8Array, rowLength: number, samples: number, size: number): Uint8Array {
  const joined = new Uint8Array(bytes.length);
  const rowBytes = rowLength * size;
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let at = row + samples; at < row + rowBytes; at++) bytes[at] = bytes[at]! + bytes[at - samples]!;
    for (let sample = 0; sample < rowLength; sample++) {
      for (let byte = 0; byte < size; byte++) {
        joined[row + sample * size + size - 1 - byte] = bytes[row + byte * rowLength + sample]!;
      }
    }
  }
  return joined;
}

function copyPart<T extends Uint8Array>(values: T, pixels: T, page: TiffPage, part: Part): void {
  const { width, height, samples, partWidth } = page;
  const columns = Math.min(partWidth, width - part.x);
  const rows = Math.min(part.rows, height - part.y);
  for (let row = 0; row < rows; row++) {
    const from = row * partWidth * part.samples;
    const to = ((part.y + row) * width + part.x) * samples + part.sample;
    if (part.samples === samples) pixels.set(values.subarray(from, from + columns * samples), to);
    else for (let column = 0; column < columns; column++) pixels[to + column * samples] = values[from + column]!;
  }
}

/** Where white is 0, unsigned samples are turned round, so that black is. */
function shown(pixels: NewImage["data"], { photometric, format, bits }: TiffPage): NewImage["data"] {
  if (photometric !== WHITE_IS_ZERO || format !== 1 || bits > 32) return pixels;
  const numbers = pixels as Uint32Array;
  for (let at = 0; at < numbers.length; at++) numbers[at] = 2 ** bits - 1 - numbers[at]!;
  return numbers;
}
