/** Bytes of Ice encoding 1.0, written at the end of a growing buffer. */

import { littleEndianBytes } from "../../../columns/int64.js";
import { WireError } from "../../../errors.js";

const FIRST_CAPACITY = 256;
/** Sizes in a message, and the size of the message itself, are int32. */
const LARGEST_SIZE = 0x7fffffff;

/** Typed arrays that are written as they lie in memory. */
export type NumberArray = Int16Array | Int32Array | Float32Array | BigInt64Array | Float64Array;

export class OutputBuffer {
  #bytes = Buffer.alloc(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been written, as a view; the buffer must not be written to afterwards. */
  toBytes(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length);
  }

  /**
   * Makes room for `count` bytes at the end and answers where they begin.
   * @throws WireError `LIMIT_EXCEEDED` if no Ice message could hold that much.
   */
  allocate(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    return start;
  }

  /** The bytes at `start ..< start + count`, valid until the next `allocate`. */
  at(start: number, count: number): Uint8Array {
    return this.#bytes.subarray(start, start + count);
  }

  /** Makes sure that `count` bytes more can be written without growing. */
  reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) this.#resize(needed);
  }

  #grow(needed: number): void {
    this.#resize(Math.min(LARGEST_SIZE, Math.max(needed, this.#bytes.length * 2)), needed);
  }

  #resize(capacity: number, needed = capacity): void {
    if (needed > LARGEST_SIZE) {
      throw new WireError("LIMIT_EXCEEDED", `a message of ${needed} bytes cannot be sent; send less at a time`);
    }
    const grown = Buffer.alloc(capacity);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
  }

  writeByte(value: number): void {
    const start = this.allocate(1);
    this.#bytes[start] = value;
  }
  writeBool(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }
  writeShort(value: number): void {
    const start = this.allocate(2);
    this.#view.setInt16(start, value, true);
  }
  writeInt(value: number): void {
    const start = this.allocate(4);
    this.#view.setInt32(start, value, true);
  }
  writeLong(value: bigint): void {
    const start = this.allocate(8);
    this.#view.setBigInt64(start, value, true);
  }
  writeFloat(value: number): void {
    const start = this.allocate(4);
    this.#view.setFloat32(start, value, true);
  }
  writeDouble(value: number): void {
    const start = this.allocate(8);
    this.#view.setFloat64(start, value, true);
  }

  /** Sets the int32 at `offset`, written before. */
  patchInt(offset: number, value: number): void {
    this.#view.setInt32(offset, value, true);
  }

  /** A size: one byte, or 255 and an int32. */
  writeSize(size: number): void {
    if (size < 255) {
      this.writeByte(size);
      return;
    }
    this.writeByte(255);
    this.writeInt(size);
  }

  /** Text as UTF-8 after its size; the caller has seen to it that no surrogate stands alone. */
  writeString(text: string): void {
    const size = Buffer.byteLength(text, "utf8");
    this.writeSize(size);
    const start = this.allocate(size);
    this.#bytes.write(text, start, size, "utf8");
  }

  /** Bytes as they are, without a size. */
  writeRaw(bytes: Uint8Array): void {
    const start = this.allocate(bytes.length);
    this.#bytes.set(bytes, start);
  }

  /** Numbers as they are, without a size. */
  writeNumbers(values: NumberArray): void {
    this.writeRaw(littleEndianBytes(values));
  }
}

/** Bytes that {@link OutputBuffer.writeSize} takes for `size`. */
export function sizeOfSize(size: number): number {
  return size < 255 ? 1 : 5;
}
