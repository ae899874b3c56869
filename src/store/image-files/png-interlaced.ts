/** Interlaced PNG of fewer than 8 bits a pixel, which the library mistakes: it takes every pixel for a byte. */
import type { Plane } from "./format.js";
import type { PngContent } from "./png-chunks.js";

/** First column and row of each pass, and the distances of its columns and rows. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** @throws Error where there are fewer rows than there should be, or filtered in an unknown way */
export function interlacedPlane({ width, height, depth, unpacked, palette }: PngContent): Plane {
  const samples = interlacedSamples(width, height, depth, unpacked);
  const largest = 2 ** depth - 1;
  if (palette === undefined) return { width, height, data: samples.map((sample) => (sample * 255) / largest) };
  const means = Float32Array.from({ length: largest + 1 }, (_, index) => {
    const colour = palette.subarray(index * 3, index * 3 + 3);
    return colour.reduce((sum, value) => sum + value, 0) / 3;
  });
  return { width, height, data: Float32Array.from(samples, (sample) => means[sample]!) };
}

function interlacedSamples(width: number, height: number, depth: number, unpacked: Uint8Array): Uint8Array {
  const samples = new Uint8Array(width * height);
  let at = 0;
  for (const [left, top, across, down] of PASSES) {
    const columns = Math.ceil((width - left) / across);
    if (columns <= 0) continue;
    let above = new Uint8Array(Math.ceil((columns * depth) / 8));
    for (let y = top; y < height; y += down) {
      const row = unpacked.slice(at + 1, at + 1 + above.length);
      if (row.length < above.length) throw new Error("it ends before its last pixel");
      unfilter(unpacked[at]!, row, above);
      for (let column = 0; column < columns; column++) {
        samples[y * width + left + column * across] = sampleOf(row, column, depth);
      }
      at += 1 + row.length;
      above = row;
    }
  }
  return samples;
}

function sampleOf(row: Uint8Array, column: number, depth: number): number {
  const bit = column * depth;
  return (row[bit >> 3]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** What each byte was foretold from: those before it, above it, and before that. */
const FORETOLD: readonly ((before: number, above: number, corner: number) => number)[] = [
  () => 0,
  (before) => before,
  (_, above) => above,
  (before, above) => (before + above) >> 1,
  (before, above, corner) => nearest(before + above - corner, before, above, corner),
];

function unfilter(filter: number, row: Uint8Array, above: Uint8Array): void {
  const foretold = FORETOLD[filter];
  if (foretold === undefined) throw new Error(`its rows are filtered in an unknown way (${filter})`);
  for (let at = 0; at < row.length; at++) row[at]! += foretold(row[at - 1] ?? 0, above[at]!, above[at - 1] ?? 0);
}

/** The one of three that is nearest to a value, the first of equal ones (Paeth's). */
function nearest(value: number, ...three: [number, number, number]): number {
  const [first, second, third] = three.map((item) => Math.abs(value - item)) as [number, number, number];
  if (first <= second && first <= third) return three[0];
  return second <= third ? three[1] : three[2];
}
