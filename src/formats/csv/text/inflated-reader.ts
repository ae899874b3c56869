/** Reads gzip (RFC 1952), of one member or several, in bounded memory. */
import type { Inflate } from "pako";
import { DataError } from "../../../errors.js";
import type { ByteReader } from "./byte-reader.js";

/** Compressed bytes a step; deflate expands at most 1032 times, which bounds what one step can give. */
const STEP = 16 * 1024;
const OUTPUT = 256 * 1024;

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** @param maxBytes what may come of it: a file of a few megabytes can hold terabytes */
export async function inflateReader(compressed: ByteReader, maxBytes: number): Promise<ByteReader> {
  const { Inflate } = await import("pako");
  return new InflatedReader(compressed, () => new Inflate({ chunkSize: OUTPUT }), maxBytes);
}

/** One gzip member being inflated, and zlib's account of the input it has not used. */
interface Member {
  readonly inflate: Inflate;
  stream: { readonly avail_in: number } | undefined;
}

class InflatedReader implements ByteReader {
  readonly #compressed: ByteReader;
  readonly #newInflate: () => Inflate;
  readonly #input = new Uint8Array(STEP);
  readonly #inflated: Uint8Array[] = [];
  #pending: Uint8Array = new Uint8Array(0);
  #member: Member | undefined;
  #memberCount = 0;
  /** Bytes inflated. */
  #count = 0;
  #ended = false;
  readonly #maxBytes: number;

  constructor(compressed: ByteReader, newInflate: () => Inflate, maxBytes: number) {
    this.#compressed = compressed;
    this.#newInflate = newInflate;
    this.#maxBytes = maxBytes;
  }

  async read(target: Uint8Array): Promise<number> {
    while (this.#inflated.length === 0) {
      if (this.#ended) return 0;
      await this.#step();
    }
    const chunk = this.#inflated[0]!;
    const count = Math.min(target.length, chunk.length);
    target.set(chunk.subarray(0, count));
    if (count === chunk.length) this.#inflated.shift();
    else this.#inflated[0] = chunk.subarray(count);
    return count;
  }

  close(): Promise<void> {
    return this.#compressed.close();
  }

  async #step(): Promise<void> {
    if (this.#pending.length === 0) {
      const count = await this.#compressed.read(this.#input);
      if (count === 0) return this.#end();
      this.#pending = this.#input.subarray(0, count);
    }
    if (this.#member === undefined && this.#memberCount > 0 && this.#skipPadding()) return;
    this.#inflate();
  }

  #inflate(): void {
    this.#member ??= this.#beginMember();
    const { inflate } = this.#member;
    const input = this.#pending;
    inflate.push(input);
    if (this.#count > this.#maxBytes) throw tooMuch(this.#maxBytes);
    if (inflate.err !== 0) throw damaged(inflate.msg || `zlib error ${inflate.err}`);
    const unused = inflate.ended ? (this.#member.stream?.avail_in ?? 0) : 0;
    this.#pending = input.subarray(input.length - unused);
    if (inflate.ended) this.#member = undefined;
  }

  #beginMember(): Member {
    const member: Member = { inflate: this.#newInflate(), stream: undefined };
    member.inflate.onStart = (stream) => {
      member.stream = stream;
    };
    member.inflate.onData = (chunk) => {
      this.#count += chunk.length;
      this.#inflated.push(chunk);
    };
    member.inflate.onEnd = () => {};
    this.#memberCount++;
    return member;
  }

  /** Zero bytes may follow a member. Whether only those were left. */
  #skipPadding(): boolean {
    const first = this.#pending.findIndex((byte) => byte !== 0);
    this.#pending = first < 0 ? new Uint8Array(0) : this.#pending.subarray(first);
    return first < 0;
  }

  #end(): void {
    this.#ended = true;
    if (this.#member !== undefined) throw damaged("it ends too early");
  }
}

function damaged(how: string): DataError {
  return new DataError("MALFORMED_FILE", `The gzip data is damaged: ${how}. Compress the file again.`);
}

function tooMuch(maxBytes: number): DataError {
  const message = `The gzip data holds more than ${maxBytes} bytes of text: unpack it first, or set maxBytes to how many it may hold`;
  return new DataError("LIMIT_EXCEEDED", message);
}
