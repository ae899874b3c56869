/**
 * CSV records from bytes straight into typed columns: no text and no object a cell. A record is what
 * `pandas.read_csv` takes for one: lines end in LF, CRLF or CR, blank lines do not count, a quote opens a quoted cell
 * only as its first byte, and a doubled quote stands for one inside.
 */
import type { DataError } from "../../../errors.js";
import { acceptCell, acceptMissing, type NumberMarks } from "./accept-cell.js";
import { BOOL_CELLS, type CellColumn, DOUBLE_CELLS, LONG_CELLS, STRING_CELLS } from "./cell-column.js";
import { malformedCsv } from "./malformed.js";
import type { MissingValues } from "./missing-values.js";
import { NOT_PLAIN, scanBool, scanDouble, scanLong, scanText } from "./plain-cells.js";
import type { RowRepairs } from "./row-repairs.js";
import type { ScannerOptions } from "./scanner-options.js";

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const HASH = 35;
/** The block ends before the cell does. */
const INCOMPLETE = -2;

export class RecordScanner {
  /** Data rows completed, those handed on included. */
  rowCount = 0;
  /** Line of the record at hand, from 1. */
  line: number;
  readonly #columns: readonly CellColumn[];
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #decimalMark: number;
  readonly #marks: NumberMarks;
  readonly #missing: MissingValues;
  readonly #repairs: RowRepairs;
  readonly #chunkRows: number;
  readonly #onChunk: (rows: number) => void;
  /** Marks the bytes that end a cell. */
  readonly #ends = new Uint8Array(256);
  #row = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  #final = false;
  /** Line breaks inside the quoted cells of the record at hand. */
  #innerLines = 0;
  #unquoted = new Uint8Array(256);

  constructor(columns: readonly CellColumn[], options: ScannerOptions) {
    const { syntax, missing, repairs, chunkRows, firstLine, onChunk } = options;
    this.#columns = columns;
    this.#marks = syntax.marks;
    this.#repairs = repairs;
    this.#delimiter = syntax.delimiter;
    this.#quote = syntax.quote;
    this.#decimalMark = syntax.decimalMark;
    this.#missing = missing;
    this.#chunkRows = chunkRows;
    this.#onChunk = onChunk;
    this.line = firstLine;
    for (const byte of [syntax.delimiter, LF, CR]) this.#ends[byte] = 1;
  }

  /**
   * Scans the whole records of `bytes[start] ..< bytes[end]` and returns where the first incomplete one begins; at the
   * end of the file (`final`) none is left. `bytes[end]` must exist; it is overwritten.
   */
  scan(bytes: Uint8Array, start: number, end: number, final: boolean): number {
    bytes[end] = LF;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = end;
    this.#final = final;
    let at = start;
    while (at < end) {
      const byte = bytes[at]!;
      const next = byte <= SPACE ? this.#afterBlankLine(at) : byte === HASH ? this.#afterComment(at) : NOT_PLAIN;
      if (next === INCOMPLETE) return at;
      if (next !== NOT_PLAIN) {
        this.line++;
        at = next;
        continue;
      }
      const after = this.#record(at);
      if (after === INCOMPLETE) return at;
      at = after;
    }
    return at;
  }

  /** Hands on the rows that do not fill a chunk. */
  finish(): void {
    if (this.#row > 0) this.#handOn();
  }

  #handOn(): void {
    const rows = this.#row;
    this.#row = 0;
    this.#onChunk(rows);
    for (const column of this.#columns) column.nextChunk(rows);
  }

  #record(start: number): number {
    const columns = this.#columns;
    const bytes = this.#bytes;
    const delimiter = this.#delimiter;
    const last = columns.length - 1;
    this.#innerLines = 0;
    let at = start;
    for (let index = 0; index < last; index++) {
      at = this.#cell(columns[index]!, at);
      if (at === INCOMPLETE) return at;
      if (bytes[at] !== delimiter) return this.#tooShort(at, index + 1);
      at++;
    }
    at = this.#cell(columns[last]!, at);
    return at === INCOMPLETE ? at : this.#endRecord(at);
  }

  #endRecord(at: number): number {
    const after = this.#afterLineBreak(at);
    if (after === INCOMPLETE) return after;
    this.line += 1 + this.#innerLines;
    this.rowCount++;
    if (++this.#row === this.#chunkRows) this.#handOn();
    return after;
  }

