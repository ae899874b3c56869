/** Texts of columns one by one; one that comes again is not made again. */
import type { StringColumn } from "../../columns/batch.js";

/** Texts that are known again. */
const MOST_KNOWN = 4096;
/** Bytes of a text that is known again. */
const MOST_BYTES = 256;

interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

export class TextReader {
  readonly #known = new Map<number, Known>();
  readonly #most: number;
  #buffer: Buffer = Buffer.alloc(0);

  /** @param most texts that are known again */
  constructor(most = MOST_KNOWN) {
    this.#most = most;
  }

  /** The text of a row. */
  at({ offsets, bytes }: StringColumn, row: number): string {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    const hash = hashOf(bytes, from, to);
    const known = this.#known.get(hash);
    if (known !== undefined && isSame(known.bytes, bytes, from, to)) return known.text;
    const text = this.#decoded(bytes, from, to);
    if (known === undefined && to - from <= MOST_BYTES && this.#known.size < this.#most)
      this.#known.set(hash, { bytes: bytes.slice(from, to), text });
    return text;
  }

  #decoded(bytes: Uint8Array, from: number, to: number): string {
    if (this.#buffer.buffer !== bytes.buffer || this.#buffer.byteOffset !== bytes.byteOffset)
      this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#buffer.toString("utf8", from, to);
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[from + at]) return false;
  return true;
}
