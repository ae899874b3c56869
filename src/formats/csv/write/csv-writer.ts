/** Column batches as CSV bytes, the rows' numbers first: what pandas' `DataFrame.to_csv` writes of a table. */
import type { ColumnBatch, ColumnField, RowNumbers } from "../../../columns/batch.js";
import type { CellWriter } from "./cell-bytes.js";
import { COMMA, cellWriter, type Delimiter, specialBytes, writeText } from "./csv-cells.js";
import { LONGEST_INTEGER, writeInteger } from "./integer-text.js";

const LINE_FEED = 10;
/** Bytes collected before they are handed on. */
const BLOCK_BYTES = 1024 * 1024;

/** The header line: an empty name for the row numbers, then the columns' names. */
export function csvHeader(fields: readonly ColumnField[], delimiter: Delimiter = COMMA): Uint8Array {
  const isSpecial = specialBytes(delimiter);
  const names = fields.map(({ name }) => new TextEncoder().encode(name));
  const line = new Uint8Array(names.reduce((sum, name) => sum + 3 + 2 * name.length, 1));
  let at = 0;
  for (const name of names) {
    line[at++] = delimiter;
    at = writeText(name, 0, name.length, line, at, isSpecial);
  }
  line[at++] = LINE_FEED;
  return line.subarray(0, at);
}

/** The rows of `batch` as lines, in blocks; each has its own memory. */
export function* csvBlocks(batch: ColumnBatch): Generator<Uint8Array, void, undefined> {
  yield* fillBlocks(batch, COMMA, (least) => Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, least)));
}

/**
 * Writes batches into blocks of bytes. Two blocks take turns: one that was handed on may be used until the next but one
 * is asked for.
 */
export class CsvWriter {
  readonly #delimiter: Delimiter;
  #block = new Uint8Array(BLOCK_BYTES);
  #other = new Uint8Array(BLOCK_BYTES);

  constructor(delimiter: Delimiter = COMMA) {
    this.#delimiter = delimiter;
  }

  /** The rows of `batch`, in blocks. */
  write(batch: ColumnBatch): Generator<Uint8Array, void, undefined> {
    return fillBlocks(batch, this.#delimiter, (least) => this.#nextBlock(least));
  }

  #nextBlock(least: number): Uint8Array {
    const block = this.#other.length >= least ? this.#other : new Uint8Array(least);
    this.#other = this.#block;
    this.#block = block;
    return block;
  }
}

function* fillBlocks(
  batch: ColumnBatch,
  delimiter: Delimiter,
  newBlock: (least: number) => Uint8Array,
): Generator<Uint8Array, void, undefined> {
  const cells = [rowNumberWriter(batch.rowNumbers), ...batch.columns.map((column) => cellWriter(column, delimiter))];
  const rows = new RowWriter(cells, batch.rowCount, delimiter);
  while (rows.next < batch.rowCount) {
    const block = newBlock(rows.longest);
    yield block.subarray(0, rows.fill(block));
  }
}

/** Writes the rows of one batch, block after block. */
class RowWriter {
  /** Most bytes a row takes. */
  readonly longest: number;
  /** The row to be written next. */
  next = 0;
  readonly #writers: readonly CellWriter["write"][];
  readonly #rowCount: number;
  readonly #delimiter: Delimiter;

  constructor(cells: readonly CellWriter[], rowCount: number, delimiter: Delimiter) {
    this.longest = cells.reduce((sum, cell) => sum + cell.longest + 1, 0);
    this.#writers = cells.map((cell) => cell.write);
    this.#rowCount = rowCount;
    this.#delimiter = delimiter;
  }

  /** Writes rows while another surely fits; returns where they end. */
  fill(block: Uint8Array): number {
    const last = block.length - this.longest;
    let at = 0;
    while (this.next < this.#rowCount && at <= last) at = this.#writeRow(block, at, this.next++);
    return at;
  }

  #writeRow(block: Uint8Array, at: number, row: number): number {
    const writers = this.#writers;
    const delimiter = this.#delimiter;
    let position = at;
    for (let index = 0; index < writers.length; index++) {
      position = writers[index]!(block, position, row);
      block[position++] = delimiter;
    }
    block[position - 1] = LINE_FEED;
    return position;
  }
}

function rowNumberWriter(rowNumbers: RowNumbers): CellWriter {
  if (rowNumbers instanceof Float64Array) {
    return { longest: LONGEST_INTEGER, write: (out, at, row) => writeInteger(out, at, rowNumbers[row]!) };
  }
  const { start, step } = rowNumbers;
  return { longest: LONGEST_INTEGER, write: (out, at, row) => writeInteger(out, at, start + row * step) };
}
