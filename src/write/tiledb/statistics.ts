/**
 * Minimum, maximum and sum of each tile and of the whole fragment. The engine answers aggregates from them, so they must be
 * there and be what the engine itself would have computed: NaN sticks or restarts as in its comparisons, sums of integers stop
 * at the limits of 64 bits, sums of reals at the largest finite value.
 */
import { ByteWriter } from "./byte-writer.js";

export type Numbers = BigInt64Array | Float64Array | Uint8Array;

/** Statistics as the bytes that stand in a fragment's metadata: values of the column's own width, sums of 8 bytes. */
export interface Statistics {
  readonly tileMins: Uint8Array;
  readonly tileMaxs: Uint8Array;
  readonly tileSums: Uint8Array;
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  readonly sum: Uint8Array;
}

/** @param values at least one; bytes are unsigned. */
export function statistics(values: Numbers, tileCells: number): Statistics {
  if (values instanceof BigInt64Array) return encode(values, tileCells, int64Rules);
  if (values instanceof Float64Array) return encode(values, tileCells, float64Rules);
  return encode(values, tileCells, uint8Rules);
}

interface Rules<V, T, S> {
  slice(values: V, start: number, stop: number): V;
  of(values: readonly T[]): V;
  length(values: V): number;
  min(values: V): T;
  max(values: V): T;
  sum(values: V): S;
  /** Of the tiles' sums. */
  sumOfSums(sums: readonly S[]): S;
  value(out: ByteWriter, value: T): void;
  total(out: ByteWriter, sum: S): void;
}

function encode<V, T, S>(values: V, tileCells: number, rules: Rules<V, T, S>): Statistics {
  const tiles: V[] = [];
  for (let start = 0; start < rules.length(values); start += tileCells) {
    tiles.push(rules.slice(values, start, Math.min(start + tileCells, rules.length(values))));
  }
  const mins = tiles.map(rules.min);
  const maxs = tiles.map(rules.max);
  const sums = tiles.map(rules.sum);
  const bytes = <X>(items: readonly X[], write: (out: ByteWriter, item: X) => void) => {
    const out = new ByteWriter();
    for (const item of items) write(out, item);
    return out.result();
  };
  return {
    tileMins: bytes(mins, rules.value),
    tileMaxs: bytes(maxs, rules.value),
    tileSums: bytes(sums, rules.total),
    min: bytes([rules.min(rules.of(mins))], rules.value),
    max: bytes([rules.max(rules.of(maxs))], rules.value),
    sum: bytes([rules.sumOfSums(sums)], rules.total),
  };
}

const float64Rules: Rules<Float64Array, number, number> = {
  slice: (values, start, stop) => values.subarray(start, stop),
  of: (values) => Float64Array.from(values),
  length: (values) => values.length,
  min: (values) => {
    let low = Number.MAX_VALUE;
    for (const value of values) low = low < value ? low : value;
    return low;
  },
  max: (values) => {
    let high = -Number.MAX_VALUE;
    for (const value of values) high = high > value ? high : value;
    return high;
  },
  sum: sumOfReals,
  sumOfSums: sumOfReals,
  value: (out, value) => out.float64(value),
  total: (out, sum) => out.float64(sum),
};

/** Stops at the first overflow. */
function sumOfReals(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) {
    if (overflows(sum, value)) return sum < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE;
    sum += value;
  }
  return sum;
}

function overflows(sum: number, value: number): boolean {
  return sum < 0 === value < 0 && Math.abs(sum) > Number.MAX_VALUE - Math.abs(value);
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

const int64Rules: Rules<BigInt64Array, bigint, bigint> = {
  slice: (values, start, stop) => values.subarray(start, stop),
  of: (values) => BigInt64Array.from(values),
  length: (values) => values.length,
  min: (values) => values.reduce((low, value) => (low < value ? low : value)),
  max: (values) => values.reduce((high, value) => (high > value ? high : value)),
  sum: (values) => sumOfHalves(values) ?? sumOfIntegers(values),
  sumOfSums: sumOfIntegers,
  value: (out, value) => out.uint64(value),
  total: (out, sum) => out.uint64(sum),
};

/** Sums the 32-bit halves as exact doubles; undefined where a partial sum might pass the limits of 64 bits. */
function sumOfHalves(values: BigInt64Array): bigint | undefined {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  let low = 0;
  let high = 0;
  let magnitude = 0;
  for (let i = 0; i < halves.length; i += 2) {
    const upper = halves[i + 1]!;
    low += halves[i]! >>> 0;
    high += upper;
    magnitude += upper < 0 ? -upper : upper + 1;
  }
  return magnitude < 0x7fffffff ? BigInt(high) * 4_294_967_296n + BigInt(low) : undefined;
}

/** Stops at the first overflow. */
function sumOfIntegers(values: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const value of values) {
    sum += value;
    if (sum > INT64_MAX) return INT64_MAX;
    if (sum < INT64_MIN) return INT64_MIN;
  }
  return sum;
}

const uint8Rules: Rules<Uint8Array, number, number> = {
  slice: (values, start, stop) => values.subarray(start, stop),
  of: (values) => Uint8Array.from(values),
  length: (values) => values.length,
  min: (values) => values.reduce((low, value) => (low < value ? low : value)),
  max: (values) => values.reduce((high, value) => (high > value ? high : value)),
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  sumOfSums: (sums) => sums.reduce((sum, part) => sum + part, 0),
  value: (out, value) => out.uint8(value),
  total: (out, sum) => out.uint64(sum),
};
