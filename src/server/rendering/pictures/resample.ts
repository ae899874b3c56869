/** Makes pictures smaller or larger with Lanczos' kernel of three lobes. */
import type { PackedPicture } from "./renderer.js";

const LOBES = 3;

interface Weights {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

export function resample(picture: PackedPicture, width: number, height: number): PackedPicture {
  const across = resampleRows(bands(picture.pixels), picture.width, picture.height, weightsFor(picture.width, width));
  const turned = turn(across, width, picture.height);
  const down = resampleRows(turned, picture.height, width, weightsFor(picture.height, height));
  return { width, height, pixels: packed(turn(down, height, width)) };
}

/**
 * For every place in the result, how much of which places of the source is in it. Places begin where the thumbnails of
 * OMERO's begin: half a place before their middle.
 */
function weightsFor(from: number, to: number): Weights[] {
  const scale = from / to;
  const support = LOBES * Math.max(1, scale);
  const squeeze = scale > 1 ? LOBES / Math.ceil(support) : 1;
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * scale;
    const start = Math.floor(centre - support);
    const count = Math.ceil(centre + support) - start + 1;
    const weights = Float64Array.from({ length: count }, (_unused, step) => lanczos((centre - start - step) * squeeze));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const places = Int32Array.from({ length: count }, (_unused, step) => mirrored(start + step, from));
    return { places, weights: weights.map((weight) => weight / sum) };
  });
}

/** What is beyond an edge is what is before it. */
function mirrored(place: number, count: number): number {
  const inside = place < 0 ? -place : place >= count ? 2 * count - place - 1 : place;
  return Math.max(0, Math.min(count - 1, inside));
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

function resampleRows(source: Float32Array, width: number, height: number, places: readonly Weights[]): Float32Array {
  const result = new Float32Array(3 * places.length * height);
  for (let row = 0; row < 3 * height; row++) {
    const from = row * width;
    for (const [index, { places: taken, weights }] of places.entries()) {
      let sum = 0;
      for (let step = 0; step < weights.length; step++) sum += weights[step]! * source[from + taken[step]!]!;
      result[row * places.length + index] = sum;
    }
  }
  return result;
}

/** Red, green and blue, one after the other. */
function bands(pixels: Int32Array): Float32Array {
  const result = new Float32Array(3 * pixels.length);
  for (let index = 0; index < pixels.length; index++) {
    const pixel = pixels[index]!;
    result[index] = (pixel >> 16) & 0xff;
    result[pixels.length + index] = (pixel >> 8) & 0xff;
    result[2 * pixels.length + index] = pixel & 0xff;
  }
  return result;
}

function turn(source: Float32Array, width: number, height: number): Float32Array {
  const result = new Float32Array(source.length);
  const size = width * height;
  for (let band = 0; band < 3; band++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) result[band * size + x * height + y] = source[band * size + y * width + x]!;
    }
  }
  return result;
}

function packed(source: Float32Array): Int32Array {
  const size = source.length / 3;
  const clip = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
  return Int32Array.from({ length: size }, (_, index) => {
    const [red, green, blue] = [clip(source[index]!), clip(source[size + index]!), clip(source[2 * size + index]!)];
    return 0xff000000 | (red << 16) | (green << 8) | blue;
  });
}
