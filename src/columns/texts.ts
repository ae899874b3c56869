/** Text columns as JavaScript strings; equal short texts near each other become one string. */
import type { StringColumn } from "./batch.js";
import { isAscii, isUtf8 } from "./node.js";

/** Texts remembered, a power of two. */
const SLOTS = 1024;
/** Longer texts are seldom repeated. */
const LONGEST_REMEMBERED = 32;

/** Puts the texts of a column into `texts`, from `at` on. */
export function putTexts({ offsets, bytes }: StringColumn, texts: string[], at: number): void {
  const reader = new TextReader(bytes);
  for (let row = 0; row < offsets.length - 1; row++) texts[at + row] = reader.read(offsets[row]!, offsets[row + 1]!);
}

class TextReader {
  readonly #bytes: Uint8Array;
  readonly #buffer: Buffer;
  readonly #encoding: BufferEncoding;
  /** Where the text in each slot begins. */
  readonly #starts = new Int32Array(SLOTS);
  readonly #lengths = new Int32Array(SLOTS).fill(-1);
  readonly #texts: string[] = new Array(SLOTS).fill("");

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#encoding = isAscii(bytes) ? "latin1" : "utf8";
  }

  read(start: number, stop: number): string {
    const length = stop - start;
    if (length === 0) return "";
    if (length > LONGEST_REMEMBERED) return this.#buffer.toString(this.#encoding, start, stop);
    const slot = this.#slotOf(start, stop);
    if (this.#lengths[slot] === length && this.#equal(this.#starts[slot]!, start, length)) return this.#texts[slot]!;
    const text = this.#buffer.toString(this.#encoding, start, stop);
    this.#starts[slot] = start;
    this.#lengths[slot] = length;
    this.#texts[slot] = text;
    return text;
  }

  #slotOf(start: number, stop: number): number {
    let hash = stop - start;
    for (let at = start; at < stop; at++) hash = (Math.imul(hash, 31) + this.#bytes[at]!) | 0;
    return (hash ^ (hash >>> 10)) & (SLOTS - 1);
  }

  #equal(one: number, other: number, length: number): boolean {
    for (let index = 0; index < length; index++) {
      if (this.#bytes[one + index] !== this.#bytes[other + index]) return false;
    }
    return true;
  }
}

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
