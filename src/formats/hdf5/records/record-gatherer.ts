/** From records to columns: one tight pass a column over blocks that stay in the processor's cache. */
import type { ColumnData, ColumnKind, StringColumn } from "../../../columns/batch.js";
import { elementArray } from "../../../columns/kinds/array.js";
import { columnKind } from "../../../columns/kinds/kinds.js";
import { DataError } from "../../../errors.js";
import { copyRun, type ViewedBytes, viewed } from "../../../flow/copy-bytes.js";
import type { ColumnPlace } from "./record-layout.js";

/** Bytes of records gathered from at a time, by all columns in turn. */
const CACHED_BYTES = 32 * 1024;
/** Offsets are int32. */
const MAX_TEXT_BYTES = 0x7fffffff;

/** Takes one column out of records, block by block. */
interface ColumnGatherer {
  /** Appends `count` rows from the record at byte `at` of the block on. */
  gather(block: RecordBlock, at: number, count: number): void;
  finish(): ColumnData;
}

interface RecordBlock extends ViewedBytes {
  readonly recordSize: number;
}

/** Collects some columns of at most `capacity` rows from blocks of records. */
export class RecordGatherer {
  readonly #recordSize: number;
  readonly #columns: readonly ColumnGatherer[];

  /** Masks are collected without their bits. */
  constructor(places: readonly ColumnPlace[], recordSize: number, capacity: number) {
    this.#recordSize = recordSize;
    this.#columns = places.map((place) => GATHERERS[columnKind(place.field.type)](place, capacity));
  }

  /** Appends whole records. */
  add(records: Uint8Array): void {
    const recordSize = this.#recordSize;
    const block: RecordBlock = { ...viewed(records), recordSize };
    const rowsAtOnce = Math.max(1, Math.floor(CACHED_BYTES / recordSize));
    const bytesAtOnce = rowsAtOnce * recordSize;
    for (let at = 0; at < records.length; at += bytesAtOnce) {
      const count = Math.min(rowsAtOnce, (records.length - at) / recordSize);
      for (const column of this.#columns) column.gather(block, at, count);
    }
  }

  finish(): ColumnData[] {
    return this.#columns.map((column) => column.finish());
  }
}

const GATHERERS: Readonly<Record<ColumnKind, (place: ColumnPlace, capacity: number) => ColumnGatherer>> = {
  long({ offset }, capacity) {
    const values = new BigInt64Array(capacity);
    return new WordGatherer(offset, 2, values, () => ({ kind: "long", values }));
  },
  double({ offset }, capacity) {
    const values = new Float64Array(capacity);
    return new WordGatherer(offset, 2, values, () => ({ kind: "double", values }));
  },
  bool: ({ offset }, capacity) => new BoolGatherer(offset, capacity),
  string: ({ field, offset }, capacity) => new StringGatherer(offset, field.size, capacity),
  array({ field: { type, size }, offset }, capacity) {
    const values = new (elementArray(type))(capacity * size);
    const wordsPerRow = (size * values.BYTES_PER_ELEMENT) / 4;
    return new WordGatherer(offset, wordsPerRow, values, () => ({ kind: "array", size, values }));
  },
  mask: ({ offset }, capacity) => new MaskGatherer(offset, capacity),
};

/** Values of 4 bytes or multiples of it, bit by bit. */
class WordGatherer implements ColumnGatherer {
  readonly #offset: number;
  readonly #wordsPerRow: number;
  readonly #words: Int32Array;
  readonly #finish: () => ColumnData;
  #rows = 0;

  constructor(
    offset: number,
    wordsPerRow: number,
    target: Float32Array | Float64Array | BigInt64Array | Int32Array,
    finish: () => ColumnData,
  ) {
    this.#offset = offset;
    this.#wordsPerRow = wordsPerRow;
    this.#words = new Int32Array(target.buffer, target.byteOffset, target.byteLength / 4);
    this.#finish = finish;
  }

