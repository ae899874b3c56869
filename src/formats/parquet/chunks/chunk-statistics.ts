/** The least and the greatest value of a column, as Parquet's statistics have them: NaN is none, texts are compared by their bytes. */
import type { Statistics } from "hyparquet";
import type { BoolColumn, DoubleColumn, LongColumn, StringColumn } from "../../../columns/batch.js";

export type ChunkStatistics = Statistics & { readonly nan_count?: bigint };

/** Of at least one value. */
export function longStatistics({ values }: LongColumn): ChunkStatistics {
  let least = values[0]!;
  let greatest = least;
  for (let row = 1; row < values.length; row++) {
    const value = values[row]!;
    if (value < least) least = value;
    else if (value > greatest) greatest = value;
  }
  return { min_value: least, max_value: greatest, null_count: 0n };
}

/** Zeros as the standard wants them: -0 as the least, 0 as the greatest. */
export function doubleStatistics({ values }: DoubleColumn): ChunkStatistics {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let nans = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    // biome-ignore lint/suspicious/noSelfCompare: the fastest test for NaN
    if (value !== value) nans++;
  }
  const counts = { null_count: 0n, nan_count: BigInt(nans) };
  if (nans === values.length) return counts;
  return { min_value: least === 0 ? -0 : least, max_value: greatest === 0 ? 0 : greatest, ...counts };
}

export function boolStatistics({ values }: BoolColumn): ChunkStatistics {
  return { min_value: !values.includes(0), max_value: values.includes(1), null_count: 0n };
}

export function textStatistics({ offsets, bytes }: StringColumn): ChunkStatistics {
  let least = 0;
  let greatest = 0;
  for (let row = 1; row < offsets.length - 1; row++) {
    if (compare(row, least) < 0) least = row;
    else if (compare(row, greatest) > 0) greatest = row;
  }
  const valueAt = (row: number) => bytes.slice(offsets[row], offsets[row + 1]);
  return { min_value: valueAt(least), max_value: valueAt(greatest), null_count: 0n };

  function compare(row: number, other: number): number {
    const start = offsets[row]!;
    const otherStart = offsets[other]!;
    const length = offsets[row + 1]! - start;
    const otherLength = offsets[other + 1]! - otherStart;
    for (let at = 0; at < length && at < otherLength; at++) {
      const difference = bytes[start + at]! - bytes[otherStart + at]!;
      if (difference !== 0) return difference;
    }
    return length - otherLength;
  }
}
