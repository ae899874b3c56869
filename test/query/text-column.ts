import type { StringColumn } from "../../src/columns/batch.js";

/** Texts as a column, in UTF-8. */
export function textColumn(texts: readonly string[]): StringColumn {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const offsets = new Int32Array(texts.length + 1);
  for (const [row, bytes] of encoded.entries()) offsets[row + 1] = offsets[row]! + bytes.length;
  const bytes = new Uint8Array(offsets.at(-1)!);
  for (const [row, text] of encoded.entries()) bytes.set(text, offsets[row]);
  return { kind: "string", offsets, bytes };
}
