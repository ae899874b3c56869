/** How a CSV file is written: what its caller says of it, and what is found out. */
import { ArgumentError } from "../../../errors.js";
import { checkOptions, type OptionNames } from "../../../flow/options.js";
import { encodingLabel } from "../text/decoded-reader.js";

/** What is not given is found out from the first megabyte, or has the default stated. */
export interface CsvOptions {
  /**
   * Between cells; found among comma, semicolon, tab, `|`, and spaces. `"spaces"` are one or more of them (or tabs), as in
   * columns aligned by spaces; `"wide spaces"` two or more, where single ones stand inside cells.
   */
  readonly delimiter?: string | undefined;
  /** Around cells that hold delimiters or line breaks; `"` or `'` is found; `false` for none. */
  readonly quote?: string | false | undefined;
  /** What makes a quote inside a quoted cell literal. Default: the quote itself, doubled. */
  readonly escape?: string | undefined;
  /**
   * Begins a comment that lasts to the end of its line. By default lines are comments that begin with `#` and do not have
   * as many cells as there are columns; `false`: no line is one.
   */
  readonly comment?: string | false | undefined;
  /**
   * Which records name the columns: `true` for the first, a number for as many, `false` for none, or the names themselves
   * where no record has them. By default headings are told from data by the numbers in these: two lines of headings are
   * joined by `_` where the first one repeats, else further lines, as of units, are left out. A first record of numbers
   * alone is data, except the names 0, 1, 2, ... that pandas gives to unnamed columns.
   */
  readonly header?: boolean | number | readonly string[] | undefined;
  /** Lines to pass over at the beginning. By default those before a table that are no part of it. */
  readonly skipRows?: number | undefined;
  /** For example "utf-8", "utf-16le", "windows-1252"; found by a byte order mark, UTF-16's zero bytes, or what is no UTF-8. */
  readonly encoding?: string | undefined;
  /** Between a number's whole and its fraction; found out. */
  readonly decimal?: "." | "," | undefined;
  /** Between the thousands of numbers, for example "," or " "; found out; `false`: nothing. */
  readonly thousands?: string | false | undefined;
  /** Texts that stand for missing values, quoted or not. Default {@link MISSING_VALUES}, those of pandas. */
  readonly missing?: readonly string[] | undefined;
  /** The older name of `missing`. */
  readonly missingValues?: readonly string[] | undefined;
  /** Whether cells that a record lacks at its end are missing values (with a warning) or an error. Default true. */
  readonly fillShortRows?: boolean | undefined;
  /** Whether empty, repeated and spaced names of columns are repaired (with a warning) or an error. Default true. */
  readonly repairNames?: boolean | undefined;
  /** Of an Excel workbook: the name of the sheet to read, or its number, from 1. Default: the first that holds cells. */
  readonly sheet?: string | number | undefined;
  /**
   * Bytes of text that a file compressed by gzip may hold, or those of a workbook's parts: what is read of one is kept, in
   * memory or a temporary file, and a small file can hold any amount. Default 2 GiB.
   */
  readonly maxBytes?: number | undefined;
  /** Refuses whatever would need repair: names, records, the encoding, lines before the table. Default false. */
  readonly strict?: boolean | undefined;
}

const CSV_OPTIONS: OptionNames<CsvOptions> = {
  delimiter: true,
  quote: true,
  escape: true,
  comment: true,
  header: true,
  skipRows: true,
  encoding: true,
  decimal: true,
  thousands: true,
  missing: true,
  missingValues: true,
  fillShortRows: true,
  repairNames: true,
  sheet: true,
  maxBytes: true,
  strict: true,
};

/** Refuses what is no object of options, and options with other names. @throws ArgumentError `INVALID_ARGUMENT` */
export function checkCsvNames(options: CsvOptions = {}): void {
  checkOptions(options, CSV_OPTIONS, "csv");
}

/** All there is to know to split a file into cells, and these into numbers. */
export interface CsvDialect {
  /** As in {@link CsvOptions}. */
  readonly delimiter: string;
  /** Empty where nothing quotes. */
  readonly quote: string;
  /** What stands before a quote within a quoted cell. */
  readonly escape: string;
  /** Empty where there are no comments but whole lines. */
  readonly comment: string;
  /** Whether records name the columns. */
  readonly header: boolean;
  /** Encoding of the text, as WHATWG names it. */
  readonly encoding: string;
  /** Decimal sign. */
  readonly decimal: "." | ",";
  /** Empty where nothing is between thousands. */
  readonly thousands: string;
  /** Whether spaces around cells are no part of them. */
  readonly trim: boolean;
}

