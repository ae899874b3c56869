/** Where in a file the table stands: after lines that are no part of it, with how many columns. */
import { looksLikeHeading, numericColumns } from "./cell-look.js";
import type { SplitRecord } from "./split-records.js";

export interface TablePlace {
  /** Position of the table's first record among the records: its heading, if it has one. */
  readonly first: number;
  /** Records before it that begin with `#`. */
  readonly comments: number;
  /** Cells of most records. */
  readonly width: number;
  /** Share of the records from the first on that fit. */
  readonly agreement: number;
  /** The first record is a comment that names the columns. */
  readonly commentNames: boolean;
  /** Rows have a name each, in a first cell for which the heading has none, as R writes tables. */
  readonly rowNames: boolean;
}

const DATA_MARK = /^\[data\]$/i;

/**
 * The place of the table, or undefined where the records do not look like lines before a table and a table.
 * @param isFree whether lines may stand before it
 */
export function findTable(records: readonly SplitRecord[], isFree: boolean): TablePlace | undefined {
  if (records.length === 0) return undefined;
  const marked = isFree
    ? records.findIndex(({ cells }) => cells.length > 0 && DATA_MARK.test(cells[0]!.trim()) && isAlone(cells))
    : -1;
  if (marked >= 0 && marked + 1 < records.length)
    return placeAt(records, marked + 1, records[marked + 1]!.cells.length, 0);
  const comments = isFree ? leadingComments(records) : 0;
  const rest = records.slice(comments);
  if (comments > 0) return afterComments(records, comments, rest);
  return isFree ? afterLines(records) : placeAt(records, 0, records[0]!.cells.length, 0);
}

function isAlone([, ...others]: readonly string[]): boolean {
  return others.every((cell) => cell.trim() === "");
}

/** How many of the first records are comments, a heading that is one included. */
function leadingComments(records: readonly SplitRecord[]): number {
  let count = 0;
  while (count < records.length && isComment(records[count]!)) count++;
  if (count !== 1) return count === records.length ? 0 : count;
  // A single one may be a heading whose first name begins so.
  const [first, second] = records;
  const fits = second !== undefined && first!.cells.length === second.cells.length && first!.cells.length > 1;
  return records.length === 1 || (fits && !/^#\s/.test(first!.cells[0]!)) ? 0 : 1;
}

function isComment({ cells, quoted }: SplitRecord): boolean {
  return cells[0]!.startsWith("#") && !quoted[0];
}

function afterComments(
  records: readonly SplitRecord[],
  comments: number,
  rest: readonly SplitRecord[],
): TablePlace | undefined {
  const place = afterLines(rest);
  if (place === undefined) return undefined;
  const { cells } = rest[place.first]!;
  const names = records[comments - 1]!.cells;
  const namesFit = commentCells(names).length === place.width && looksLikeHeading(commentCells(names));
  if (place.first === 0 && namesFit && !looksLikeHeading(cells)) {
    return { ...place, first: comments - 1, comments: comments - 1, commentNames: true };
  }
  return { ...place, first: place.first + comments, comments };
}

/** The names in a comment. With spaces between names, the mark may be a cell of its own. */
export function commentCells([first, ...others]: readonly string[]): string[] {
  const name = first!.replace(/^#\s*/, "");
  return name === "" && others.length > 0 ? others : [name, ...others];
}

function placeAt(records: readonly SplitRecord[], first: number, width: number, comments: number): TablePlace {
  const body = records.slice(first).filter((record) => !(isComment(record) && record.cells.length !== width));
  const fitting = body.filter((record) => fits(record, width)).length;
  return { first, width, comments, agreement: fitting / body.length, commentNames: false, rowNames: false };
}

/** Whether a record has a cell for each column, and nothing beyond. */
function fits({ cells }: SplitRecord, width: number): boolean {
  return cells.length === width || (cells.length > width && cells.slice(width).every((cell) => cell.trim() === ""));
}

function afterLines(records: readonly SplitRecord[]): TablePlace | undefined {
  const width = usualWidth(records);
  if (width === 1) return shortTable(records) ?? placeAt(records, 0, records[0]!.cells.length, 0);
  const first = records.findIndex(({ cells }) => cells.length === width);
  const own = records[0]!.cells.length;
  if (first === 0) return placeAt(records, 0, width, 0);
  if (own > width) {
    const place = placeAt(records, first, width, 0);
    const isLine =
      place.agreement === 1 && first + 1 < records.length && isTable(records, place) && hasNumbers(records, place);
    return isLine && !looksShort(records, own) ? place : placeAt(records, 0, own, 0);
  }
  const headed = first === 1 && own === width - 1 ? narrowHeading(records, width) : undefined;
  if (headed !== undefined) return headed;
  const place = placeAt(records, first, width, 0);
  return width > 1 && isTable(records, place) ? place : undefined;
}

/** A table at the end of fewer records than the lines before it: no doubt is left by several columns, a heading and numbers. */
function shortTable(records: readonly SplitRecord[]): TablePlace | undefined {
  const width = records.at(-1)!.cells.length;
  const first = records.findLastIndex(({ cells }) => cells.length !== width) + 1;
  const isAfterLines = first > 0 && records.slice(0, first).every(({ cells }) => cells.length < width);
  if (width < 2 || !isAfterLines || first + 1 >= records.length) return undefined;
  const place = placeAt(records, first, width, 0);
  const isClear = records[first]!.afterBlank || width > 2;
  return isClear && looksLikeHeading(records[first]!.cells) && hasNumbers(records, place) ? place : undefined;
}

/** Whether another record is as wide as the first, so that narrower ones lack cells. */
function looksShort(records: readonly SplitRecord[], own: number): boolean {
  return records.slice(1).some(({ cells }) => cells.length >= own);
}

/** A heading with one cell fewer than the rows: these end with a delimiter, or begin with a name. */
function narrowHeading(records: readonly SplitRecord[], width: number): TablePlace | undefined {
  const [heading, ...rows] = records;
  const full = rows.filter(({ cells }) => cells.length === width);
  if (full.every(({ cells }) => cells.at(-1)!.trim() === "")) return placeAt(records, 0, width - 1, 0);
  const isNamed = width > 2 && looksLikeHeading(heading!.cells) && !looksLikeHeading(rows[0]!.cells);
  if (!isNamed) return undefined;
  const agreement = full.length / rows.length;
  return { first: 0, comments: 0, width, agreement, commentNames: false, rowNames: true };
}

/** Whether what begins at a place has a heading, and data that are not all text unless there are several columns of it. */
function isTable(records: readonly SplitRecord[], place: TablePlace): boolean {
  const { cells, afterBlank } = records[place.first]!;
  if (!looksLikeHeading(cells) || place.first + 1 >= records.length) return false;
  return afterBlank || place.width > 2 || hasNumbers(records, place);
}

function hasNumbers(records: readonly SplitRecord[], { first, width }: TablePlace): boolean {
  const body = records.slice(first + 1).filter(({ cells }) => cells.length === width);
  return (
    numericColumns(
      body.slice(Math.floor(body.length / 2)).map(({ cells }) => cells),
      width,
    ).length > 0
  );
}

/** The width most records have; the larger of two that as many have. */
function usualWidth(records: readonly SplitRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].reduce((best, one) =>
    one[1] > best[1] || (one[1] === best[1] && one[0] > best[0]) ? one : best,
  )[0];
}
