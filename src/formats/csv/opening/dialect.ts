/** How a CSV file is written: what its caller says of it, and what is found out. */
import { ArgumentError } from "../../../errors.js";
import { encodingLabel } from "../text/decoded-reader.js";

/** What is not given is detected from the first megabyte, or has the default stated. */
export interface CsvOptions {
  /** Between cells; detected among comma, semicolon, tab and `|`. */
  readonly delimiter?: string | undefined;
  /** Around cells that hold delimiters or line breaks; `"` or `'` detected; `false` for none. */
  readonly quote?: string | false | undefined;
  /** What makes a quote inside a quoted cell literal. Default: the quote itself, doubled. */
  readonly escape?: string | undefined;
  /** Begins a comment that lasts to the end of its line. Default: none. */
  readonly comment?: string | undefined;
  /**
   * Whether the first record names the columns, or their names where no record does. Detected by default: a first
   * record of numbers alone is data, except the names 0, 1, 2, ... that pandas gives to unnamed columns.
   */
  readonly header?: boolean | readonly string[] | undefined;
  /** For example "utf-8", "utf-16le", "latin1"; detected by a byte order mark or UTF-16's zero bytes, else UTF-8. */
  readonly encoding?: string | undefined;
  /** Between a number's whole and its fraction. Default ".". */
  readonly decimal?: "." | "," | undefined;
  /** Texts that stand for missing values, quoted or not. Default {@link MISSING_VALUES}, those of pandas. */
  readonly missingValues?: readonly string[] | undefined;
  /** Rename empty and repeated column names as pandas does ("Unnamed: 0", "area.1") instead of refusing them. */
  readonly repairNames?: boolean | undefined;
}

/** All there is to know to split a file into cells. */
export interface CsvDialect {
  /** What stands between two cells. */
  readonly delimiter: string;
  /** Empty where nothing quotes. */
  readonly quote: string;
  /** What stands before a quote within a quoted cell. */
  readonly escape: string;
  /** Empty where there are no comments. */
  readonly comment: string;
  /** Whether the first record names the columns. */
  readonly header: boolean;
  /** Encoding of the text, as WHATWG names it. */
  readonly encoding: string;
  /** Decimal sign. */
  readonly decimal: "." | ",";
}

const LINE_BREAK = /[\r\n]/;

/** @throws ArgumentError `INVALID_ARGUMENT` for options no file can be read by. */
export function checkCsvOptions(options: CsvOptions): void {
  const { delimiter, quote, comment, header, encoding, decimal, missingValues } = options;
  checkMark("delimiter", delimiter, 8);
  checkMark("quote", quote === false ? undefined : quote, 1);
  checkMark("escape", options.escape, 1);
  checkMark("comment", comment, 8);
  if (encoding !== undefined) encodingLabel(encoding);
  if (decimal !== undefined && decimal !== "." && decimal !== ",") throw invalid('decimal must be "." or ","');
  if (delimiter !== undefined && (delimiter === quote || delimiter === decimal || delimiter === comment)) {
    throw invalid(`delimiter "${delimiter}" cannot also be the quote, the decimal mark or the comment`);
  }
  if (Array.isArray(header) && header.length === 0) throw invalid("header is an empty list of names");
  if (missingValues !== undefined && !(Array.isArray(missingValues) && missingValues.every(isText))) {
    throw invalid("missingValues must be a list of texts");
  }
}

function checkMark(name: string, mark: string | undefined, longest: number): void {
  if (mark === undefined) return;
  if (!isText(mark) || mark === "" || mark.length > longest || LINE_BREAK.test(mark)) {
    throw invalid(`${name} ${JSON.stringify(mark)} must be ${longest === 1 ? "one character" : "text"}, no line break`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function invalid(what: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", `CSV option ${what}`);
}

/** Whether the scanner of bytes can read this dialect; csv-parse reads the others. */
export function isPlainDialect({ delimiter, quote, escape: literal, comment }: CsvDialect): boolean {
  return isAscii(delimiter) && (quote === "" || (isAscii(quote) && literal === quote)) && comment === "";
}

function isAscii(mark: string): boolean {
  return mark.length === 1 && mark.charCodeAt(0) < 128 && mark !== " ";
}
