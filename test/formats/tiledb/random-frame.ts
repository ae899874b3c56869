/** Random rows: every kind of column, values at the limits, sizes around those of tiles and chunks. */
import { type ColumnBatch, type ColumnData, type ColumnField, field } from "../../../src/columns/batch.js";
import { batchOfColumns, stringColumn } from "./frames.js";

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 12345) >>> 0;
  }

  /** From 0 up to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

const ROW_COUNTS = [1, 2, 17, 500, 9_999, 10_000, 10_001, 20_000, 23_456];
const DOUBLES = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  1.7e308,
  -1.7e308,
];
const LONGS = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 62n, -(2n ** 62n), 2n ** 32n, -(2n ** 31n)];
const LETTERS = ["a", "B", " ", "é", "日", "👩‍🔬", "\n", '"', "\t", "0"];

export function randomFrame(random: Random, rowCount = random.pick(ROW_COUNTS)): ColumnBatch {
  const columns = Array.from({ length: 1 + random.below(6) }, (_, index) => randomColumn(random, index, rowCount));
  return batchOfColumns(columns, rowCount);
}

function randomColumn(random: Random, index: number, rows: number): [ColumnField, ColumnData] {
  const name = `${random.pick(["x", "mean area", "Größe", "a/b", "名前", "it's"])} ${index}`;
  switch (random.pick(["Long", "Double", "Bool", "String"] as const)) {
    case "Long":
      return [field(name, "Long"), { kind: "long", values: BigInt64Array.from({ length: rows }, longs(random)) }];
    case "Double":
      return [field(name, "Double"), { kind: "double", values: Float64Array.from({ length: rows }, doubles(random)) }];
    case "Bool":
      return [field(name, "Bool"), { kind: "bool", values: Uint8Array.from({ length: rows }, () => random.below(2)) }];
    case "String":
      return [field(name, "String", 2_000_000), stringColumn(Array.from({ length: rows }, texts(random, rows)))];
  }
}

function longs(random: Random): () => bigint {
  const odd = random.pick([0, 0.001, 1]);
  const shift = BigInt(random.below(60));
  return () =>
    random.next() < odd ? random.pick(LONGS) : ((BigInt(random.below(2 ** 31)) - 2n ** 30n) << shift) >> 2n;
}

function doubles(random: Random): () => number {
  const odd = random.pick([0, 0, 0.001, 1]);
  const scale = 10 ** (random.below(40) - 20);
  return () => (random.next() < odd ? random.pick(DOUBLES) : (random.next() - 0.5) * scale);
}

function texts(random: Random, rows: number): () => string {
  const longest = random.pick(rows > 1000 ? [0, 3, 40] : [0, 3, 500, 150_000]);
  return () => {
    const length = random.next() < 0.1 ? 0 : random.below(longest + 1);
    return length > 100
      ? random.pick(LETTERS).repeat(length)
      : Array.from({ length }, () => random.pick(LETTERS)).join("");
  };
}
