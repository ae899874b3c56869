/** Pictures as JPEG. */
import { reusedBuffers } from "../../../flow/reused-buffers.js";
import { encodeJpeg, LONGEST_JPEG_SIDE } from "../../../store/image-files/jpeg/jpeg-encoder.js";
import { validation } from "../../exceptions.js";
import type { PackedPicture } from "./renderer.js";

/** Quality from 0 to 1, as OMERO has it unless it is told otherwise: a 32-bit float. */
export const DEFAULT_COMPRESSION = Math.fround(0.85);

/**
 * The picture's pixels are gone afterwards.
 * @param level quality from 0 to 1.
 */
export async function jpegOf({ pixels, width, height }: PackedPicture, level: number): Promise<Uint8Array> {
  if (Math.max(width, height) > LONGEST_JPEG_SIDE) throw tooLong(width, height);
  const quality = Math.max(1, Math.min(100, Math.round(100 * level) || 1));
  const write = (memory: Uint8Array, row: number, rows: number) =>
    writeColours(pixels.subarray(row * width, (row + rows) * width), memory);
  try {
    return await encodeJpeg({ width, height, write }, quality);
  } finally {
    reusedBuffers.giveBack(pixels);
  }
}

function tooLong(width: number, height: number) {
  const reason = `A JPEG has at most ${LONGEST_JPEG_SIDE} pixels a side, not ${width} x ${height}`;
  return validation(`${reason}: ask for a region, or for packed pixels`);
}

/** Red, green and blue of pixels 0xAARRGGBB. */
function writeColours(pixels: Int32Array, memory: Uint8Array): void {
  for (let index = 0, at = 0; index < pixels.length; index++, at += 3) {
    const pixel = pixels[index]!;
    memory[at] = pixel >> 16;
    memory[at + 1] = pixel >> 8;
    memory[at + 2] = pixel;
  }
}
