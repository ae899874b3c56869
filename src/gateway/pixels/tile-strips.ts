/** Rows of tiles, which come with all their pixels where a server leaves none out. */
import type { PixelArray } from "./pixel-arrays.js";
import type { CheckedTile } from "./plane-places.js";

/** The rows of a tile that are wanted, `count` from `row` on, with those between them. */
export function stripOf(tile: CheckedTile, row: number, count: number): CheckedTile {
  const { y, stepY } = tile;
  return { ...tile, y: y + row * stepY, height: (count - 1) * stepY + 1, stepX: 1, stepY: 1 };
}

/** Copies every so many of the pixels of rows. @param elements numbers of a pixel */
export function copyStepped(
  strip: PixelArray,
  { width, stepX, stepY }: Pick<CheckedTile, "width" | "stepX" | "stepY">,
  target: PixelArray,
  elements: number,
): void {
  const rowLength = width * elements;
  for (let start = 0, at = 0; start < strip.length; start += rowLength * stepY) {
    const row = strip.subarray(start, start + rowLength);
    if (stepX === 1) {
      target.set(row, at);
      at += rowLength;
      continue;
    }
    for (let from = 0; from < rowLength; from += stepX * elements) {
      for (let element = 0; element < elements; element++) target[at++] = row[from + element]!;
    }
  }
}
