/** From columns to records: the way of `record-gatherer.ts` backwards. */
import type { ColumnBatch, MaskColumn, StringColumn } from "../../../columns/batch.js";
import { applyByKind, type ByKind } from "../../../columns/kinds/by-kind.js";
import type { ColumnPlace } from "./record-layout.js";

/** Bytes of records scattered to at a time, by all columns in turn. */
const CACHED_BYTES = 32 * 1024;
/** Texts of wider columns are copied by the runtime, others byte by byte. */
const LONG_TEXT = 48;

/** A block of records being filled. */
interface RecordBlock {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly recordSize: number;
}

/** Puts `count` rows of a column, from row `first` on, into a block, from the record at byte `at` on. */
type ColumnScatterer = (block: RecordBlock, at: number, first: number, count: number) => void;

/**
 * Puts columns into records. Bytes of records that belong to other columns stay as they are. The columns must have been
 * checked (`checkColumns`).
 */
export class RecordScatterer {
  readonly #recordSize: number;
  readonly #columns: readonly ColumnScatterer[];

  /** @param places where the columns of `batch` go, parallel to them. */
  constructor(places: readonly ColumnPlace[], recordSize: number, batch: ColumnBatch) {
    this.#recordSize = recordSize;
    this.#columns = places.map((place, index) => applyByKind(SCATTERERS, batch.columns[index]!, place));
  }

  /** Fills `records` with rows from `first` on. */
  fill(records: Uint8Array, first: number): void {
    const recordSize = this.#recordSize;
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    const block = { bytes: records, view, recordSize };
    const rowsAtOnce = Math.max(1, Math.floor(CACHED_BYTES / recordSize));
    const total = records.length / recordSize;
    for (let done = 0; done < total; done += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, total - done);
      for (const scatter of this.#columns) scatter(block, done * recordSize, first + done, count);
    }
  }
}

const SCATTERERS: ByKind<ColumnScatterer, [place: ColumnPlace]> = {
  long: ({ values }, { offset }) => wordScatterer(offset, values, 2),
  double: ({ values }, { offset }) => wordScatterer(offset, values, 2),
  bool: ({ values }, { offset }) => boolScatterer(offset, values),
  string:
    (column, { field, offset }) =>
    (block, at, first, count) =>
      scatterTexts(column, field.size, block, at + offset, first, count),
  array: ({ size, values }, { offset }) => wordScatterer(offset, values, (size * values.BYTES_PER_ELEMENT) / 4),
  mask: (column, { offset }) => maskScatterer(offset, column),
};

function wordScatterer(
  offset: number,
  values: Float32Array | Float64Array | BigInt64Array | Int32Array,
  wordsPerRow: number,
): ColumnScatterer {
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  if (wordsPerRow === 2) {
    return ({ view, recordSize }, at, first, count) =>
      scatterWordPairs(words, first * 2, view, at + offset, recordSize, count);
  }
  return ({ view, recordSize }, at, first, count) =>
    scatterWords(words, first * wordsPerRow, wordsPerRow, view, at + offset, recordSize, count);
}

function scatterWordPairs(
  words: Int32Array,
  from: number,
  view: DataView,
  to: number,
  stride: number,
  count: number,
): void {
  const end = from + 2 * count;
  for (let source = from, target = to; source < end; source += 2, target += stride) {
    view.setInt32(target, words[source]!, true);
    view.setInt32(target + 4, words[source + 1]!, true);
  }
}

function scatterWords(
  words: Int32Array,
  from: number,
  wordsPerRow: number,
  view: DataView,
  to: number,
  stride: number,
  count: number,
): void {
  let source = from;
  for (let row = 0, target = to; row < count; row++, target += stride) {
    for (let word = 0; word < wordsPerRow; word++) view.setInt32(target + 4 * word, words[source++]!, true);
  }
}

function boolScatterer(offset: number, values: Uint8Array): ColumnScatterer {
  return ({ bytes, recordSize }, at, first, count) => {
    for (let row = 0, target = at + offset; row < count; row++, target += recordSize) {
      bytes[target] = values[first + row] === 0 ? 0 : 1;
    }
  };
}

/** Texts are followed by NULs up to the column's width, which none exceeds. */
function scatterTexts(
  { offsets, bytes: text }: StringColumn,
  width: number,
  { bytes, recordSize }: RecordBlock,
  to: number,
  first: number,
  count: number,
): void {
  let start = offsets[first]!;
  for (let row = first, target = to; row < first + count; row++, target += recordSize) {
    const end = offsets[row + 1]!;
    const length = end - start;
    if (width > LONG_TEXT) {
      bytes.set(text.subarray(start, end), target);
      bytes.fill(0, target + length, target + width);
    } else {
      for (let byte = 0; byte < length; byte++) bytes[target + byte] = text[start + byte]!;
      for (let byte = length; byte < width; byte++) bytes[target + byte] = 0;
    }
    start = end;
  }
}

function maskScatterer(offset: number, { imageId, theZ, theT, x, y, w, h }: MaskColumn): ColumnScatterer {
  const parts = [
    wordScatterer(offset, imageId, 2),
    wordScatterer(offset + 8, theZ, 1),
    wordScatterer(offset + 12, theT, 1),
    wordScatterer(offset + 16, x, 2),
    wordScatterer(offset + 24, y, 2),
    wordScatterer(offset + 32, w, 2),
    wordScatterer(offset + 40, h, 2),
  ];
  return (block, at, first, count) => {
    for (const part of parts) part(block, at, first, count);
  };
}
