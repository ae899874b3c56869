/** Finds out from the beginning of a CSV text how cells are divided, and where its table stands. */
import { looksLikeNumber, numericColumns } from "./cell-look.js";
import type { CsvOptions } from "./dialect.js";
import { type SplitRecord, type SplitText, splitRecords } from "./split-records.js";
import { findTable, type TablePlace } from "./table-place.js";

const DELIMITERS = [",", ";", "\t", "|"];
const SPACED = ["spaces", "wide spaces"];
const RECORDS = 200;
const DECIMAL_COMMA = /^\s*[+-]?\d*,\d+(?:e[+-]?\d+)?\s*$/i;

/** A way to divide a text, and the table it gives. */
export interface Division {
  readonly delimiter: string;
  readonly quote: string;
  readonly records: readonly SplitRecord[];
  /** Undefined where there is no record, or none looks like the beginning of a table. */
  readonly place: TablePlace | undefined;
}

/** The best way to divide a text into records. */
export function divideText(sample: SplitText, options: CsvOptions): Division {
  const delimiters = options.delimiter === undefined ? DELIMITERS : [options.delimiter];
  const quotes = options.quote === undefined ? quotesIn(sample.text) : [options.quote === false ? "" : options.quote];
  const [best, other] = quotes.map((quote) =>
    delimiters.map((delimiter) => divide(sample, delimiter, quote, options)).reduce(better),
  ) as [Division, Division | undefined];
  if (options.delimiter === undefined && !divides(best)) {
    const spaced = SPACED.map((delimiter) => divide(sample, delimiter, best.quote, options)).find(isAligned);
    if (spaced !== undefined) return spaced;
  }
  if (other === undefined) return best;
  return quotesClearly(other) && !usesQuotes(best) && agreement(other) >= agreement(best) ? other : best;
}

function quotesIn(text: string): string[] {
  return text.includes("'") ? ['"', "'"] : ['"'];
}

/** Whether lines before the table, and comments, are to be found. */
export function seeksTable({ header, skipRows }: CsvOptions): boolean {
  return header === undefined && skipRows === undefined;
}

function divide(sample: SplitText, delimiter: string, quote: string, options: CsvOptions): Division {
  const comment = options.comment === false ? "" : (options.comment ?? "");
  const records = splitRecords(sample, { delimiter, quote, escape: options.escape ?? quote, comment }, RECORDS);
  const isFree = seeksTable(options) && options.strict !== true;
  return { delimiter, quote, records, place: findTable(records, isFree) };
}

/** A delimiter that gives all records the same width of two cells or more is right; of several, the widest. */
function better(a: Division, b: Division): Division {
  if (divides(a) !== divides(b)) return divides(a) ? a : b;
  if (divides(a)) {
    if (isPreceded(a) !== isPreceded(b)) return isPreceded(a) ? b : a;
    if (a.delimiter === "," && onlyInDecimals(b)) return b;
    return width(b) > width(a) ? b : a;
  }
  if (width(a) > 1 !== width(b) > 1) return width(a) > 1 ? a : b;
  return agreement(b) > agreement(a) ? b : a;
}

function width({ place }: Division): number {
  return place?.width ?? 1;
}

function agreement({ place, records }: Division): number {
  if (place !== undefined) return place.agreement;
  return records.filter(({ cells }) => cells.length === 1).length / Math.max(1, records.length);
}

function isPreceded({ place }: Division): boolean {
  return place !== undefined && place.first > place.comments;
}

function divides(division: Division): boolean {
  return width(division) > 1 && agreement(division) === 1;
}

/** Whether spaces give a table without anything before it, with numbers in a column. */
function isAligned(division: Division): boolean {
  const { records, place } = division;
  if (place === undefined || !divides(division) || isPreceded(division) || records.length < 2) return false;
  const rows = records.slice(place.first + 1).map(({ cells }) => cells);
  return rows.length > 0 && numericColumns(rows, place.width).length > 0;
}

/** Whether every comma left in the cells is a decimal one. */
function onlyInDecimals({ records }: Division): boolean {
  const withComma = records.flatMap(({ cells }) => cells.filter((cell) => cell.includes(",")));
  return withComma.length > 0 && withComma.every((cell) => DECIMAL_COMMA.test(cell) || looksLikeNumber(cell));
}

function usesQuotes({ records }: Division): boolean {
  return records.some(({ quoted }) => quoted.some(Boolean));
}

/** Whether cells are wrapped in the quote, more than one, and none goes on after its closing one as after an apostrophe. */
function quotesClearly({ records }: Division): boolean {
  const wrapped = records.reduce((sum, { quoted }) => sum + quoted.filter(Boolean).length, 0);
  return wrapped > 1 && !records.some(({ ragged }) => ragged);
}

/** A delimiter by which the lines have several cells each, where the first has one: what is no table, but nearly. */
export function evenDivision(sample: SplitText, options: CsvOptions): { delimiter: string; width: number } | undefined {
  for (const delimiter of DELIMITERS) {
    const { records } = divide(sample, delimiter, '"', options);
    const [first, second, ...others] = records;
    if (first === undefined || second === undefined) continue;
    const even = second.cells.length;
    if (even > 1 && first.cells.length === 1 && others.every(({ cells }) => cells.length === even))
      return { delimiter, width: even };
  }
  return undefined;
}
