/** Pictures as they come out of a JPEG of half the colours (4:2:0): one colour for four pixels, and a smooth way between. */

import { reusedBuffers } from "../../../flow/reused-buffers.js";

type Plane = Float32Array;

/** RGBA of pixels 0xAARRGGBB; grey ones stay as they are. The bytes are of {@link reusedBuffers}, to be given back. */
export function halfColours(pixels: Int32Array, width: number, height: number): Uint8Array {
  const result = reusedBuffers.take(pixels.length * 4);
  if (pixels.every(isGrey)) return withGreys(pixels, result);
  const [half, low] = [(width + 1) >> 1, (height + 1) >> 1];
  const halved = halvedColours(pixels, width, height);
  const blueness = new Float32Array(width);
  const redness = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    doubledRow(halved[0], half, low, y, blueness);
    doubledRow(halved[1], half, low, y, redness);
    colourRow(pixels.subarray(y * width, (y + 1) * width), blueness, redness, result.subarray(4 * y * width));
  }
  for (const plane of halved) reusedBuffers.giveBack(plane);
  return result;
}

function isGrey(pixel: number): boolean {
  return (pixel & 0xff) === ((pixel >> 8) & 0xff) && ((pixel ^ (pixel >> 8)) & 0xff00) === 0;
}

function withGreys(pixels: Int32Array, result: Uint8Array): Uint8Array {
  for (let index = 0, at = 0; index < pixels.length; index++, at += 4) {
    result[at] = result[at + 1] = result[at + 2] = pixels[index]! & 0xff;
    result[at + 3] = 255;
  }
  return result;
}

/** The light of pixels with other colours. */
function colourRow(pixels: Int32Array, blueness: Plane, redness: Plane, result: Uint8Array): void {
  for (let x = 0, at = 0; x < pixels.length; x++, at += 4) {
    const pixel = pixels[x]!;
    const light = 0.299 * ((pixel >> 16) & 0xff) + 0.587 * ((pixel >> 8) & 0xff) + 0.114 * (pixel & 0xff);
    const cb = blueness[x]!;
    const cr = redness[x]!;
    result[at] = clipped(light + 1.402 * cr);
    result[at + 1] = clipped(light - 0.344136 * cb - 0.714136 * cr);
    result[at + 2] = clipped(light + 1.772 * cb);
    result[at + 3] = 255;
  }
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}

/** Cb and Cr of each four pixels. */
function halvedColours(pixels: Int32Array, width: number, height: number): [Plane, Plane] {
  const [half, low] = [(width + 1) >> 1, (height + 1) >> 1];
  const [blueness, redness] = [newPlane(half * low), newPlane(half * low)];
  for (let y = 0; y < low; y++) {
    for (let x = 0; x < half; x++) {
      let [cb, cr] = [0, 0];
      for (let corner = 0; corner < 4; corner++) {
        const row = Math.min(2 * y + (corner >> 1), height - 1);
        const pixel = pixels[row * width + Math.min(2 * x + (corner & 1), width - 1)]!;
        const red = (pixel >> 16) & 0xff;
        const green = (pixel >> 8) & 0xff;
        const blue = pixel & 0xff;
        cb += -0.168736 * red - 0.331264 * green + 0.5 * blue;
        cr += 0.5 * red - 0.418688 * green - 0.081312 * blue;
      }
      blueness[y * half + x] = cb / 4;
      redness[y * half + x] = cr / 4;
    }
  }
  return [blueness, redness];
}

function newPlane(length: number): Plane {
  return new Float32Array(reusedBuffers.take(4 * length).buffer, 0, length);
}

/** A row made whole again: three parts of the nearest value and one of the next, in both directions. */
function doubledRow(plane: Plane, half: number, low: number, y: number, row: Plane): void {
  const [near, next] = neighbours(y, low);
  const nearRow = plane.subarray(near * half, (near + 1) * half);
  const nextRow = plane.subarray(next * half, (next + 1) * half);
  for (let x = 0; x < row.length; x++) {
    const left = x >> 1;
    const right = Math.max(0, Math.min(half - 1, left + ((x & 1) === 0 ? -1 : 1)));
    const here = 3 * nearRow[left]! + nearRow[right]!;
    const there = 3 * nextRow[left]! + nextRow[right]!;
    row[x] = (3 * here + there) / 16;
  }
}

function neighbours(at: number, count: number): [number, number] {
  const near = at >> 1;
  const next = near + ((at & 1) === 0 ? -1 : 1);
  return [near, Math.max(0, Math.min(count - 1, next))];
}
