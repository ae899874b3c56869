/**
 * Shuffled bytes put back: the first bytes of all values are stored one after the other, then the second ones, and so on.
 * What is left over behind the last whole value stays at the end.
 */
export function unshuffle(bytes: Uint8Array, valueSize: number): Uint8Array {
  const count = Math.floor(bytes.length / Math.max(1, valueSize));
  if (valueSize <= 1 || count <= 1) return bytes;
  const values = new Uint8Array(bytes.length);
  let from = 0;
  for (let offset = 0; offset < valueSize; offset++) {
    for (let to = offset, end = count * valueSize; to < end; to += valueSize) values[to] = bytes[from++]!;
  }
  values.set(bytes.subarray(from), from);
  return values;
}
