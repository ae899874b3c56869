/** int64 and its limits, its halves in memory, and the order of bytes: that of files and messages is little-endian. */
import { DataError } from "../errors.js";

const NATIVE_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;

/** Whether an integer can be held in 64 bits with a sign. */
export function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Which of the two int32 that an int64 lies over in memory is the lower half, and which the upper. */
export const LOW_HALF = NATIVE_IS_LITTLE ? 0 : 1;
export const HIGH_HALF = 1 - LOW_HALF;

/** The memory of int64 or float64 values as int32, two a value: see {@link LOW_HALF}. */
export function wordHalves(values: BigInt64Array | Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Turns little-endian elements of `width` bytes into the machine's order, or back, in place: all of a buffer, or part. */
export function toNativeOrder<T extends ArrayBufferLike>(buffer: T, width: number, start = 0, size?: number): T {
  if (!NATIVE_IS_LITTLE) reverseElements(new Uint8Array(buffer, start, size), width);
  return buffer;
}

/** The bytes of `values` as little-endian elements: a view where the machine has them so. */
export function littleEndianBytes(
  values: Int16Array | Int32Array | Float32Array | BigInt64Array | Float64Array,
): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (NATIVE_IS_LITTLE) return bytes;
  const copy = bytes.slice();
  reverseElements(copy, values.BYTES_PER_ELEMENT);
  return copy;
}

/** Reverses the bytes of each element of `width` bytes, in place. */
function reverseElements(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}

/**
 * An id as results show it: a number, which JSON can hold.
 * @param kind of the object, for the error.
 * @throws DataError `UNSAFE_INTEGER` for one that no number can hold exactly
 */
export function idNumber(id: bigint, kind: string): number {
  if (id <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(id);
  throw new DataError("UNSAFE_INTEGER", `${kind} ${id} exceeds 2^53, beyond which numbers are not exact`);
}
