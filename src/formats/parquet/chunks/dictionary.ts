/** Different values of a column and where each row's stands among them, where that is much less than the values themselves. */
import type { ColumnData, DoubleColumn, LongColumn, StringColumn } from "../../../columns/batch.js";

export interface Dictionary<Column extends ColumnData> {
  /** Each value once, in the order in which it first comes. */
  readonly values: Column;
  readonly indexes: Int32Array;
  readonly bitWidth: number;
}

/** Rows that are looked at first, spread over the column. */
const SAMPLE_ROWS = 1000;
/** Different values in the sample above which there is no dictionary. */
const SAMPLE_DISTINCT = 700;
/** Of a dictionary at most: so many values, and so many for each row. */
const MOST_VALUES = 1 << 16;
const MOST_VALUES_A_ROW = 0.25;

/** Values of a column that can be told from each other by their number. */
interface Comparable {
  readonly length: number;
  hash(row: number): number;
  equal(row: number, other: number): boolean;
}

export function numberDictionary<Column extends LongColumn | DoubleColumn>(
  column: Column,
): Dictionary<Column> | undefined {
  const { values } = column;
  const found = dictionaryOf(new Words(values));
  if (found === undefined) return undefined;
  const chosen = values.constructor as new (length: number) => Column["values"];
  const different = new chosen(found.rows.length);
  for (const [index, row] of found.rows.entries()) different[index] = values[row]!;
  return isWorth(found, 8 * found.rows.length, 8 * values.length)
    ? { values: { ...column, values: different }, ...found }
    : undefined;
}

export function textDictionary(column: StringColumn): Dictionary<StringColumn> | undefined {
  const { offsets, bytes } = column;
  const found = dictionaryOf(new Texts(column));
  if (found === undefined) return undefined;
  const lengths = found.rows.map((row) => offsets[row + 1]! - offsets[row]!);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const rowCount = offsets.length - 1;
  if (!isWorth(found, total + 4 * lengths.length, offsets[rowCount]! - offsets[0]! + 4 * rowCount)) return undefined;
  const values = { offsets: new Int32Array(lengths.length + 1), bytes: new Uint8Array(total) };
  for (const [index, row] of found.rows.entries()) {
    values.bytes.set(bytes.subarray(offsets[row]!, offsets[row + 1]!), values.offsets[index]!);
    values.offsets[index + 1] = values.offsets[index]! + lengths[index]!;
  }
  return { values: { kind: "string", ...values }, ...found };
}

interface Found {
  /** The first row of each value. */
  readonly rows: number[];
  readonly indexes: Int32Array;
  readonly bitWidth: number;
}

/** Whether dictionary and indexes take at most half of what the values do. */
function isWorth({ indexes, bitWidth }: Found, dictionaryBytes: number, plainBytes: number): boolean {
  return 2 * (dictionaryBytes + (indexes.length * bitWidth) / 8) <= plainBytes;
}

function dictionaryOf(values: Comparable): Found | undefined {
  if (values.length === 0 || !isPromising(values)) return undefined;
  const most = Math.max(SAMPLE_DISTINCT, Math.min(MOST_VALUES, values.length * MOST_VALUES_A_ROW));
  const rows: number[] = [];
  const indexes = new Int32Array(values.length);
  const slots = new Slots(values, most);
  for (let row = 0; row < indexes.length; row++) {
    const index = slots.indexOf(row, rows);
    if (index === rows.length && rows.push(row) > most) return undefined;
    indexes[row] = index;
  }
  return { rows, indexes, bitWidth: Math.max(1, 32 - Math.clz32(rows.length - 1)) };
}

function isPromising(values: Comparable): boolean {
  if (values.length <= SAMPLE_ROWS) return true;
  const rows: number[] = [];
  const slots = new Slots(values, SAMPLE_ROWS);
  const step = (values.length - 1) / (SAMPLE_ROWS - 1);
  for (let sample = 0; sample < SAMPLE_ROWS; sample++) {
    const row = Math.floor(sample * step);
    if (slots.indexOf(row, rows) === rows.length) rows.push(row);
  }
  return rows.length <= SAMPLE_DISTINCT;
}

/** A hash table by open addressing: the numbers of values, by what they are. */
class Slots {
  readonly #values: Comparable;
  /** The number of a value, plus one; 0 where there is none. */
  readonly #taken: Int32Array;
  readonly #mask: number;

  constructor(values: Comparable, most: number) {
    this.#values = values;
    const size = 2 ** Math.ceil(Math.log2(2 * (most + 1)));
    this.#taken = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** The number of a row's value; that of the next one, which the caller adds to `rows`, for a value that is new. */
  indexOf(row: number, rows: readonly number[]): number {
    const hash = this.#values.hash(row);
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#taken[slot]! - 1;
      if (index >= 0 && !this.#values.equal(row, rows[index]!)) continue;
      if (index < 0) this.#taken[slot] = rows.length + 1;
      return index < 0 ? rows.length : index;
    }
  }
}

/** Eight bytes a value, told apart by all their bits. */
class Words implements Comparable {
  readonly length: number;
  readonly #words: Int32Array;

  constructor(values: BigInt64Array | Float64Array) {
    this.length = values.length;
    this.#words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  }

  hash(row: number): number {
    const mixed = Math.imul(this.#words[2 * row]!, 0x9e3779b1) ^ Math.imul(this.#words[2 * row + 1]!, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  equal(row: number, other: number): boolean {
    const words = this.#words;
    return words[2 * row] === words[2 * other] && words[2 * row + 1] === words[2 * other + 1];
  }
}

class Texts implements Comparable {
  readonly length: number;
  readonly #offsets: Int32Array;
  readonly #bytes: Uint8Array;

  constructor({ offsets, bytes }: StringColumn) {
    this.length = offsets.length - 1;
    this.#offsets = offsets;
    this.#bytes = bytes;
  }

  /** Fowler, Noll and Vo's, 1a. */
  hash(row: number): number {
    const stop = this.#offsets[row + 1]!;
    let hash = 0x811c9dc5;
    for (let at = this.#offsets[row]!; at < stop; at++) hash = Math.imul(hash ^ this.#bytes[at]!, 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  equal(row: number, other: number): boolean {
    const start = this.#offsets[row]!;
    const otherStart = this.#offsets[other]!;
    const length = this.#offsets[row + 1]! - start;
    if (this.#offsets[other + 1]! - otherStart !== length) return false;
    for (let at = 0; at < length; at++) if (this.#bytes[start + at] !== this.#bytes[otherStart + at]) return false;
    return true;
  }
}
