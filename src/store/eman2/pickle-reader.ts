/** Numbers and texts of a pickle, each checked against the bytes at hand. */
import { isUtf8 } from "node:buffer";
import { DataError } from "../../errors.js";

export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  /** Text of UTF-8. What is none, as Python 2 has in its plain strings, is taken for Latin-1. */
  text(length: number): string {
    const bytes = Buffer.from(this.bytes(length));
    return bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");
  }

  /** A signed integer of so many bytes, as a bigint where a number cannot hold it. */
  integer(length: number): number | bigint {
    if (length > MOST_INTEGER_BYTES) throw tooLong();
    const bytes = this.bytes(length).reverse();
    if (length === 0) return 0;
    const unsigned = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
    return exactInteger(BigInt.asIntN(length * 8, unsigned));
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw ended();
    const text = Buffer.from(this.bytes(end - this.#position)).toString("utf8");
    this.#position++;
    return text;
  }

  /** An integer in digits; protocol 1 writes truths so, too. */
  integerLine(): number | bigint | boolean {
    const digits = this.line().replace(/L$/, "");
    if (digits === "00" || digits === "01") return digits === "01";
    if (digits.length > MOST_INTEGER_BYTES) throw tooLong();
    if (!/^-?\d+$/.test(digits)) throw new DataError("MALFORMED_FILE", "a pickle has an integer that is none");
    return exactInteger(BigInt(digits));
  }

  #take(length: number): number {
    const at = this.#position;
    if (length > this.#bytes.length - at) throw ended();
    this.#position += length;
    return at;
  }
}

/** Longer ones are no numbers of anything, and take long to be read. */
const MOST_INTEGER_BYTES = 4096;

function tooLong(): DataError {
  return new DataError("UNSUPPORTED_TYPE", "a pickle has an integer of more than 4096 bytes");
}

export function exactInteger(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function ended(): DataError {
  return new DataError("MALFORMED_FILE", "a pickle ends before its end");
}
