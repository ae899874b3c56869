/** Finds out from the beginning of a CSV text what its caller does not say. */
import type { CsvDialect, CsvOptions } from "./dialect.js";
import { type SplitRecord, splitRecords } from "./split-records.js";

const DELIMITERS = [",", ";", "\t", "|"];
const RECORDS = 200;
const NUMBER = /^\s*[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?\s*$/i;
const DECIMAL_COMMA = /^\s*[+-]?\d*,\d+(?:e[+-]?\d+)?\s*$/i;

interface Candidate {
  readonly delimiter: string;
  readonly quote: string;
  readonly records: readonly SplitRecord[];
  /** Cells of the first record. */
  readonly width: number;
  /** Share of the records that have as many cells as the first. */
  readonly agreement: number;
}

/** @param complete whether `sample` is the whole text. */
export function detectDialect(
  sample: string,
  complete: boolean,
  encoding: string,
  options: CsvOptions,
): { dialect: CsvDialect; records: readonly SplitRecord[] } {
  const chosen = chooseCandidate(sample, complete, options);
  const { delimiter, quote, records } = chosen;
  const dialect: CsvDialect = {
    delimiter,
    quote,
    escape: options.escape ?? quote,
    comment: options.comment ?? "",
    header: hasHeader(options, records[0]),
    encoding,
    decimal: options.decimal ?? ".",
  };
  return { dialect, records };
}

function chooseCandidate(sample: string, complete: boolean, options: CsvOptions): Candidate {
  const delimiters = options.delimiter === undefined ? DELIMITERS : [options.delimiter];
  const quotes = options.quote === undefined ? ['"', "'"] : [options.quote === false ? "" : options.quote];
  const [best, other] = quotes.map((quote) =>
    delimiters.map((delimiter) => candidate(sample, complete, delimiter, quote, options)).reduce(better),
  );
  if (other === undefined) return best!;
  return quotesClearly(other) && !usesQuotes(best!) && other.agreement >= best!.agreement ? other : best!;
}

function candidate(
  sample: string,
  complete: boolean,
  delimiter: string,
  quote: string,
  options: CsvOptions,
): Candidate {
  const syntax = { delimiter, quote, escape: options.escape ?? quote, comment: options.comment ?? "" };
  const records = splitRecords(sample, complete, syntax, RECORDS);
  const width = records[0]?.cells.length ?? 0;
  const alike = records.filter(({ cells }) => cells.length === width).length;
  return { delimiter, quote, records, width, agreement: records.length === 0 ? 0 : alike / records.length };
}

/** A delimiter that gives all records the same width of two cells or more is right; of several, the widest. */
function better(a: Candidate, b: Candidate): Candidate {
  if (divides(a) !== divides(b)) return divides(a) ? a : b;
  if (divides(a)) {
    if (a.delimiter === "," && onlyInDecimals(b)) return b;
    return b.width > a.width ? b : a;
  }
  if (a.width > 1 !== b.width > 1) return a.width > 1 ? a : b;
  return b.agreement > a.agreement ? b : a;
}

function divides({ width, agreement }: Candidate): boolean {
  return width > 1 && agreement === 1;
}

/** Whether every comma left in the cells is a decimal one. */
function onlyInDecimals({ records }: Candidate): boolean {
  const withComma = records.flatMap(({ cells }) => cells.filter((cell) => cell.includes(",")));
  return withComma.length > 0 && withComma.every((cell) => DECIMAL_COMMA.test(cell));
}

function usesQuotes({ records }: Candidate): boolean {
  return records.some(({ quoted }) => quoted.some(Boolean));
}

/** Whether cells are wrapped in the quote, more than one, and none goes on after its closing one as after an apostrophe. */
function quotesClearly({ records }: Candidate): boolean {
  const wrapped = records.reduce((sum, { quoted }) => sum + quoted.filter(Boolean).length, 0);
  return wrapped > 1 && !records.some(({ ragged }) => ragged);
}

function hasHeader({ header }: CsvOptions, first: SplitRecord | undefined): boolean {
  if (header !== undefined) return header === true;
  if (first === undefined) return true;
  if (!first.cells.every((cell) => NUMBER.test(cell))) return true;
  return first.cells.length > 1 && first.cells.every((cell, index) => cell === String(index));
}
