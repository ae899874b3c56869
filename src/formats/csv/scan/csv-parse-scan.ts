/** Dialects beyond the scanner of bytes: csv-parse splits the cells, and the columns take them as they do otherwise. */

import type { CsvError, Info, Parser } from "csv-parse";
import { Readable } from "../../node.js";
import type { CsvDialect } from "../opening/dialect.js";
import { BlockReader, LONGEST_RECORD, partialCharacter } from "../text/block-reader.js";
import type { ByteReader } from "../text/byte-reader.js";
import { acceptCell, acceptMissing } from "./accept-cell.js";
import type { CellColumn } from "./cell-column.js";
import { malformedCsv } from "./malformed.js";
import type { ScanOptions, ScanProgress } from "./scan-options.js";

const SPACE = 32;
const HASH = 35;
const BLANK = /^[ \t]*$/;

interface ParsedCell {
  readonly bytes: Buffer;
  readonly quoted: boolean;
}

interface ParsedRecord {
  readonly record: readonly ParsedCell[];
  readonly info: Info;
}

export async function* scanWithCsvParse(
  reader: ByteReader,
  columns: readonly CellColumn[],
  options: ScanOptions,
): AsyncGenerator<ScanProgress, void, undefined> {
  const blocks = new BlockReader(reader, options.signal);
  const parser = await newParser(options.dialect);
  const source = Readable.from(copiedBlocks(blocks), { objectMode: false });
  source.on("error", (error) => parser.destroy(error));
  const taker = new RecordTaker(columns, options);
  try {
    for await (const parsed of source.pipe(parser) as AsyncIterable<ParsedRecord>) {
      if (taker.take(parsed)) yield { rowCount: taker.rowCount, byteCount: blocks.byteCount };
    }
    taker.finish();
    yield { rowCount: taker.rowCount, byteCount: blocks.byteCount };
  } catch (error) {
    throw translated(error, options.firstLine);
  } finally {
    source.destroy();
    parser.destroy();
    await blocks.close();
  }
}

async function newParser(dialect: CsvDialect): Promise<Parser> {
  const { parse } = await import("csv-parse");
  return parse({
    encoding: null,
    delimiter: dialect.delimiter,
    quote: dialect.quote === "" ? null : dialect.quote,
    escape: dialect.quote === "" ? null : dialect.escape,
    comment: dialect.comment === "" ? null : dialect.comment,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    ltrim: dialect.trim,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    info: true,
    cast: (bytes, { quoting }) => ({ bytes, quoted: quoting }),
  });
}

async function* copiedBlocks(blocks: BlockReader): AsyncGenerator<Buffer, void, undefined> {
  let block = await blocks.next();
  while (!block.final) {
    const consumed = block.end - partialCharacter(block.bytes, block.start, block.end);
    yield Buffer.from(block.bytes.subarray(block.start, consumed));
    block = await blocks.next(block, consumed);
  }
  yield Buffer.from(block.bytes.subarray(block.start, block.end));
}

class RecordTaker {
  rowCount = 0;
  readonly #columns: readonly CellColumn[];
  readonly #options: ScanOptions;
  #row = 0;

  constructor(columns: readonly CellColumn[], options: ScanOptions) {
    this.#columns = columns;
    this.#options = options;
  }

  /** Stores a record; whether a chunk was handed on. */
  take({ record, info }: ParsedRecord): boolean {
    const { firstLine, missing, dialect, chunkRows } = this.#options;
    const line = firstLine + info.lines - 1;
    if (isBlank(record) || this.#isComment(record, line)) return false;
    this.#checkWidth(record, line);
    const place = { row: this.rowCount, line };
    for (const [index, column] of this.#columns.entries()) {
      const cell = record[index];
      if (cell === undefined) acceptMissing(column, this.#row, place);
      else acceptCell(column, cell.bytes, 0, this.#endOf(cell), this.#row, place, missing, dialect);
    }
    this.rowCount++;
    if (++this.#row < chunkRows) return false;
    this.finish();
    return true;
  }

  finish(): void {
    const rows = this.#row;
    if (rows === 0) return;
    this.#row = 0;
    this.#options.onChunk(rows);
    for (const column of this.#columns) column.nextChunk(rows);
  }

  #endOf({ bytes, quoted }: ParsedCell): number {
    let end = bytes.length;
    if (this.#options.dialect.trim && !quoted) while (end > 0 && bytes[end - 1] === SPACE) end--;
    return end;
  }

  #isComment([first, ...others]: readonly ParsedCell[], line: number): boolean {
    const { repairs } = this.#options;
    const width = this.#columns.length;
    if (!repairs.skipsComments || width === 1 || others.length + 1 === width) return false;
    if (first!.quoted || first!.bytes[0] !== HASH) return false;
    repairs.noteComment(line);
    return true;
  }

  /** Notes what is repaired of a record that has not one cell for each column. */
  #checkWidth(record: readonly ParsedCell[], line: number): void {
    const { repairs } = this.#options;
    const width = this.#columns.length;
    if (record.length === width) return;
    if (record.length < width && repairs.fillsShort) repairs.noteShort(line);
    else if (record.length > width && repairs.dropsEmptyCells && record.slice(width).every(isEmpty)) {
      repairs.noteEmptyCells(line);
    } else {
      const found = `${record.length} ${record.length === 1 ? "cell" : "cells"} where ${width} are expected`;
      throw malformedCsv(line, found, repairs.remedy(record.length, width));
    }
  }
}

function isEmpty({ bytes }: ParsedCell): boolean {
  return BLANK.test(bytes.toString("latin1"));
}

/** Whether a line held nothing but spaces. */
function isBlank([first, second]: readonly ParsedCell[]): boolean {
  return second === undefined && !first!.quoted && BLANK.test(first!.bytes.toString("latin1"));
}

/** csv-parse's errors with this package's code and the line of the file. */
function translated(error: unknown, firstLine: number): unknown {
  if (!isCsvError(error)) return error;
  const line = firstLine + (typeof error.lines === "number" ? error.lines : 1) - 1;
  return malformedCsv(line, error.message, "Correct the record, or give other CSV options", error);
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && error.constructor.name === "CsvError";
}