/** Delimiters of spaces, and how many there are at least. */
export const SPACED_DELIMITERS: ReadonlyMap<string, number> = new Map([
  ["spaces", 1],
  ["wide spaces", 2],
]);

const LINE_BREAK = /[\r\n]/;
/** As of {@link CsvOptions.delimiter} in other programs. */
const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  tab: "\t",
  comma: ",",
  semicolon: ";",
  "\\t": "\t",
  "\\s+": "spaces",
};

/** The options with a delimiter given by name as it is written. @throws ArgumentError for options no file can be read by. */
export function checkedCsvOptions(options: CsvOptions): CsvOptions {
  const { delimiter } = options;
  const named =
    delimiter !== undefined && Object.hasOwn(DELIMITER_NAMES, delimiter) ? DELIMITER_NAMES[delimiter] : delimiter;
  const checked = { ...options, delimiter: named };
  checkCsvOptions(checked);
  return checked;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for options no file can be read by. */
function checkCsvOptions(options: CsvOptions): void {
  const { delimiter, quote, comment, encoding, decimal } = options;
  if (delimiter === undefined || !SPACED_DELIMITERS.has(delimiter)) checkMark("delimiter", delimiter, 8);
  checkMark("quote", quote === false ? undefined : quote, 1);
  checkMark("escape", options.escape, 1);
  checkMark("comment", comment === false ? undefined : comment, 8);
  checkMark("thousands", options.thousands === false ? undefined : options.thousands, 1);
  if (encoding !== undefined) encodingLabel(encoding);
  if (decimal !== undefined && decimal !== "." && decimal !== ",") throw invalid('decimal must be "." or ","');
  if (decimal !== undefined && options.thousands === decimal)
    throw invalid("thousands cannot also be the decimal mark");
  if (delimiter !== undefined && (delimiter === quote || delimiter === decimal || delimiter === comment)) {
    throw invalid(`delimiter "${delimiter}" cannot also be the quote, the decimal mark or the comment`);
  }
  checkLines(options);
  const { sheet, maxBytes } = options;
  if (maxBytes !== undefined && !(typeof maxBytes === "number" && maxBytes > 0)) {
    throw invalid(`maxBytes ${String(maxBytes)} must be a number of bytes, more than 0`);
  }
  if (sheet !== undefined && !(isText(sheet) || (Number.isSafeInteger(sheet) && sheet > 0))) {
    throw invalid(`sheet ${String(sheet)} must be a name, or a number from 1`);
  }
  checkMissing("missing", options.missing);
  checkMissing("missingValues", options.missingValues);
}

function checkLines({ header, skipRows }: CsvOptions): void {
  if (Array.isArray(header) && header.length === 0) throw invalid("header is an empty list of names");
  if (typeof header === "number" && !(Number.isSafeInteger(header) && header >= 0 && header <= 20)) {
    throw invalid(`header ${header} must be a number of records up to 20`);
  }
  if (skipRows !== undefined && !(Number.isSafeInteger(skipRows) && skipRows >= 0)) {
    throw invalid(`skipRows ${String(skipRows)} must be a whole number of lines`);
  }
}

function checkMissing(name: string, texts: readonly string[] | undefined): void {
  if (texts === undefined || (Array.isArray(texts) && texts.every(isText))) return;
  throw invalid(`${name} must be a list of texts`);
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

function invalid(fault: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", `CSV option ${fault}`);
}

/** Whether the scanner of bytes can read this dialect; csv-parse reads the others. */
export function isPlainDialect(dialect: CsvDialect): boolean {
  const { delimiter, quote, escape: literal, comment, trim } = dialect;
  if (trim || comment !== "" || !(quote === "" || (isAscii(quote) && literal === quote))) return false;
  return isSpaced(dialect) || isAscii(delimiter);
}

/** Whether spaces in a row delimit cells. */
export function isSpaced({ delimiter }: CsvDialect): boolean {
  return SPACED_DELIMITERS.has(delimiter);
}

function isAscii(mark: string): boolean {
  return mark.length === 1 && mark.charCodeAt(0) < 128 && mark !== " ";
}
