/** Texts that lie where 16 bytes a row say (`Utf8View`), as polars writes them: up to 12 bytes within these, longer ones in buffers beside. */
import type * as Arrow from "apache-arrow";

const VIEW_BYTES = 16;
const INLINE_BYTES = 12;
const INLINE_AT = 4;
const BUFFER_AT = 8;
const OFFSET_AT = 12;

/** All texts, one after the other; a missing one is empty. @throws RangeError for a text that lies outside of its buffer */
export function viewedTexts(data: Arrow.Data): { readonly offsets: Int32Array; readonly bytes: Uint8Array } {
  const parts = Array.from({ length: data.length }, (_, row) => textBytes(data, row));
  const offsets = new Int32Array(data.length + 1);
  for (const [row, part] of parts.entries()) offsets[row + 1] = offsets[row]! + part.length;
  const bytes = new Uint8Array(offsets[data.length]!);
  for (const [row, part] of parts.entries()) bytes.set(part, offsets[row]);
  return { offsets, bytes };
}

const NONE = new Uint8Array(0);

function textBytes(data: Arrow.Data, row: number): Uint8Array {
  if (!data.getValid(row)) return NONE;
  const views = data.values as Uint8Array;
  const at = row * VIEW_BYTES;
  if (at + VIEW_BYTES > views.length) throw new RangeError(`row ${row} has no view`);
  const view = new DataView(views.buffer, views.byteOffset + at, VIEW_BYTES);
  const length = view.getInt32(0, true);
  if (length >= 0 && length <= INLINE_BYTES) return views.subarray(at + INLINE_AT, at + INLINE_AT + length);
  const buffer = data.variadicBuffers[view.getInt32(BUFFER_AT, true)];
  const start = view.getInt32(OFFSET_AT, true);
  if (buffer === undefined || length < 0 || start < 0 || start + length > buffer.length)
    throw new RangeError(`the text of row ${row} is outside of its buffer`);
  return buffer.subarray(start, start + length);
}
