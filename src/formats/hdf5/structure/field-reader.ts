import { malformedHdf5 } from "./malformed.js";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads the fields of one HDF5 structure from its bytes, little-endian, never beyond their end.
 * @throws DataError `MALFORMED_FILE` where the bytes end too early or a number exceeds 2^53.
 */
export class FieldReader {
  readonly bytes: Uint8Array;
  /** Names the structure in errors. */
  readonly subject: string;
  readonly #view: DataView;
  position = 0;

  constructor(bytes: Uint8Array, subject: string) {
    this.bytes = bytes;
    this.subject = subject;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length or count: an exact integer below 2^53. */
  uint64(): number {
    const value = this.#uint64();
    if (value === undefined) throw malformedHdf5(`${this.subject}: a length is undefined`);
    return value;
  }

  /** A file address; undefined where the file says so (all bits set). */
  address(): number | undefined {
    return this.#uint64();
  }

  /** An address that has to be there. */
  definedAddress(): number {
    const value = this.#uint64();
    if (value === undefined) throw malformedHdf5(`${this.subject}: an address is undefined`);
    return value;
  }

  /** An unsigned integer of `width` bytes. */
  unsigned(width: number): number {
    const at = this.#advance(width);
    let value = 0;
    for (let index = width - 1; index >= 0; index--) value = value * 256 + this.bytes[at + index]!;
    if (value > Number.MAX_SAFE_INTEGER) throw malformedHdf5(`${this.subject}: ${value} is too large`);
    return value;
  }

  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** Skips to the next multiple of 8 from the start, or to the end. */
  align8(): void {
    this.position = Math.min((this.position + 7) & ~7, this.bytes.length);
  }

  /** Text of `length` bytes, without what follows the first NUL. */
  text(length: number): string {
    return textUntilNul(this.take(length));
  }

  /** Text up to and over a NUL. */
  nulTerminated(): string {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) throw malformedHdf5(`${this.subject}: a name has no end`);
    const text = UTF8.decode(this.bytes.subarray(this.position, end));
    this.position = end + 1;
    return text;
  }

  expectSignature(signature: string): void {
    const found = String.fromCharCode(...this.take(signature.length));
    if (found !== signature) throw malformedHdf5(`${this.subject}: "${signature}" expected`);
  }

  #uint64(): number | undefined {
    const at = this.#advance(8);
    const low = this.#view.getUint32(at, true);
    const high = this.#view.getUint32(at + 4, true);
    if (high === 0xffffffff && low === 0xffffffff) return undefined;
    if (high >= 0x200000) throw malformedHdf5(`${this.subject}: a number exceeds 2^53`);
    return high * 0x100000000 + low;
  }

  #advance(length: number): number {
    const at = this.position;
    if (length > this.bytes.length - at) throw malformedHdf5(`${this.subject}: ends too early`);
    this.position = at + length;
    return at;
  }
}

/** UTF-8 text, without what follows the first NUL. */
export function textUntilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
