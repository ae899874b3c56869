/** Which byte order pixels are in, where nothing says so. */
import type { ImageHeader } from "../images/image.js";

/** Pixels beyond these are hardly ones of an image: numbers whose bytes are turned round are as a rule. */
const [SMALLEST, LARGEST] = [1e-15, 1e15];

/** Those of two that have the extremes the header tells; where it does not help, those that are more like pixels. */
export function likelierPixels(first: Float32Array, second: Float32Array, header: ImageHeader): Float32Array {
  const fits = [first, second].map((pixels) => hasExtremes(pixels, header));
  if (fits[0] !== fits[1]) return fits[0] ? first : second;
  return ordinary(second) > ordinary(first) ? second : first;
}

function hasExtremes(pixels: Float32Array, { minimum, maximum }: ImageHeader): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const pixel of pixels) {
    if (pixel < least) least = pixel;
    if (pixel > most) most = pixel;
  }
  return isNear(least, minimum) && isNear(most, maximum);
}

function isNear(found: number, stated: unknown): boolean {
  return typeof stated === "number" && Math.abs(found - stated) <= 1e-5 * Math.max(Math.abs(found), Math.abs(stated));
}

function ordinary(pixels: Float32Array): number {
  let count = 0;
  for (const pixel of pixels) {
    const size = Math.abs(pixel);
    if (size === 0 || (size > SMALLEST && size < LARGEST)) count++;
  }
  return count;
}
