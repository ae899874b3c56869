/**
 * Minimum, maximum and sum of each tile and of the whole fragment. The engine answers aggregates from them, so they must be
 * there and be what the engine itself would have computed: NaN sticks or restarts as in its comparisons, sums of integers stop
 * at the limits of 64 bits, sums of reals at the largest finite value.
 */
import { INT64_MAX, INT64_MIN, wordHalves } from "../../../columns/int64.js";
import { ByteWriter } from "../bytes/byte-writer.js";

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

/** Of some cells. */
interface Summary<T, S> {
  readonly min: T;
  readonly max: T;
  readonly sum: S;
}

interface Rules<V extends Numbers, T, S> {
  summary(values: V, start: number, stop: number): Summary<T, S>;
  of(values: readonly T[]): V;
  /** Of the tiles' sums. */
  sumOfSums(sums: readonly S[]): S;
  value(out: ByteWriter, value: T): void;
  total(out: ByteWriter, sum: S): void;
}

function encode<V extends Numbers, T, S>(values: V, tileCells: number, rules: Rules<V, T, S>): Statistics {
  const tiles: Summary<T, S>[] = [];
  for (let start = 0; start < values.length; start += tileCells) {
    tiles.push(rules.summary(values, start, Math.min(start + tileCells, values.length)));
  }
  const mins = tiles.map(({ min }) => min);
  const maxs = tiles.map(({ max }) => max);
  const sums = tiles.map(({ sum }) => sum);
  const bytes = <X>(items: readonly X[], write: (out: ByteWriter, item: X) => void) => {
    const out = new ByteWriter();
    for (const item of items) write(out, item);
    return out.result();
  };
  return {
    tileMins: bytes(mins, rules.value),
    tileMaxs: bytes(maxs, rules.value),
    tileSums: bytes(sums, rules.total),
    min: bytes([rules.summary(rules.of(mins), 0, mins.length).min], rules.value),
    max: bytes([rules.summary(rules.of(maxs), 0, maxs.length).max], rules.value),
    sum: bytes([rules.sumOfSums(sums)], rules.total),
  };
}

const float64Rules: Rules<Float64Array, number, number> = {
  summary: (values, start, stop) => {
    let min = Number.MAX_VALUE;
    let max = -Number.MAX_VALUE;
    for (let i = start; i < stop; i++) {
      const value = values[i]!;
      min = min < value ? min : value;
      max = max > value ? max : value;
    }
    return { min, max, sum: sumOfReals(values, start, stop) };
  },
  of: (values) => Float64Array.from(values),
  sumOfSums: (sums) => sumOfReals(Float64Array.from(sums), 0, sums.length),
  value: (out, value) => out.float64(value),
  total: (out, sum) => out.float64(sum),
};

/** Stops at the first overflow. */
function sumOfReals(values: Float64Array, start: number, stop: number): number {
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const value = values[i]!;
    if (sum < 0 === value < 0 && Math.abs(sum) > Number.MAX_VALUE - Math.abs(value)) {
      return sum < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE;
    }
    sum += value;
  }
  return sum;
}

const int64Rules: Rules<BigInt64Array, bigint, bigint> = {
  summary: (values, start, stop) => {
    const { least, most, sum } = halvesSummary(values, start, stop);
    return { min: values[least]!, max: values[most]!, sum: sum ?? sumOfIntegers(values.subarray(start, stop)) };
  },
  of: (values) => BigInt64Array.from(values),
  sumOfSums: sumOfIntegers,
  value: (out, value) => out.uint64(value),
  total: (out, sum) => out.uint64(sum),
};

/**
 * Positions of the smallest and the largest value, and the sum, found from 32-bit halves as exact doubles, many times quicker
 * than from bigints. No sum where a partial one might pass the limits of 64 bits.
 */
function halvesSummary(
  values: BigInt64Array,
  start: number,
  stop: number,
): { least: number; most: number; sum: bigint | undefined } {
  const halves = wordHalves(values);
  let [least, leastUpper, leastLower] = [start, halves[2 * start + 1]!, halves[2 * start]! >>> 0];
  let [most, mostUpper, mostLower] = [start, leastUpper, leastLower];
  let [lowerSum, upperSum, magnitude] = [0, 0, 0];
  for (let i = start; i < stop; i++) {
    const lower = halves[2 * i]! >>> 0;
    const upper = halves[2 * i + 1]!;
    if (upper < leastUpper || (upper === leastUpper && lower < leastLower)) {
      least = i;
      leastUpper = upper;
      leastLower = lower;
    }
    if (upper > mostUpper || (upper === mostUpper && lower > mostLower)) {
      most = i;
      mostUpper = upper;
      mostLower = lower;
    }
    lowerSum += lower;
    upperSum += upper;
    magnitude += upper < 0 ? -upper : upper + 1;
  }
  const sum = magnitude < 0x7fffffff ? BigInt(upperSum) * 4_294_967_296n + BigInt(lowerSum) : undefined;
  return { least, most, sum };
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
  summary: (values, start, stop) => {
    let [min, max, sum] = [255, 0, 0];
    for (let i = start; i < stop; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
    }
    return { min, max, sum };
  },
  of: (values) => Uint8Array.from(values),
  sumOfSums: (sums) => sums.reduce((sum, part) => sum + part, 0),
  value: (out, value) => out.uint8(value),
  total: (out, sum) => out.uint64(sum),
};
