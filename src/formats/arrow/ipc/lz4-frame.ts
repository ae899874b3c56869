/** Decodes LZ4 frames (LZ4 Frame Format 1.6.2 and LZ4 Block Format), which Arrow and pandas compress record batches by. */

const MAGIC = 0x184d2204;
const MAGIC_BYTES = 4;
/** Bits of the frame's flags. */
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_SIZE = 0x08;
const HAS_CONTENT_CHECKSUM = 0x04;
const HAS_DICTIONARY = 0x01;
/** Bit of a block's size that says it is stored as it is. */
const IS_STORED = 0x80000000;
const LEAST_MATCH = 4;

/**
 * The content of a frame. Checksums are not compared.
 * @throws RangeError for what is no whole frame
 */
export function decodeLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < MAGIC_BYTES + 3 || view.getUint32(0, true) !== MAGIC) throw new RangeError("no LZ4 frame");
  const flags = frame[MAGIC_BYTES]!;
  if (flags & HAS_DICTIONARY) throw new RangeError("an LZ4 frame with a dictionary of its own");
  let at = MAGIC_BYTES + 2 + (flags & HAS_CONTENT_SIZE ? 8 : 0) + 1;
  const content = new GrowingBytes(frame.length);
  for (;;) {
    if (at + 4 > frame.length) throw new RangeError("an LZ4 frame without its end");
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const size = header & ~IS_STORED;
    if (at + size > frame.length) throw new RangeError("an LZ4 block beyond its frame");
    const block = frame.subarray(at, at + size);
    if ((header & IS_STORED) !== 0) content.append(block);
    else decodeBlock(block, content);
    at += size + (flags & HAS_BLOCK_CHECKSUMS ? 4 : 0);
  }
  if (flags & HAS_CONTENT_CHECKSUM && at + 4 > frame.length) throw new RangeError("an LZ4 frame without its checksum");
  return content.bytes();
}

/** Appends a block's content, which may repeat what came before it. */
function decodeBlock(block: Uint8Array, content: GrowingBytes): void {
  let at = 0;
  /** A length of 15 goes on in bytes, the last of which is less than 255. */
  const length = (nibble: number) => {
    let total = nibble;
    if (nibble === 15) {
      let next: number;
      do {
        if (at >= block.length) throw new RangeError("an LZ4 length beyond its block");
        next = block[at++]!;
        total += next;
      } while (next === 255);
    }
    return total;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = length(token >> 4);
    if (at + literals > block.length) throw new RangeError("LZ4 literals beyond their block");
    content.append(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return;
    if (at + 2 > block.length) throw new RangeError("an LZ4 match without its offset");
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    content.repeat(distance, length(token & 15) + LEAST_MATCH);
  }
}

/** Bytes to which others are appended. */
class GrowingBytes {
  #bytes: Uint8Array;
  #length = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected);
  }

  append(part: Uint8Array): void {
    this.#grow(part.length);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  /** Appends `length` bytes of what begins `distance` bytes back, as they become. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw new RangeError("an LZ4 match before the beginning");
    this.#grow(length);
    const bytes = this.#bytes;
    const to = this.#length;
    if (distance >= length) bytes.copyWithin(to, to - distance, to - distance + length);
    else for (let index = 0; index < length; index++) bytes[to + index] = bytes[to + index - distance]!;
    this.#length += length;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
