/** Column batches as CSV bytes, the rows' numbers first: what pandas' `DataFrame.to_csv` writes of a table. */
import type { ColumnBatch, ColumnField, RowNumbers } from "../batch.js";
import { type CellWriter, cellWriter, writeText } from "./csv-cells.js";
import { LONGEST_INTEGER, writeInteger } from "./integer-text.js";

const COMMA = 44;
const LINE_FEED = 10;
/** Bytes collected before they are handed on. */
const BLOCK_BYTES = 1024 * 1024;

/** The header line: an empty name for the row numbers, then the columns' names. */
export function csvHeader(fields: readonly ColumnField[]): Uint8Array {
  const names = fields.map(({ name }) => new TextEncoder().encode(name));
  const line = new Uint8Array(names.reduce((sum, name) => sum + 3 + 2 * name.length, 1));
  let at = 0;
  for (const name of names) {
    line[at++] = COMMA;
    at = writeText(name, 0, name.length, line, at);
  }
  line[at++] = LINE_FEED;
  return line.subarray(0, at);
}

/**
 * Writes batches into blocks of bytes. Two blocks take turns: one that was handed on may be used until the next but one
 * is asked for.
 */
export class CsvWriter {
  #block = new Uint8Array(BLOCK_BYTES);
  #other = new Uint8Array(BLOCK_BYTES);

  /** The rows of `batch`, in blocks. */
  *write(batch: ColumnBatch): Generator<Uint8Array, void, undefined> {
    const cells = [rowNumberWriter(batch.rowNumbers), ...batch.columns.map(cellWriter)];
    const longest = cells.reduce((sum, cell) => sum + cell.longest + 1, 0);
    for (let row = 0; row < batch.rowCount; ) {
      const block = this.#nextBlock(longest);
      const filled = fillBlock(block, cells, row, batch.rowCount, longest);
      row = filled.row;
      yield block.subarray(0, filled.at);
    }
  }

  #nextBlock(least: number): Uint8Array {
    const block = this.#other.length >= least ? this.#other : new Uint8Array(least);
    this.#other = this.#block;
    this.#block = block;
    return block;
  }
}

/** Writes rows while another surely fits; returns the row that follows and where the bytes end. */
function fillBlock(block: Uint8Array, cells: readonly CellWriter[], first: number, end: number, longest: number) {
  const last = block.length - longest;
  const writers = cells.map((cell) => cell.write);
  let row = first;
  let at = 0;
  for (; row < end && at <= last; row++) {
    for (const write of writers) {
      at = write(block, at, row);
      block[at++] = COMMA;
    }
    block[at - 1] = LINE_FEED;
  }
  return { row, at };
}

function rowNumberWriter(rowNumbers: RowNumbers): CellWriter {
  if (rowNumbers instanceof Float64Array) {
    return { longest: LONGEST_INTEGER, write: (out, at, row) => writeInteger(out, at, rowNumbers[row]!) };
  }
  const { start, step } = rowNumbers;
  return { longest: LONGEST_INTEGER, write: (out, at, row) => writeInteger(out, at, start + row * step) };
}
