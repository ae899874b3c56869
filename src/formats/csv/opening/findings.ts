/** Says in sentences what was found out of a CSV file, and how to say otherwise. */
import { type CsvDialect, type CsvOptions, SPACED_DELIMITERS } from "./dialect.js";
import { areJoined } from "./heading.js";
import type { Prologue } from "./prologue.js";
import type { TablePlace } from "./table-place.js";

export interface Found {
  readonly dialect: CsvDialect;
  /** What the caller said. */
  readonly given: CsvOptions;
  readonly prologue: Prologue;
  readonly place: TablePlace;
  readonly headings: readonly (readonly string[])[];
  /** Lines of the file before the table. */
  readonly linesBefore: number;
}

/** What is out of the ordinary: other than commas, points, UTF-8 and one line of names. */
export function describeOpening(found: Found): string[] {
  const marks = foundMarks(found);
  const messages = [...lineMessages(found), ...headingMessages(found)];
  if (marks.length > 0) messages.unshift(`The CSV is read with ${marks.join(", ")}`);
  return messages;
}

function foundMarks({ dialect, given }: Found): string[] {
  const marks: string[] = [];
  const { delimiter, quote, encoding, decimal, thousands, trim } = dialect;
  if (given.delimiter === undefined && delimiter !== ",") marks.push(`delimiter: ${shownDelimiter(delimiter)}`);
  if (given.quote === undefined && quote === "'") marks.push(`quote: "'"`);
  if (given.encoding === undefined && encoding !== "utf-8") marks.push(`encoding: "${encoding}"`);
  if (given.decimal === undefined && decimal !== ".") marks.push(`decimal: "${decimal}"`);
  if (given.thousands === undefined && thousands !== "") marks.push(`thousands: ${JSON.stringify(thousands)}`);
  if (trim) marks.push("spaces around cells left out");
  return marks;
}

function shownDelimiter(delimiter: string): string {
  return SPACED_DELIMITERS.has(delimiter) ? delimiter : JSON.stringify(delimiter);
}

function lineMessages({ given, prologue, place, linesBefore }: Found): string[] {
  const messages: string[] = [];
  const { types, delimiter } = prologue;
  if (types !== undefined) messages.push("The first line declares the columns' types (omero-metadata's # header)");
  const passed = linesBefore - (given.skipRows ?? 0) - Number(types !== undefined || delimiter !== undefined);
  if (place.first > 0 && passed > 0) {
    const reason = place.first > place.comments ? "is no part of the table and" : "is a comment and";
    const lines =
      passed === 1 ? `1 line before the table ${reason} is left out` : `${passed} lines before the table are left out`;
    messages.push(`${lines} (csv.skipRows says how many)`);
  }
  return messages;
}

function headingMessages({ given, place, headings, dialect }: Found): string[] {
  if (place.commentNames) return ["The columns' names are taken from a comment before the data"];
  if (!dialect.header) {
    return given.header === undefined
      ? ["There is no line of names: the columns are named 0, 1, 2, ... (csv.header)"]
      : [];
  }
  const [first, second, ...others] = headings;
  if (second === undefined || given.header !== undefined) return [];
  const joined = areJoined(first!, second);
  const left = others.length + (joined ? 0 : 1);
  const messages: string[] = [];
  if (joined) messages.push("The columns' names are joined from two lines by _ (csv.header says how many there are)");
  if (left > 0) {
    messages.push(
      `${left === 1 ? "1 more line" : `${left} more lines`} of the heading, as of units, left out (csv.header says how many there are)`,
    );
  }
  return messages;
}
