/** What the cells of the first records look like, before it is known how numbers are written. */
import { MISSING_VALUES } from "../scan/missing-values.js";

const NUMBER = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?$/i;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
const GROUPED = /^[+-]?\d{1,3}(?:([., '\u2019\u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/;
const MISSING = new Set(MISSING_VALUES.map((text) => text.toLowerCase()));
/** What people write where there is nothing, beside pandas' missing values. */
const NOTHING =
  /^(?:n\.?[da]\.?|n\.\s?d\.|-+|\?+|missing|empty|not available|undefined|#(?:div\/0|value|ref|num|name\?|null)!?)$/i;
const UNIT =
  /^(?:[([{<].*[)\]}>]|(?:[µμu]m|nm|mm|cm|m|px|pix(?:el)?s?|microns?|voxels?|s|sec(?:onds?)?|ms|min|h|hours?|%|a\.?u\.?|counts?|deg(?:rees?)?|°c?|rad|kda|hz|m?v|[µμun]?g|[µμunm]?m|ratio)(?:\s*(?:\^?-?\d|[²³]|\/.*|per .*))?)$/i;

/** Whether a cell is a number by some convention: a decimal point or comma, marks between thousands. */
export function looksLikeNumber(cell: string): boolean {
  const text = cell.trim();
  return text !== "" && (NUMBER.test(text) || GROUPED.test(text) || INFINITY.test(text));
}

export function looksMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** Whether a cell says that a value is missing, in whatever words. */
export function saysNothing(cell: string): boolean {
  return looksMissing(cell) || NOTHING.test(cell.trim());
}

export function looksLikeUnit(cell: string): boolean {
  return UNIT.test(cell.trim());
}

/** Whether a record may name columns: no cell is a number, and most are not empty. */
export function looksLikeHeading(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== "");
  return filled.length > 0 && 2 * filled.length >= cells.length && !filled.some(looksLikeNumber);
}

/** Columns of which every cell in these records is a number or missing, and one is a number. */
export function numericColumns(records: readonly (readonly string[])[], width: number): number[] {
  const columns: number[] = [];
  for (let column = 0; column < width; column++) {
    const cells = records.map((cells) => cells[column] ?? "").filter((cell) => !looksMissing(cell));
    if (cells.length > 0 && cells.every(looksLikeNumber)) columns.push(column);
  }
  return columns;
}