  /** Reads and stores the cell at `start`; returns where its end mark stands. */
  #cell(column: CellColumn, start: number): number {
    const end = this.#plainCell(column, start);
    if (end === NOT_PLAIN) return this.#acceptOtherCell(column, start);
    return end < this.#end || this.#final ? end : INCOMPLETE;
  }

  #plainCell(column: CellColumn, start: number): number {
    if (this.#missing.includesNumbers || column.onlyBools) return NOT_PLAIN;
    const bytes = this.#bytes;
    const row = this.#row;
    const ends = this.#ends;
    switch (column.kind) {
      case DOUBLE_CELLS:
        return scanDouble(column, bytes, start, ends, row, this.#decimalMark, this.#view);
      case LONG_CELLS:
        return scanLong(column, bytes, start, ends, row);
      case STRING_CELLS:
        return scanText(column, bytes, start, ends, row, this.#quote, this.#missing);
      case BOOL_CELLS:
        return scanBool(column, bytes, start, ends, row);
      default:
        return NOT_PLAIN;
    }
  }

  #acceptOtherCell(column: CellColumn, start: number): number {
    if (this.#bytes[start] === this.#quote) return this.#quotedCell(column, start);
    let end = start;
    while (this.#ends[this.#bytes[end]!] === 0) end++;
    if (end >= this.#end && !this.#final) return INCOMPLETE;
    this.#accept(column, this.#bytes, start, end);
    return end;
  }

  #quotedCell(column: CellColumn, start: number): number {
    const bytes = this.#bytes;
    const quote = this.#quote;
    let lines = 0;
    let doubled = 0;
    let at = start + 1;
    for (; at < this.#end; at++) {
      const byte = bytes[at]!;
      if (byte === quote) {
        if (bytes[at + 1] !== quote || at + 1 >= this.#end) break;
        doubled++;
        at++;
      } else if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) lines++;
    }
    if (at >= this.#end) return this.#openQuote();
    const end = at + 1;
    if (end >= this.#end && !this.#final) return INCOMPLETE;
    if (this.#ends[bytes[end]!] === 0) {
      throw malformedCsv(
        this.line + this.#innerLines + lines,
        "text follows a closing quote",
        "Double a quote inside a quoted cell",
      );
    }
    if (doubled === 0) this.#accept(column, bytes, start + 1, at);
    else {
      const length = this.#unquote(start + 1, at);
      this.#accept(column, this.#unquoted, 0, length);
    }
    this.#innerLines += lines;
    return end;
  }

  #openQuote(): number {
    if (!this.#final) return INCOMPLETE;
    throw malformedCsv(
      this.line,
      "a quote opened in this record is never closed",
      "Give the `quote` option if another character quotes",
    );
  }

  /** Copies `bytes[start] ..< bytes[end]` with each doubled quote made one; returns the length. */
  #unquote(start: number, end: number): number {
    if (end - start > this.#unquoted.length) this.#unquoted = new Uint8Array(2 * (end - start));
    const quote = this.#quote;
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = this.#bytes[at]!;
      this.#unquoted[length++] = byte;
      if (byte === quote) at++;
    }
    return length;
  }

  #accept(column: CellColumn, bytes: Uint8Array, start: number, end: number): void {
    const place = { row: this.rowCount, line: this.line + this.#innerLines };
    acceptCell(column, bytes, start, end, this.#row, place, this.#missing, this.#marks);
  }

  /** Position after the line break at `at`. */
  #afterLineBreak(at: number): number {
    const byte = this.#bytes[at];
    if (byte === LF) return Math.min(at + 1, this.#end);
    if (byte !== CR) return this.#tooLong(at);
    if (at + 1 < this.#end) return this.#bytes[at + 1] === LF ? at + 2 : at + 1;
    return this.#final ? this.#end : INCOMPLETE;
  }

  /** Position after the line at `start` if it holds nothing but spaces; else {@link NOT_PLAIN}. */
  #afterBlankLine(start: number): number {
    let at = start;
    while (this.#bytes[at] === SPACE || this.#bytes[at] === TAB) {
      if (this.#bytes[at] === this.#delimiter) return NOT_PLAIN;
      at++;
    }
    if (this.#bytes[at] !== LF && this.#bytes[at] !== CR) return NOT_PLAIN;
    if (at >= this.#end && !this.#final) return INCOMPLETE;
    return this.#afterLineBreak(at);
  }

  /** Position after the comment line at `start`; {@link NOT_PLAIN} for a record, which has as many cells as the others. */
  #afterComment(start: number): number {
    const last = this.#columns.length - 1;
    if (!this.#repairs.skipsComments || last === 0) return NOT_PLAIN;
    let at = start;
    let cells = 0;
    for (; this.#bytes[at] !== LF && this.#bytes[at] !== CR; at++) {
      if (this.#bytes[at] === this.#quote) return NOT_PLAIN;
      if (this.#bytes[at] === this.#delimiter) cells++;
    }
    if (at >= this.#end && !this.#final) return INCOMPLETE;
    if (cells === last) return NOT_PLAIN;
    this.#repairs.noteComment(this.line);
    return this.#afterLineBreak(at);
  }

  /** The columns that the record at hand has no cell for have a missing value in it. */
  #tooShort(at: number, cells: number): number {
    if (at >= this.#end && !this.#final) return INCOMPLETE;
    if (!this.#repairs.fillsShort) throw this.#wrongWidth(cells);
    const place = { row: this.rowCount, line: this.line + this.#innerLines };
    for (const column of this.#columns.slice(cells)) acceptMissing(column, this.#row, place);
    const after = this.#endRecord(at);
    if (after !== INCOMPLETE) this.#repairs.noteShort(this.line - 1);
    return after;
  }

  /** Position after a record with more cells than there are columns, if those hold nothing. */
  #tooLong(start: number): number {
    let at = start;
    while (this.#bytes[at] === this.#delimiter || this.#bytes[at] === SPACE) at++;
    if (at >= this.#end && !this.#final) return INCOMPLETE;
    if (!this.#repairs.dropsEmptyCells || (this.#bytes[at] !== LF && this.#bytes[at] !== CR)) {
      throw this.#wrongWidth(this.#countCells(start, this.#columns.length));
    }
    this.#repairs.noteEmptyCells(this.line);
    return this.#afterLineBreak(at);
  }

  #countCells(from: number, before: number): number {
    let cells = before;
    for (let at = from; at < this.#end && this.#bytes[at] !== LF && this.#bytes[at] !== CR; at++) {
      if (this.#bytes[at] === this.#delimiter) cells++;
    }
    return cells;
  }

  #wrongWidth(cells: number): DataError {
    const expected = this.#columns.length;
    const count = `${cells} ${cells === 1 ? "cell" : "cells"} where ${expected} ${expected === 1 ? "is" : "are"} expected`;
    return malformedCsv(this.line, count, this.#repairs.remedy(cells, expected));
  }
}
