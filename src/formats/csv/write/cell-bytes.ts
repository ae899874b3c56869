/** What cells of text files are written with, as bytes. */

/** Writes one column's cells. */
export interface CellWriter {
  /** Most bytes a cell of this column takes. */
  readonly longest: number;
  /** Writes the cell of row `row` at `at` and returns the position after it. */
  write(out: Uint8Array, at: number, row: number): number;
}

/** Beyond this many bytes the engine's block copy is faster than a loop. */
const LONG_TEXT = 48;

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function mostTextBytes(offsets: Int32Array): number {
  let longest = 0;
  for (let row = 1; row < offsets.length; row++) longest = Math.max(longest, offsets[row]! - offsets[row - 1]!);
  return longest;
}

/** Copies `bytes[start] ..< bytes[stop]` to `out[at]` onwards; returns the position after them. */
export function copyBytes(bytes: Uint8Array, start: number, stop: number, out: Uint8Array, at: number): number {
  const end = at + stop - start;
  if (stop - start > LONG_TEXT) out.set(bytes.subarray(start, stop), at);
  else for (let index = start, position = at; position < end; index++, position++) out[position] = bytes[index]!;
  return end;
}

export function copyAll(bytes: Uint8Array, out: Uint8Array, at: number): number {
  return copyBytes(bytes, 0, bytes.length, out, at);
}
