/** The kinds with one number a row: long, double and bool. */
import type { BoolColumn, DoubleColumn, LongColumn } from "../batch.js";
import type { KindOperations } from "./operations.js";

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

export const long: KindOperations<LongColumn> = {
  parts: { values: BigInt64Array },
  empty: () => ({ kind: "long", values: new BigInt64Array(0) }),
  length: ({ values }) => values.length,
  bytes: ({ values }) => values.byteLength,
  slice: ({ values }, start, stop) => ({ kind: "long", values: values.subarray(start, stop) }),
  join: (parts) => ({ kind: "long", values: joinValues(parts.map(({ values }) => values)) }),
  take: ({ values }, positions) => ({
    kind: "long",
    values: takeWords(values, new BigInt64Array(positions.length), positions),
  }),
};

export const double: KindOperations<DoubleColumn> = {
  parts: { values: Float64Array },
  empty: () => ({ kind: "double", values: new Float64Array(0) }),
  length: ({ values }) => values.length,
  bytes: ({ values }) => values.byteLength,
  slice: ({ values }, start, stop) => ({ kind: "double", values: values.subarray(start, stop) }),
  join: (parts) => ({ kind: "double", values: joinValues(parts.map(({ values }) => values)) }),
  take: ({ values }, positions) => ({
    kind: "double",
    values: takeWords(values, new Float64Array(positions.length), positions),
  }),
};

export const bool: KindOperations<BoolColumn> = {
  parts: { values: Uint8Array },
  empty: () => ({ kind: "bool", values: new Uint8Array(0) }),
  length: ({ values }) => values.length,
  bytes: ({ values }) => values.byteLength,
  slice: ({ values }, start, stop) => ({ kind: "bool", values: values.subarray(start, stop) }),
  join: (parts) => ({ kind: "bool", values: joinValues(parts.map(({ values }) => values)) }),
  take: ({ values }, positions) => ({
    kind: "bool",
    values: takeValues(values, new Uint8Array(positions.length), positions),
  }),
};
