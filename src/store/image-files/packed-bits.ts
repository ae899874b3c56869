/** Pixels of 1, 2 or 4 bits, each row from a new byte, spread over 0 to 255. */
export function spreadBits(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const data = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  const largest = 2 ** depth - 1;
  for (let index = 0; index < data.length; index++) {
    const bit = (index % width) * depth;
    const byte = packed[Math.floor(index / width) * rowBytes + (bit >> 3)]!;
    data[index] = (((byte >> (8 - depth - (bit & 7))) & largest) * 255) / largest;
  }
  return data;
}
