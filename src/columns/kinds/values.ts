/** Typed arrays joined, and elements taken from them. */

type Values = BigInt64Array | Float64Array | Float32Array | Int32Array | Uint8Array;

export function joinValues<V extends Values>(parts: readonly V[]): V {
  const type = parts[0]!.constructor as new (length: number) => V;
  const all = new type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of parts) {
    all.set(values as never, at);
    at += values.length;
  }
  return all;
}

export function takeValues<V extends Float64Array | Int32Array | Uint8Array>(
  values: V,
  taken: V,
  positions: Int32Array,
): V {
  for (let index = 0; index < positions.length; index++) taken[index] = values[positions[index]!]!;
  return taken;
}

/** Moves 64-bit values as pairs of 32-bit words: no bigint is made, and a NaN keeps its bits. */
export function takeWords<V extends Float64Array | BigInt64Array>(values: V, taken: V, positions: Int32Array): V {
  const from = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const to = new Int32Array(taken.buffer);
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index]!;
    to[2 * index] = from[2 * position]!;
    to[2 * index + 1] = from[2 * position + 1]!;
  }
  return taken;
}