  gather({ view, recordSize }: RecordBlock, at: number, count: number): void {
    const from = at + this.#offset;
    if (this.#wordsPerRow === 2) copyWordPairs(view, from, recordSize, count, this.#words, this.#rows * 2);
    else copyWords(view, from, recordSize, count, this.#words, this.#rows * this.#wordsPerRow, this.#wordsPerRow);
    this.#rows += count;
  }

  finish(): ColumnData {
    return this.#finish();
  }
}

function copyWordPairs(
  view: DataView,
  from: number,
  stride: number,
  count: number,
  words: Int32Array,
  to: number,
): void {
  const end = to + 2 * count;
  for (let source = from, target = to; target < end; source += stride, target += 2) {
    words[target] = view.getInt32(source, true);
    words[target + 1] = view.getInt32(source + 4, true);
  }
}

function copyWords(
  view: DataView,
  from: number,
  stride: number,
  count: number,
  words: Int32Array,
  to: number,
  wordsPerRow: number,
): void {
  let target = to;
  for (let row = 0, source = from; row < count; row++, source += stride) {
    for (let word = 0; word < wordsPerRow; word++) words[target++] = view.getInt32(source + 4 * word, true);
  }
}

class BoolGatherer implements ColumnGatherer {
  readonly #offset: number;
  readonly #values: Uint8Array;
  #rows = 0;

  constructor(offset: number, capacity: number) {
    this.#offset = offset;
    this.#values = new Uint8Array(capacity);
  }

  gather({ bytes, recordSize }: RecordBlock, at: number, count: number): void {
    const values = this.#values;
    let row = this.#rows;
    const end = row + count;
    for (let source = at + this.#offset; row < end; row++, source += recordSize) {
      values[row] = bytes[source] === 0 ? 0 : 1;
    }
    this.#rows = end;
  }

  finish(): ColumnData {
    return { kind: "bool", values: this.#values };
  }
}

/** Text of a fixed width, without the NULs that follow it. */
class StringGatherer implements ColumnGatherer {
  readonly #offset: number;
  readonly #width: number;
  readonly #offsets: Int32Array;
  #text: ViewedBytes;
  #rows = 0;

  constructor(offset: number, width: number, capacity: number) {
    this.#offset = offset;
    this.#width = width;
    this.#offsets = new Int32Array(capacity + 1);
    this.#text = viewed(new Uint8Array(Math.min(width, 16) * capacity));
  }

  gather(block: RecordBlock, at: number, count: number): void {
    const { view, recordSize } = block;
    const start = this.#offsets[this.#rows]!;
    const end = measure(view, at + this.#offset, recordSize, this.#width, count, this.#offsets, this.#rows);
    if (end > MAX_TEXT_BYTES) {
      throw new DataError("VALUE_DOES_NOT_FIT", "a text column of over 2 GiB cannot be read at once; read fewer rows");
    }
    this.#reserve(start, end);
    copyTexts(block, at + this.#offset, recordSize, count, this.#offsets, this.#rows, this.#text);
    this.#rows += count;
  }

  #reserve(used: number, needed: number): void {
    if (needed <= this.#text.bytes.length) return;
    // What all rows will take if the others are like those seen, and an eighth more.
    const expected = Math.ceil((needed / (this.#rows + 1)) * (this.#offsets.length - 1) * 1.125);
    const larger = new Uint8Array(Math.max(needed, Math.min(expected, 2 * needed, MAX_TEXT_BYTES)));
    larger.set(this.#text.bytes.subarray(0, used));
    this.#text = viewed(larger);
  }

  finish(): StringColumn {
    const bytes = this.#text.bytes.subarray(0, this.#offsets[this.#rows]);
    return { kind: "string", offsets: this.#offsets, bytes };
  }
}

/** Sets the end of each of `count` texts. Returns the last one. */
function measure(
  view: DataView,
  from: number,
  stride: number,
  width: number,
  count: number,
  offsets: Int32Array,
  row: number,
): number {
  let end = offsets[row]!;
  for (let index = 0, source = from; index < count; index++, source += stride) {
    let last = source + width;
    while (last - source >= 4 && view.getInt32(last - 4) === 0) last -= 4;
    while (last > source && view.getUint8(last - 1) === 0) last--;
    end += last - source;
    offsets[row + index + 1] = end;
  }
  return end;
}

function copyTexts(
  block: ViewedBytes,
  from: number,
  stride: number,
  count: number,
  offsets: Int32Array,
  row: number,
  text: ViewedBytes,
): void {
  let to = offsets[row]!;
  for (let index = 0, source = from; index < count; index++, source += stride) {
    const end = offsets[row + index + 1]!;
    copyRun(block, source, text, to, end - to);
    to = end;
  }
}

class MaskGatherer implements ColumnGatherer {
  readonly #parts: readonly WordGatherer[];
  readonly #finish: () => ColumnData;

  constructor(offset: number, capacity: number) {
    const imageId = new BigInt64Array(capacity);
    const theZ = new Int32Array(capacity);
    const theT = new Int32Array(capacity);
    const x = new Float64Array(capacity);
    const y = new Float64Array(capacity);
    const w = new Float64Array(capacity);
    const h = new Float64Array(capacity);
    const offsets = new Int32Array(capacity + 1);
    const bytes = new Uint8Array(0);
    this.#finish = () => ({ kind: "mask", imageId, theZ, theT, x, y, w, h, offsets, bytes });
    const part = (at: number, words: number, target: Float64Array | BigInt64Array | Int32Array) =>
      new WordGatherer(offset + at, words, target, this.#finish);
    this.#parts = [
      part(0, 2, imageId),
      part(8, 1, theZ),
      part(12, 1, theT),
      part(16, 2, x),
      part(24, 2, y),
      part(32, 2, w),
      part(40, 2, h),
    ];
  }

  gather(block: RecordBlock, at: number, count: number): void {
    for (const part of this.#parts) part.gather(block, at, count);
  }

  finish(): ColumnData {
    return this.#finish();
  }
}
