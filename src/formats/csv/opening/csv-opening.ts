/** What the beginning of a CSV text says: its dialect, the names of its columns, and where its data begin. */

import type { ColumnType } from "../../../columns/batch.js";
import { isAscii, isUtf8 } from "../../node.js";
import { malformedCsv } from "../scan/malformed.js";
import { partialCharacter } from "../text/block-reader.js";
import { type ByteReader, PrefixedReader, readFully } from "../text/byte-reader.js";
import type { CsvText } from "../text/csv-text.js";
import { UndecodableText } from "../text/undecodable-text.js";
import { looksLikeNumber } from "./cell-look.js";
import { columnNames, type NamedColumns, numberedNames } from "./column-names.js";
import { declaredTypes } from "./declared-types.js";
import { type Division, divideText, evenDivision, seeksTable } from "./detect-dialect.js";
import type { CsvDialect, CsvOptions } from "./dialect.js";
import { describeOpening } from "./findings.js";
import { countHeadings, headingNames } from "./heading.js";
import { findNumberMarks } from "./number-marks.js";
import { type Prologue, readPrologue } from "./prologue.js";
import type { SplitText } from "./split-records.js";
import { commentCells, findTable, type TablePlace } from "./table-place.js";

const SAMPLE = 1024 * 1024;

/** Where the data records begin in the text. */
export interface DataStart {
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

export interface CsvOpening {
  readonly dialect: CsvDialect;
  readonly names: readonly string[];
  /** Whether each column came without a name. */
  readonly nameless: readonly boolean[];
  /** What a line of the file says of the columns' types, by name. */
  readonly declared: ReadonlyMap<string, ColumnType>;
  readonly start: DataStart;
  /** What was found out or repaired so far, in sentences. */
  readonly messages: readonly string[];
  /** The text's first bytes, from its beginning. */
  readonly sample: Uint8Array;
  /** Whether `sample` is all of the text. */
  readonly complete: boolean;
  /** The text from its beginning. */
  readonly reader: ByteReader;
}

/**
 * @param known names of columns that need no repair
 * @throws DataError `MALFORMED_CSV` for a text without a table, `INVALID_SCHEMA` for unusable names.
 */
export async function readOpening(
  { reader, encoding }: CsvText,
  options: CsvOptions,
  known: ReadonlySet<string>,
): Promise<CsvOpening> {
  const buffer = Buffer.allocUnsafeSlow(SAMPLE);
  const sample = buffer.subarray(0, await readFully(reader, buffer));
  const complete = sample.length < SAMPLE;
  checkUtf8(sample, complete);
  const table = new TableOpening(sample, complete, encoding, options);
  return { ...table.read(known), sample, complete, reader: new PrefixedReader(sample, reader) };
}

function checkUtf8(sample: Uint8Array, complete: boolean): void {
  const text = sample.subarray(0, sample.length - (complete ? 0 : partialCharacter(sample, 0, sample.length)));
  if (!isAscii(text) && !isUtf8(text)) throw new UndecodableText(text, 1, false);
}

class TableOpening {
  readonly #options: CsvOptions;
  readonly #encoding: string;
  readonly #prologue: Prologue;
  readonly #division: Division;
  readonly #place: TablePlace;

  constructor(sample: Buffer, complete: boolean, encoding: string, options: CsvOptions) {
    this.#encoding = encoding;
    // One character a byte, so that offsets in the text are offsets in the bytes.
    const text = sample.toString("latin1");
    this.#prologue = readPrologue(text, options);
    const { delimiter = this.#prologue.delimiter } = options;
    this.#options = { ...options, delimiter };
    const rest = { text, from: this.#prologue.end, complete };
    this.#division = divideText(rest, this.#options);
    this.#place = placeOf(this.#division, rest, this.#options);
  }

  read(known: ReadonlySet<string>): Omit<CsvOpening, "sample" | "complete" | "reader"> {
    const records = this.#cells();
    const headings = this.#headings(records);
    const rows = records.slice(this.#place.commentNames ? 1 : headings);
    const dialect = this.#dialect(headings > 0, records, rows);
    const named = this.#names(records, headings, known);
    const start = this.#lineAfter(this.#place.first + headings);
    const messages = describeOpening({
      dialect,
      given: this.#options,
      prologue: this.#prologue,
      place: this.#place,
      headings: records.slice(0, headings),
      linesBefore: this.#lineAfter(this.#place.first).line - 1,
    });
    const { names, nameless } = named;
    return {
      dialect,
      names,
      nameless,
      declared: this.#declared(names),
      start,
      messages: [...messages, ...named.messages],
    };
  }

  /** The cells of the table's first records, as text. */
  #cells(): string[][] {
    const { first, commentNames, rowNames } = this.#place;
    return this.#division.records.slice(first).map(({ cells }, index) => {
      const decoded = cells.map(decoded8);
      if (index > 0) return decoded;
      return commentNames ? commentCells(decoded) : rowNames ? ["", ...decoded] : decoded;
    });
  }

