/** What a CSV text means, found the slow way: csv-parse splits it, and plain rules type its columns. For tests. */
import { parse } from "csv-parse/sync";
import { MISSING_VALUES } from "../../../src/formats/csv/index.js";
import type { Cell } from "./read-all.js";

interface SplitCell {
  readonly text: string;
  readonly quoted: boolean;
}

export interface OracleCsv {
  readonly types: readonly string[];
  readonly columns: readonly (readonly Cell[])[];
}

/** The records of a text, or undefined where csv-parse or the rule of equal widths refuses it. */
export function splitByCsvParse(text: string, relaxed: boolean, delimiter = ","): string[][] | undefined {
  let records: SplitCell[][];
  try {
    records = parse(text, {
      delimiter,
      relax_quotes: relaxed,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      cast: (cell, { quoting }) => ({ text: cell, quoted: quoting }),
    }) as unknown as SplitCell[][];
  } catch {
    return undefined;
  }
  const blank = ([first, second]: SplitCell[]) =>
    second === undefined && !first!.quoted && /^[ \t]*$/.test(first!.text);
  const kept = records.filter((record) => !blank(record));
  if (kept.length === 0 || kept.some(({ length }) => length !== kept[0]!.length)) return undefined;
  return kept.map((record) => record.map((cell) => cell.text));
}

/** The columns of data records; undefined where an integer would have to be rounded. */
export function typeByRules(records: readonly string[][], width: number): OracleCsv | undefined {
  const columns = Array.from({ length: width }, (_, index) => typeColumn(records.map((record) => record[index]!)));
  if (columns.some((column) => column === undefined)) return undefined;
  return { types: columns.map((column) => column!.type), columns: columns.map((column) => column!.values) };
}

function typeColumn(cells: readonly string[]): { type: string; values: Cell[] } | undefined {
  const given = cells.filter((cell) => !MISSING_VALUES.includes(cell));
  const spaced = (cell: string) => MISSING_VALUES.includes(cell.replace(/^ +| +$/g, ""));
  const filled = given.filter((cell) => !spaced(cell));
  // Spaces around a missing value do not matter among numbers.
  const isNumeric = filled.length > 0 && filled.every((cell) => isInteger(cell) || isDecimal(cell));
  const present = isNumeric ? filled : given;
  const gaps = present.length < cells.length;
  const missing = (cell: string) => MISSING_VALUES.includes(cell) || (isNumeric && spaced(cell));
  if (cells.length === 0) return { type: "String", values: [] };
  if (present.every((cell) => /^(true|false)$/i.test(cell)) && present.length > 0 && !gaps) {
    return { type: "Bool", values: cells.map((cell) => cell.toLowerCase() === "true") };
  }
  if (isPadded(present)) return { type: "String", values: cells.map((cell) => (missing(cell) ? "" : cell)) };
  if (present.length > 0 && present.every(isInteger)) {
    const exact = present.map((cell) => BigInt(trimmed(cell).replace("+", "")));
    if (exact.some((value) => BigInt.asIntN(64, value) !== value)) return undefined;
    if (!gaps) return { type: "Long", values: exact };
    if (exact.some((value) => !Number.isSafeInteger(Number(value)))) return undefined;
  }
  if (present.every((cell) => isInteger(cell) || isDecimal(cell))) {
    return { type: "Double", values: cells.map((cell) => (missing(cell) ? Number.NaN : toNumber(cell))) };
  }
  return { type: "String", values: cells.map((cell) => (missing(cell) ? "" : cell)) };
}

/** Digits of one width, zeros before some of them. */
function isPadded(cells: readonly string[]): boolean {
  const width = cells[0]?.length;
  return cells.every((cell) => /^\d+$/.test(cell) && cell.length === width) && cells.some((cell) => /^0\d/.test(cell));
}

function trimmed(cell: string): string {
  return cell.replace(/^[\t-\r ]+|[\t-\r ]+$/g, "");
}

function isInteger(cell: string): boolean {
  return /^[+-]?\d+$/.test(trimmed(cell));
}

function isDecimal(cell: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed(cell)) || /^[+-]?inf(inity)?$/i.test(cell);
}

function toNumber(cell: string): number {
  if (/inf/i.test(cell)) return cell.startsWith("-") ? -Infinity : Infinity;
  return Number(trimmed(cell));
}
