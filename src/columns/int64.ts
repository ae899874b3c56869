/** Ice is little-endian; typed arrays have the byte order of the machine. */

const NATIVE_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Which of the two int32 that an int64 lies over in memory is the lower half. */
export const LOW_HALF = NATIVE_IS_LITTLE ? 0 : 1;

/** Turns little-endian elements of `width` bytes into the machine's order, or back, in place. */
export function toNativeOrder(buffer: ArrayBuffer, width: number): ArrayBuffer {
  if (!NATIVE_IS_LITTLE) reverseElements(new Uint8Array(buffer), width);
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
export function reverseElements(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}
