/** Reads a file in blocks, the incomplete record left of one in front of the next. */

import { prefetch } from "../../../flow/map-in-order.js";
import { isAscii, isUtf8 } from "../../node.js";
import { malformedCsv } from "../scan/malformed.js";
import type { ByteReader } from "./byte-reader.js";
import { UndecodableText } from "./undecodable-text.js";

const BLOCK = 1024 * 1024;
const HEADROOM = 64 * 1024;
/** A scanner may look, and write, a little beyond the last byte. */
const SLACK = 16;
/** No record may be longer; nearly always a quote was left open. */
export const LONGEST_RECORD = 64 * 1024 * 1024;

export interface Block {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Nothing follows this block. */
  readonly final: boolean;
}

export class BlockReader {
  /** Bytes read so far. */
  byteCount = 0;
  readonly #reader: ByteReader;
  readonly #spare: Uint8Array[] = [];
  /** What comes next: one read while the one before is scanned. */
  readonly #reads: AsyncGenerator<Filled, void, undefined>;
  /** Whether characters beyond ASCII came in UTF-8. */
  #sawUtf8 = false;

  constructor(reader: ByteReader, signal?: AbortSignal) {
    this.#reader = reader;
    this.#reads = prefetch(() => this.#readAll(), { signal, label: "Reading CSV" });
  }

  /**
   * The bytes that `block` left from `consumed` on, followed by the next ones. A block's bytes may be overwritten once
   * the one after it was asked for.
   */
  async next(block?: Block, consumed = 0, line = 1): Promise<Block> {
    const tail = block === undefined ? new Uint8Array(0) : block.bytes.subarray(consumed, block.end);
    if (tail.length > LONGEST_RECORD) {
      throw malformedCsv(line, "a record is longer than 64 MiB", "Look for a quote that is never closed");
    }
    const next = tail.length > HEADROOM ? await this.#longRecord(tail) : await this.#shortRecord(tail);
    if (block !== undefined && block.bytes.length === HEADROOM + BLOCK + SLACK) this.#spare.push(block.bytes);
    this.#checkUtf8(next, line);
    return next;
  }

  /** Ends a reading ahead that nobody will ask for. */
  async close(): Promise<void> {
    await this.#reads.return();
    await this.#reader.close();
  }

  async #shortRecord(tail: Uint8Array): Promise<Block> {
    const { bytes, end } = await this.#nextRead();
    const start = HEADROOM - tail.length;
    bytes.set(tail, start);
    return { bytes, start, end, final: end === HEADROOM };
  }

  /** A record longer than the headroom: as much again is read, so that its length costs no more than linear time. */
  async #longRecord(tail: Uint8Array): Promise<Block> {
    const reads = 1 + Math.ceil(tail.length / BLOCK);
    const bytes = new Uint8Array(tail.length + reads * BLOCK + SLACK);
    bytes.set(tail);
    let end = tail.length;
    let final = false;
    for (let count = 0; count < reads && !final; count++) {
      const read = await this.#nextRead();
      bytes.set(read.bytes.subarray(HEADROOM, read.end), end);
      end += read.end - HEADROOM;
      final = read.end === HEADROOM;
      this.#spare.push(read.bytes);
    }
    return { bytes, start: 0, end, final };
  }

  async #nextRead(): Promise<Filled> {
    const { value } = await this.#reads.next();
    if (!value) throw new RangeError("nothing follows the final block");
    return value;
  }

  /** All there is, and an empty read after it. */
  async *#readAll(): AsyncGenerator<Filled, void, undefined> {
    for (let end = Number.POSITIVE_INFINITY; end > HEADROOM; ) {
      const bytes = this.#spare.pop() ?? newBuffer();
      end = await this.#fill(bytes);
      yield { bytes, end };
    }
  }

  /** @throws UndecodableText naming the line that is not UTF-8. */
  #checkUtf8({ bytes, start, end, final }: Block, firstLine: number): void {
    const text = bytes.subarray(start, final ? end : end - partialCharacter(bytes, start, end));
    if (isAscii(text)) return;
    if (!isUtf8(text)) throw new UndecodableText(text, firstLine, this.#sawUtf8);
    this.#sawUtf8 = true;
  }

  /** Reads a block behind the headroom, less only where the file ends; returns its end. */
  async #fill(bytes: Uint8Array): Promise<number> {
    let end = HEADROOM;
    while (end < HEADROOM + BLOCK) {
      const count = await this.#reader.read(bytes.subarray(end, HEADROOM + BLOCK));
      if (count === 0) break;
      end += count;
    }
    this.byteCount += end - HEADROOM;
    return end;
  }
}

interface Filled {
  readonly bytes: Uint8Array;
  readonly end: number;
}

function newBuffer(): Uint8Array {
  return Buffer.allocUnsafeSlow(HEADROOM + BLOCK + SLACK);
}

/** Bytes at the end that may be the beginning of a character. */
export function partialCharacter(bytes: Uint8Array, start: number, end: number): number {
  for (let length = 1; length <= Math.min(3, end - start); length++) {
    const byte = bytes[end - length]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return length;
  }
  return 0;
}
