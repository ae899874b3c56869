/** Masks: a bit a pixel, the first of each byte the highest, rows one after the other without a gap. */

/** @param data one element a pixel */
export function packMask(data: ArrayLike<number>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(data.length / 8));
  for (let index = 0; index < data.length; index++) {
    if (data[index] !== 0) bits[index >> 3]! |= 0x80 >> (index & 7);
  }
  return bits;
}

/** Of each pixel 1 or 0; 0 where there are too few bits. */
export function unpackMask(bits: Uint8Array, pixels: number): Uint8Array {
  const data = new Uint8Array(pixels);
  const count = Math.min(pixels, bits.length * 8);
  for (let index = 0; index < count; index++) data[index] = (bits[index >> 3]! >> (7 - (index & 7))) & 1;
  return data;
}
