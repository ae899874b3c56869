/** JPEG by libjpeg-turbo: baseline, with the tables of the standard, and one colour for four pixels (4:2:0). */
import { setImmediate } from "node:timers/promises";
import type { LibJpegTurbo } from "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs";
import { DataError } from "../../../errors.js";
import { joinStrips } from "./strips.js";

export interface JpegPicture {
  readonly width: number;
  readonly height: number;
  /** Writes red, green and blue of the pixels of some rows into the beginning of the encoder's memory. */
  write(memory: Uint8Array, firstRow: number, rows: number): void;
}

/** Pixels a side, by the library. */
export const LONGEST_JPEG_SIDE = 65_500;
/** Pixels of a strip, where that is not less than a row of blocks. */
const STRIP = 1 << 18;
/** Pixels a side that share one colour of each kind, transformed together. */
const BLOCK = 16;
/** Components that the library can be told of: 8 bits. */
const MOST_COMPONENTS = 255;
/** `TJSAMP_420` of the library. */
const HALF_COLOURS = 2;

let loading: Promise<LibJpegTurbo> | undefined;

/**
 * Strip by strip: the memory that this takes does not grow with the picture, and others have their turn meanwhile.
 * @param quality a whole number from 1 to 100
 * @throws DataError `LIMIT_EXCEEDED` for a picture that is too wide or too high
 */
export async function encodeJpeg(picture: JpegPicture, quality: number): Promise<Uint8Array> {
  const { width, height } = picture;
  checkSize(width, height);
  loading ??= loadLibrary();
  const library = await loading;
  const blocksAcross = Math.ceil(width / BLOCK);
  const blocksDown = Math.max(1, Math.floor(STRIP / BLOCK / width));
  const strips: Uint8Array[] = [];
  for (let row = 0; row < height; row += blocksDown * BLOCK) {
    if (row > 0) await setImmediate();
    strips.push(encodeStrip(library, picture, row, Math.min(blocksDown * BLOCK, height - row), quality));
  }
  return joinStrips(strips, height, blocksAcross * blocksDown);
}

async function loadLibrary(): Promise<LibJpegTurbo> {
  const { default: libjpegturbo } = await import("@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs");
  return libjpegturbo();
}

function checkSize(width: number, height: number): void {
  const isPossible = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= LONGEST_JPEG_SIDE);
  if (isPossible) return;
  throw new DataError("LIMIT_EXCEEDED", `A JPEG has 1 to ${LONGEST_JPEG_SIDE} pixels a side, not ${width} x ${height}`);
}

function encodeStrip(
  library: LibJpegTurbo,
  { width, write }: JpegPicture,
  firstRow: number,
  rows: number,
  quality: number,
): Uint8Array {
  const encoder = new library.JPEGEncoder();
  try {
    encoder.setQuality(quality);
    encoder.setProgressive(0);
    encoder.setSubSampling(HALF_COLOURS);
    write(
      encoder.getDecodedBuffer({ width, height: rows, isSigned: false, ...roomOfPixels(width, rows) }),
      firstRow,
      rows,
    );
    encoder.encode();
    return new Uint8Array(encoder.getEncodedBuffer().buffer);
  } finally {
    encoder.delete();
  }
}

/**
 * The library keeps as much memory for the JPEG as for the pixels, and writes beyond it where that is too little: so
 * it is told of larger pixels. It writes at most three bytes a pixel of whole blocks, and a header (`tj3JPEGBufSize`).
 */
function roomOfPixels(width: number, height: number): { componentCount: number; bitsPerSample: number } {
  const [wholeWidth, wholeHeight] = [width, height].map((side) => Math.ceil(side / BLOCK) * BLOCK);
  const pixelBytes = (wholeWidth! * wholeHeight! * 3 + 2048) / (width * height);
  const componentBytes = Math.ceil(pixelBytes / MOST_COMPONENTS);
  return { componentCount: Math.ceil(pixelBytes / componentBytes), bitsPerSample: 8 * componentBytes };
}