  #headings(records: readonly (readonly string[])[]): number {
    const { header, strict = false } = this.#options;
    if (Array.isArray(header)) return 0;
    if (typeof header === "boolean") return Number(header);
    if (typeof header === "number") return Math.min(header, records.length);
    if (this.#place.commentNames) return 1;
    const count = countHeadings(records, this.#place.width);
    return strict ? Math.min(count, 1) : count;
  }

  #dialect(header: boolean, records: readonly (readonly string[])[], rows: readonly (readonly string[])[]): CsvDialect {
    const { delimiter, quote } = this.#division;
    const { escape: literal = quote, comment = "", strict } = this.#options;
    const marks = findNumberMarks(rows, this.#place.width, delimiter, this.#options);
    return {
      delimiter,
      quote,
      escape: literal,
      comment: comment === false ? "" : comment,
      header,
      encoding: this.#encoding,
      ...marks,
      trim: strict !== true && isSpacedOut(records, rows),
    };
  }

  #names(records: readonly (readonly string[])[], headings: number, known: ReadonlySet<string>): NamedColumns {
    const { header, repairNames, strict = false } = this.#options;
    const [first = []] = records;
    const { line } = this.#lineAfter(this.#place.first + Math.max(1, headings));
    const rules = { repair: repairNames ?? !strict, known, line: line - 1 };
    if (Array.isArray(header)) {
      if (header.length === first.length) return columnNames(header, rules);
      const found = `${first.length} cells where header names ${header.length} columns`;
      throw malformedCsv(line - 1, found, "Correct the header option");
    }
    if (headings > 0) return columnNames(headingNames(records.slice(0, headings), this.#place.width), rules);
    const names = numberedNames(this.#place.width);
    return { names, nameless: names.map(() => false), messages: [] };
  }

  #declared(names: readonly string[]): ReadonlyMap<string, ColumnType> {
    const { types } = this.#prologue;
    if (types === undefined) return new Map();
    const given = declaredTypes(types.split(this.#division.delimiter).map(decoded8));
    return new Map(names.flatMap((name, index) => (given[index] === undefined ? [] : [[name, given[index]]])));
  }

  /** Where the lines begin that follow the first `count` records. */
  #lineAfter(count: number): DataStart {
    const { end, lines } = this.#prologue;
    const before = this.#division.records.slice(0, count);
    return { offset: before.at(-1)?.end ?? end, line: before.reduce((sum, record) => sum + record.lines, lines + 1) };
  }
}

function decoded8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

/** @throws DataError `MALFORMED_CSV` where nothing, or no table, was found. */
function placeOf(division: Division, rest: SplitText, options: CsvOptions): TablePlace {
  const { records, place } = division;
  if (records.length === 0) throw noRecord(rest.complete);
  if (options.delimiter === undefined && (place?.width ?? 1) === 1 && seeksTable(options)) refuseUneven(rest, options);
  return place ?? findTable(records, false)!;
}

function refuseUneven(rest: SplitText, options: CsvOptions): void {
  const even = evenDivision(rest, options);
  if (even === undefined) return;
  const found = `this line has one cell, and those after it have ${even.width} each by "${even.delimiter}"`;
  const remedy =
    "Quote cells that hold the delimiter, give skipRows to pass over lines before the table, or header: true to have one column";
  throw malformedCsv(1, found, remedy);
}

function noRecord(complete: boolean): Error {
  if (complete)
    return malformedCsv(1, "there is no record", "The file is empty; a CSV begins with the names of its columns");
  return malformedCsv(
    1,
    "the first record does not end within a megabyte",
    "Give other CSV options; is this CSV at all?",
  );
}

/** Whether a space follows every delimiter, also before texts. */
function isSpacedOut(records: readonly (readonly string[])[], rows: readonly (readonly string[])[]): boolean {
  const others = records.flatMap(([, ...cells]) => cells);
  if (rows.length === 0 || others.length === 0 || !others.every((cell) => /^ \S?/.test(cell))) return false;
  return rows.flatMap(([, ...cells]) => cells).some((cell) => !looksLikeNumber(cell));
}
