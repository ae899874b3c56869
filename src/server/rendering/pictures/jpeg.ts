/** Pictures as JPEG. */
import { reusedBuffers } from "../../../flow/reused-buffers.js";
import { halfColours } from "./half-colours.js";
import type { PackedPicture } from "./renderer.js";

/** Quality from 0 to 1, as OMERO has it unless it is told otherwise: a 32-bit float. */
export const DEFAULT_COMPRESSION = Math.fround(0.85);

/**
 * With half the colours, as OMERO's pictures have them: the encoder itself keeps them all.
 * The picture's pixels are gone afterwards.
 * @param level quality from 0 to 1.
 */
export async function encodeJpeg({ pixels, width, height }: PackedPicture, level: number): Promise<Uint8Array> {
  const { default: jpegJs } = await import("jpeg-js");
  const quality = Math.max(1, Math.min(100, Math.round(100 * level) || 1));
  const data = halfColours(pixels, width, height);
  reusedBuffers.giveBack(pixels);
  try {
    return jpegJs.encode({ data, width, height }, quality).data;
  } finally {
    reusedBuffers.giveBack(data);
  }
}
