/** A mask as text, for cells that hold nothing but text. */
import type { MaskColumn } from "./batch.js";

/**
 * The mask of row `row` as a JSON object with the members of OMERO's MaskColumn: `imageId` (an integer, in full),
 * `theZ`, `theT`, `x`, `y`, `w`, `h` (null for what is no finite number), and `bytes` in base64.
 */
export function maskText(column: MaskColumn, row: number): string {
  const { imageId, theZ, theT, x, y, w, h, offsets, bytes } = column;
  const bits = Buffer.from(bytes.buffer, bytes.byteOffset + offsets[row]!, offsets[row + 1]! - offsets[row]!);
  const rest = { theZ: theZ[row], theT: theT[row], x: x[row], y: y[row], w: w[row], h: h[row] };
  const text = JSON.stringify({ ...rest, bytes: bits.toString("base64") });
  return `{"imageId":${imageId[row]},${text.slice(1)}`;
}
