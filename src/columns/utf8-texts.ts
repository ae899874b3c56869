/** Texts that come from elsewhere: a column promises UTF-8 in every row (`StringColumn` in batch.ts). */
import { isAscii, isUtf8 } from "./node.js";

/** Row `i` is `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`; offsets do not fall, and lie within the bytes. */
export interface Texts {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/** Whether each row by itself is UTF-8. */
export function areUtf8({ offsets, bytes }: Texts): boolean {
  const last = offsets.length - 1;
  const text = bytes.subarray(offsets[0], offsets[last]);
  if (isAscii(text)) return true;
  if (!isUtf8(text)) return false;
  for (let row = 0; row < last; row++) {
    const start = offsets[row]!;
    if (start < offsets[row + 1]! && isContinuation(bytes[start]!)) return false;
  }
  return true;
}

/** The first row that is not UTF-8; -1 where all are. */
export function firstNotUtf8(texts: Texts): number {
  if (areUtf8(texts)) return -1;
  const { offsets, bytes } = texts;
  return offsets.findIndex((offset, row) => !isUtf8(bytes.subarray(offset, offsets[row + 1])));
}

/** A byte within a character. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
