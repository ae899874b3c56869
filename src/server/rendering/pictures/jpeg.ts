/** Pictures as JPEG. */
import type { PackedPicture } from "./renderer.js";

/** Quality from 0 to 1, as OMERO has it unless it is told otherwise: a 32-bit float. */
export const DEFAULT_COMPRESSION = Math.fround(0.85);

/** @param level quality from 0 to 1. */
export async function encodeJpeg({ pixels, width, height }: PackedPicture, level: number): Promise<Uint8Array> {
  const { default: jpegJs } = await import("jpeg-js");
  const quality = Math.max(1, Math.round(100 * level));
  return jpegJs.encode({ data: rgba(pixels), width, height }, quality).data;
}

function rgba(pixels: Int32Array): Uint8Array {
  const bytes = new Uint8Array(pixels.length * 4);
  for (let index = 0, at = 0; index < pixels.length; index++) {
    const pixel = pixels[index]!;
    bytes[at++] = pixel >> 16;
    bytes[at++] = pixel >> 8;
    bytes[at++] = pixel;
    bytes[at++] = 255;
  }
  return bytes;
}
