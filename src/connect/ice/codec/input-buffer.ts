/**
 * Bytes of Ice encoding 1.0, read from the front. Every size is checked against the bytes left before anything is
 * allocated, and reading past the end is a {@link WireError} `MALFORMED_MESSAGE`.
 */

import { toNativeOrder } from "../../../columns/int64.js";
import { isUtf8 } from "../../../columns/node.js";
import { WireError } from "../../../errors.js";

/**
 * Memory that the objects made from one message may take, estimated. A byte or two on the wire can stand for an empty
 * array or Map; honest messages of OMERO take about fifteen times their size.
 */
const FREE_MEMORY = 64 * 2 ** 20;
const MEMORY_PER_BYTE = 32;
const MOST_MEMORY = 2 ** 30;

/** Estimated memory of objects, in bytes, without their elements. */
export const OBJECT_COST = { array: 48, typedArray: 256, map: 200, record: 64, text: 32 } as const;
/** Estimated memory of an element, member or dictionary entry. */
const ELEMENT_COST = 8;
/** Shorter runs of bytes are always copied. */
const WORTH_A_VIEW = 1 << 16;

export class InputBuffer {
  readonly bytes: Uint8Array;
  readonly #text: Buffer;
  readonly #view: DataView;
  readonly #messageName: string;
  #offset = 0;
  #memory = 0;

  /** @param messageName names the message in errors, for example "answer to Table.read". */
  constructor(bytes: Uint8Array, messageName: string) {
    this.bytes = bytes;
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#messageName = messageName;
  }

  get offset(): number {
    return this.#offset;
  }
  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  fail(problem: string): WireError {
    return new WireError("MALFORMED_MESSAGE", `${this.#messageName}: ${problem} (at byte ${this.#offset})`);
  }

  /** Moves over `count` bytes and answers where they begin. */
  take(count: number): number {
    const start = this.#offset;
    if (count > this.bytes.length - start) {
      throw this.fail(`${count} bytes expected, ${this.bytes.length - start} left`);
    }
    this.#offset = start + count;
    return start;
  }

  moveTo(offset: number): void {
    if (!(offset >= this.#offset && offset <= this.bytes.length)) throw this.fail(`no way to byte ${offset}`);
    this.#offset = offset;
  }

  /**
   * Accounts for an object about to be made.
   * @throws WireError `LIMIT_EXCEEDED` if the message makes too much of itself.
   */
  charge(cost: number, elements = 0): void {
    this.#memory += cost + elements * ELEMENT_COST;
    if (this.#memory > Math.min(FREE_MEMORY + this.bytes.length * MEMORY_PER_BYTE, MOST_MEMORY)) {
      throw new WireError(
        "LIMIT_EXCEEDED",
        `${this.#messageName}: ${this.bytes.length} bytes hold more objects than memory should; ask for less at a time`,
      );
    }
  }

  readByte(): number {
    return this.bytes[this.take(1)]!;
  }
  readBool(): boolean {
    return this.readByte() !== 0;
  }
  readShort(): number {
    return this.#view.getInt16(this.take(2), true);
  }
  readInt(): number {
    return this.#view.getInt32(this.take(4), true);
  }
  readLong(): bigint {
    return this.#view.getBigInt64(this.take(8), true);
  }
  readFloat(): number {
    return this.#view.getFloat32(this.take(4), true);
  }
  readDouble(): number {
    return this.#view.getFloat64(this.take(8), true);
  }

  /** A size: one byte, or 255 and an int32. */
  readSize(): number {
    const short = this.readByte();
    if (short < 255) return short;
    const size = this.readInt();
    if (size < 0) throw this.fail(`negative size ${size}`);
    return size;
  }

  /** The number of elements of which each takes at least `width` bytes. */
  readCount(width: number): number {
    const count = this.readSize();
    if (count * width > this.remaining) {
      throw this.fail(`${count} elements of at least ${width} bytes declared, ${this.remaining} bytes left`);
    }
    return count;
  }

  readString(): string {
    const length = this.readCount(1);
    const start = this.take(length);
    if (length > 1) this.charge(OBJECT_COST.text);
    const text = this.#text.toString("utf8", start, start + length);
    if (text.includes("\ufffd") && !isUtf8(this.bytes.subarray(start, start + length))) {
      throw this.fail("text that is not UTF-8");
    }
    return text;
  }

  /** A copy of the next `count` bytes in a buffer of its own. */
  copyBytes(count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#copy(count));
  }

  readBytes(): Uint8Array<ArrayBuffer> {
    return this.copyBytes(this.readCount(1));
  }

  /** Bytes, copied unless they are most of the message: then they are a view of it. */
  viewBytes(): Uint8Array {
    const count = this.readCount(1);
    if (!this.#isWorthAView(count)) return this.copyBytes(count);
    const start = this.take(count);
    this.charge(OBJECT_COST.typedArray);
    return this.bytes.subarray(start, start + count);
  }
  readShorts(): Int16Array<ArrayBuffer> {
    return new Int16Array(this.#copyElements(this.readCount(2), 2));
  }
  readInts(): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#copyElements(this.readCount(4), 4));
  }

  /** Copied unless they are most of the message: then they are moved within it, to where an array of them can begin. */
  viewInts(): Int32Array {
    const count = this.readCount(4);
    const size = 4 * count;
    if (!this.#isWorthAView(size)) return new Int32Array(this.#copyElements(count, 4));
    const { buffer, byteOffset } = this.bytes;
    const start = byteOffset + this.take(size);
    this.charge(OBJECT_COST.typedArray);
    // The bytes before are those of their count, which has been read.
    const aligned = start - (start % 4);
    new Uint8Array(buffer).copyWithin(aligned, start, start + size);
    return new Int32Array(toNativeOrder(buffer, 4, aligned, size), aligned, count);
  }
  readLongs(): BigInt64Array<ArrayBuffer> {
    return new BigInt64Array(this.#copyElements(this.readCount(8), 8));
  }
  readFloats(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#copyElements(this.readCount(4), 4));
  }
  readDoubles(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#copyElements(this.readCount(8), 8));
  }

  #isWorthAView(size: number): boolean {
    return size >= WORTH_A_VIEW && 2 * size >= this.bytes.buffer.byteLength;
  }

  #copyElements(count: number, width: number): ArrayBuffer {
    return toNativeOrder(this.#copy(count * width), width);
  }

  #copy(count: number): ArrayBuffer {
    const start = this.bytes.byteOffset + this.take(count);
    this.charge(OBJECT_COST.typedArray);
    return this.bytes.buffer.slice(start, start + count) as ArrayBuffer;
  }
}
