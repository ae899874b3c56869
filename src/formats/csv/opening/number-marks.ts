/** Finds out how numbers are written: with a point or a comma before the fraction, and with what between thousands. */
import type { NumberMarks } from "../scan/accept-cell.js";
import { looksMissing } from "./cell-look.js";
import type { CsvOptions } from "./dialect.js";

const SPACES = [" ", "\u00a0", "\u202f"];
const PLAIN: NumberMarks = { decimal: ".", thousands: "" };
const COMMA: NumberMarks = { decimal: ",", thousands: "" };
/** Of two that read as many columns as numbers, the former is taken. */
const CONVENTIONS: readonly NumberMarks[] = [
  PLAIN,
  COMMA,
  { decimal: ",", thousands: "." },
  { decimal: ".", thousands: "," },
  ...SPACES.flatMap((thousands): NumberMarks[] => [
    { decimal: ",", thousands },
    { decimal: ".", thousands },
  ]),
  { decimal: ".", thousands: "'" },
  { decimal: ".", thousands: "\u2019" },
];
const ONLY_GROUPED = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+$/;

/** @param rows first data records */
export function findNumberMarks(
  rows: readonly (readonly string[])[],
  width: number,
  delimiter: string,
  options: CsvOptions,
): NumberMarks {
  const allowed = allowedMarks(options);
  if (allowed.length === 1) return allowed[0]!;
  const columns = columnsOf(rows, width);
  const counts = allowed.map((marks) => columns.filter((cells) => cells.every(numberTest(marks))).length);
  const most = Math.max(...counts);
  const best = allowed.filter((_, index) => counts[index] === most);
  return best[0] === COMMA ? ambiguous(best, columns, delimiter) : best[0]!;
}

function allowedMarks({ decimal, thousands }: CsvOptions): readonly NumberMarks[] {
  const given = thousands === false ? "" : thousands;
  if (given !== undefined) {
    const decimals = decimal === undefined ? ([".", ","] as const).filter((mark) => mark !== given) : [decimal];
    return decimals.map((mark) => ({ decimal: mark, thousands: given }));
  }
  return CONVENTIONS.filter((marks) => decimal === undefined || marks.decimal === decimal);
}

function columnsOf(rows: readonly (readonly string[])[], width: number): string[][] {
  const columns = Array.from({ length: width }, (_, column) => rows.map((cells) => (cells[column] ?? "").trim()));
  return columns.map((cells) => cells.filter((cell) => !looksMissing(cell))).filter(({ length }) => length > 0);
}

/** "1,234" is one thousand in a file of commas and quotes, and one and a fraction in others. */
function ambiguous(best: readonly NumberMarks[], columns: readonly string[][], delimiter: string): NumberMarks {
  const grouped = best.find(({ decimal, thousands }) => decimal === "." && thousands === ",");
  const withComma = columns
    .filter((cells) => cells.every(numberTest(COMMA)))
    .flat()
    .filter((cell) => cell.includes(","));
  const isGrouped = grouped !== undefined && delimiter === "," && withComma.every((cell) => ONLY_GROUPED.test(cell));
  return isGrouped ? grouped : COMMA;
}

const TESTS = new Map(CONVENTIONS.map((marks) => [marks, testFor(marks)]));

function numberTest(marks: NumberMarks): (cell: string) => boolean {
  return TESTS.get(marks) ?? testFor(marks);
}

function testFor({ decimal, thousands }: NumberMarks): (cell: string) => boolean {
  const mark = escaped(decimal);
  const grouped = thousands === "" ? "" : `|\\d{1,3}(?:${escaped(thousands)}\\d{3})+(?:${mark}\\d*)?`;
  const pattern = new RegExp(
    `^(?:[+-]?(?:(?:\\d+(?:${mark}\\d*)?|${mark}\\d+)(?:e[+-]?\\d+)?${grouped})|[+-]?inf(?:inity)?)$`,
    "i",
  );
  return (cell) => pattern.test(cell);
}

function escaped(mark: string): string {
  return mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
