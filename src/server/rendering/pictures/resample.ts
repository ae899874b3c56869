/** Makes pictures smaller or larger with Lanczos' kernel of three lobes. */
import type { PackedPicture } from "./renderer.js";

const LOBES = 3;

interface Weights {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

export function resample(picture: PackedPicture, width: number, height: number): PackedPicture {
  const columns = resampleRows(picture, weightsFor(picture.width, width));
  const places = weightsFor(picture.height, height);
  const pixels = new Int32Array(width * height);
  for (let x = 0; x < width; x++) {
    const colourAt = (band: number, weights: Weights) =>
      toByte(weightedSum(columns, (band * width + x) * picture.height, weights));
    for (const [y, weights] of places.entries()) {
      const [red, green, blue] = [colourAt(0, weights), colourAt(1, weights), colourAt(2, weights)];
      pixels[y * width + x] = 0xff000000 | (red << 16) | (green << 8) | blue;
    }
  }
  return { width, height, pixels };
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

/** The columns that rows get, each from top to bottom: those of red, then of green, then of blue. */
function resampleRows({ pixels, width, height }: PackedPicture, columns: readonly Weights[]): Float32Array {
  const size = columns.length * height;
  const result = new Float32Array(3 * size);
  for (let row = 0; row < height; row++) {
    for (const [column, { places, weights }] of columns.entries()) {
      let [red, green, blue] = [0, 0, 0];
      for (let step = 0; step < weights.length; step++) {
        const pixel = pixels[row * width + places[step]!]!;
        const weight = weights[step]!;
        red += weight * ((pixel >> 16) & 0xff);
        green += weight * ((pixel >> 8) & 0xff);
        blue += weight * (pixel & 0xff);
      }
      const at = column * height + row;
      result[at] = red;
      result[size + at] = green;
      result[2 * size + at] = blue;
    }
  }
  return result;
}

function weightedSum(source: Float32Array, from: number, { places, weights }: Weights): number {
  let sum = 0;
  for (let step = 0; step < weights.length; step++) sum += weights[step]! * source[from + places[step]!]!;
  return sum;
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(Math.fround(value))));
}
