/** What compresses the strips and tiles of a TIFF. */
import { promisify } from "node:util";
import { inflate } from "node:zlib";

const UNPACKERS = new Map<number, (bytes: Uint8Array, length: number) => Uint8Array | Promise<Uint8Array>>([
  [1, (bytes) => bytes],
  [5, unpackLzw],
  [8, unpackDeflate],
  [32_946, unpackDeflate],
  [32_773, unpackBits],
]);

export function isUnpacked(compression: number): boolean {
  return UNPACKERS.has(compression);
}

/** The bytes of a part, no more than `length`; fewer where it is cut off. @throws Error where they are damaged */
export async function unpackPart(compression: number, bytes: Uint8Array, length: number): Promise<Uint8Array> {
  return UNPACKERS.get(compression)!(bytes, length);
}

function unpackDeflate(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  return promisify(inflate)(bytes, { maxOutputLength: Math.max(length, 1) });
}

/** PackBits: a count, then so many bytes, or one to be repeated. */
function unpackBits(bytes: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length);
  let end = 0;
  for (let at = 0; at + 1 < bytes.length && end < length; ) {
    const count = bytes[at++]!;
    if (count === 128) continue;
    if (count > 128) {
      const next = Math.min(end + 257 - count, length);
      unpacked.fill(bytes[at++]!, end, next);
      end = next;
    } else {
      const some = bytes.subarray(at, at + Math.min(count + 1, length - end));
      unpacked.set(some, end);
      end += some.length;
      at += count + 1;
    }
  }
  return unpacked.subarray(0, end);
}

const CLEAR = 256;
const END = 257;
const MOST_CODES = 4_096;
const MOST_BITS = 12;

/** LZW as TIFF has it: codes of 9 to 12 bits, the highest bit first, which become longer one code early. */
function unpackLzw(bytes: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length);
  const codes = new LzwCodes(bytes);
  const table = new LzwTable();
  let end = 0;
  let last = -1;
  while (end < length) {
    const code = codes.next(table.codeBits);
    if (code === END) break;
    if (code === CLEAR) {
      table.clear();
      last = -1;
      continue;
    }
    if (code > table.size || (last < 0 && code >= CLEAR)) throw new Error("its LZW codes are damaged");
    if (last >= 0) table.add(last, code);
    end += table.copy(code, unpacked, end);
    last = code;
  }
  return unpacked.subarray(0, end);
}

class LzwCodes {
  readonly #bytes: Uint8Array;
  #at = 0;
  #bits = 0;
  #held = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(count: number): number {
    while (this.#held < count) {
      if (this.#at >= this.#bytes.length) return END;
      this.#bits = ((this.#bits << 8) | this.#bytes[this.#at++]!) & 0xffffff;
      this.#held += 8;
    }
    this.#held -= count;
    return (this.#bits >> this.#held) & (2 ** count - 1);
  }
}

/** Each code stands for another and one byte more. */
class LzwTable {
  readonly #prefix = new Uint16Array(MOST_CODES);
  readonly #suffix = Uint8Array.from({ length: MOST_CODES }, (_, code) => code);
  readonly #first = Uint8Array.from({ length: MOST_CODES }, (_, code) => code);
  readonly #length = new Uint16Array(MOST_CODES).fill(1);
  size = END + 1;
  codeBits = 9;

  clear(): void {
    this.size = END + 1;
    this.codeBits = 9;
  }

  /** What `last` stands for, and the first byte of what comes next, which may be the new code itself. */
  add(last: number, next: number): void {
    if (this.size === MOST_CODES) return;
    this.#prefix[this.size] = last;
    this.#first[this.size] = this.#first[last]!;
    this.#suffix[this.size] = this.#first[next === this.size ? last : next]!;
    this.#length[this.size] = this.#length[last]! + 1;
    this.size++;
    if (this.size >= 2 ** this.codeBits - 1 && this.codeBits < MOST_BITS) this.codeBits++;
  }

  /** Puts what a code stands for into `target`, as far as there is room. Returns how many bytes that are. */
  copy(code: number, target: Uint8Array, start: number): number {
    const length = this.#length[code]!;
    for (let at = start + length - 1, from = code; at >= start; at--) {
      target[at] = this.#suffix[from]!;
      from = this.#prefix[from]!;
    }
    return Math.min(length, target.length - start);
  }
}
