/** How many records of a table are its heading, and the names these give. */
import {
  looksLikeHeading,
  looksLikeNumber,
  looksLikeUnit,
  looksMissing,
  numericColumns,
  saysNothing,
} from "./cell-look.js";

type Cells = readonly string[];

/** Most records of a heading that are told from data. */
const MOST = 6;
const NUMBERED = /^\s*[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?\s*$/i;

/** Records of the heading; 0 where the first record is data. */
export function countHeadings(records: readonly Cells[], width: number): number {
  if (records[0] === undefined || !namesColumns(records[0])) return records.length === 0 ? 1 : 0;
  if (isTrackMate(records)) return TRACK_MATE.length;
  let count = 1;
  while (count < MOST && count + 1 < records.length && isFurtherHeading(records, count, width)) count++;
  return count;
}

/** How the four records begin that TrackMate writes before its rows, of which there may be none. */
const TRACK_MATE = ["LABEL", "Label", "Label", ""];

function isTrackMate(records: readonly Cells[]): boolean {
  const isUpper = (name: string) => name === name.toUpperCase();
  return TRACK_MATE.every((first, at) => records[at]?.[0] === first) && records[0]!.every(isUpper);
}

/** A first record of numbers alone is data, except the names 0, 1, 2, ... that pandas gives to unnamed columns. */
function namesColumns(first: Cells): boolean {
  if (!first.every((cell) => NUMBERED.test(cell))) return true;
  return first.length > 1 && first.every((cell, index) => cell === String(index));
}

/** Whether a record has text where the records at the end have numbers, and not only words for a missing value. */
function isFurtherHeading(records: readonly Cells[], at: number, width: number): boolean {
  const half = records.length - Math.max(1, Math.floor(records.length / 2));
  const numeric = numericColumns(records.slice(Math.max(at + 1, half)), width);
  const cells = numeric.map((column) => records[at]![column] ?? "");
  if (cells.some(looksLikeNumber)) return false;
  const texts = cells.filter((cell) => !looksMissing(cell));
  if (texts.length === 0) return false;
  if (texts.every(looksLikeUnit)) return true;
  return new Set(texts.filter((cell) => !saysNothing(cell))).size > 1;
}

/**
 * The names that records of a heading give together. Where names of the first repeat, or go for several columns, each is
 * joined by `_` with the one below it; else they are those of the first.
 */
export function headingNames(headings: readonly Cells[], width: number): string[] {
  const [first = [], second] = headings;
  const names = Array.from({ length: width }, (_, column) => first[column] ?? "");
  return second !== undefined && areJoined(names, second) ? joinedNames(names, second) : names;
}

/** Whether {@link headingNames} joins these. */
export function areJoined(first: Cells, second: Cells): boolean {
  const named = first.map((name) => name.trim()).filter((name) => name !== "");
  const repeats = new Set(named).size < named.length;
  const spans = first.some((name, column) => column > 0 && name.trim() === "" && (second[column] ?? "").trim() !== "");
  return (
    (repeats || spans) && looksLikeHeading(second) && !second.filter((cell) => cell.trim() !== "").every(looksLikeUnit)
  );
}

/** A name that goes for several columns stands over the first of them only. */
function joinedNames(first: Cells, second: Cells): string[] {
  let above = "";
  return first.map((name, column) => {
    above = name.trim() === "" ? above : name.trim();
    const below = (second[column] ?? "").trim();
    if (below === "" || above === "") return above === "" ? below : name.trim();
    return `${above}_${below}`;
  });
}
