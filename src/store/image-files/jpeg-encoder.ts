/** JPEG by libjpeg-turbo: baseline, with the tables of the standard, and one colour for four pixels (4:2:0). */
import type { LibJpegTurbo } from "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs";
import { DataError } from "../../errors.js";

export interface JpegPicture {
  readonly width: number;
  readonly height: number;
  /** Writes red, green and blue of all pixels, the top row first, into the beginning of the encoder's memory. */
  write(memory: Uint8Array): void;
}

/** Pixels a side, by the library. */
export const LONGEST_JPEG_SIDE = 65_500;
/** Four bytes each, for the pixels and for the JPEG: less than the 2 GiB that an instance can have. */
const MOST_PIXELS = 225_000_000;
/** That the library can be told of: 8 bits. */
const MOST_COMPONENTS = 255;
/** Pixels a side that share the samples of one block of colours. */
const BLOCK = 16;
/** An instance never gives memory back: one that took more than this is not used again. */
const MOST_KEPT = 48 * 2 ** 20;
/** `TJSAMP_420` of the library. */
const HALF_COLOURS = 2;

let instance: Promise<LibJpegTurbo> | undefined;

/**
 * @param quality a whole number from 1 to 100
 * @throws DataError `LIMIT_EXCEEDED` for a picture that is too large, or too wide, or too high
 */
export async function encodeJpeg(picture: JpegPicture, quality: number): Promise<Uint8Array> {
  const room = roomFor(picture);
  instance ??= newInstance();
  const used = instance;
  const library = await used;
  let isKept = false;
  try {
    const jpeg = encodeBy(library, picture, room, quality);
    isKept = 2 * room.bytes <= MOST_KEPT;
    return jpeg;
  } catch (cause) {
    const message = `libjpeg-turbo makes no JPEG of ${picture.width} x ${picture.height} pixels`;
    throw new DataError("LIMIT_EXCEEDED", message, { cause });
  } finally {
    if (!isKept && instance === used) instance = undefined;
  }
}

async function newInstance(): Promise<LibJpegTurbo> {
  const { default: libjpegturbo } = await import("@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs");
  return libjpegturbo();
}

/** What the library is told of a pixel. */
interface Room {
  readonly componentCount: number;
  readonly componentBytes: number;
  readonly bytes: number;
}

/**
 * The library keeps as much memory for the JPEG as for the pixels, and writes beyond it where that is too little: so
 * it is told of larger pixels.
 */
function roomFor({ width, height }: JpegPicture): Room {
  const isPossible = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= LONGEST_JPEG_SIDE);
  const pixelBytes = mostJpegBytes(width, height) / (width * height);
  const componentBytes = Math.ceil(pixelBytes / MOST_COMPONENTS);
  const componentCount = Math.ceil(pixelBytes / componentBytes);
  const bytes = componentCount * componentBytes * width * height;
  if (isPossible && width * height <= MOST_PIXELS) return { componentCount, componentBytes, bytes };
  const most = `${LONGEST_JPEG_SIDE} pixels a side and ${MOST_PIXELS} in all`;
  throw new DataError("LIMIT_EXCEEDED", `A JPEG has 1 to ${most}, not ${width} x ${height}`);
}

/** As the library calculates it (`tj3JPEGBufSize`): three bytes a pixel of whole blocks, and a header. */
function mostJpegBytes(width: number, height: number): number {
  const whole = (side: number) => Math.ceil(side / BLOCK) * BLOCK;
  return whole(width) * whole(height) * 3 + 2048;
}

function encodeBy(library: LibJpegTurbo, { width, height, write }: JpegPicture, room: Room, quality: number) {
  const encoder = new library.JPEGEncoder();
  const { componentCount, componentBytes } = room;
  try {
    encoder.setQuality(quality);
    encoder.setProgressive(0);
    encoder.setSubSampling(HALF_COLOURS);
    const bitsPerSample = 8 * componentBytes;
    write(encoder.getDecodedBuffer({ width, height, bitsPerSample, componentCount, isSigned: false }));
    encoder.encode();
    const { buffer } = encoder.getEncodedBuffer();
    return new Uint8Array(buffer);
  } finally {
    encoder.delete();
  }
}
