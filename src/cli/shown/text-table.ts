/** Texts in columns that fit a terminal. */
import stringWidth from "string-width";

/** A column of texts. */
export interface TextColumn {
  readonly heading: string;
  readonly cells: readonly string[];
  /** Whether cells end below each other, as numbers do. Default false. */
  readonly isNumeric?: boolean;
}

const GAP = "  ";
const ELLIPSIS = "…";
/** Columns are made no narrower than this to have room for others. */
const LEAST_WIDTH = 8;
const MARK: Shown = { heading: ELLIPSIS, cells: [], isMark: true };

type Shown = TextColumn & { readonly isMark?: boolean };

/**
 * Lines with the columns side by side, headings first. Where they do not fit into `width`, wide ones are cut, and then those in
 * the middle are left out, for which one of dots stands.
 */
export function textTable(columns: readonly TextColumn[], width = Number.POSITIVE_INFINITY): string[] {
  const shown = fitting(columns, width);
  const widths = fittedWidths(shown.map(widthOf), width);
  const rowCount = columns[0]?.cells.length ?? 0;
  const line = (textOf: (column: Shown) => string) =>
    shown
      .map((column, index) => padded(textOf(column), widths[index]!, column.isNumeric ?? false))
      .join(GAP)
      .trimEnd();
  const rows = Array.from({ length: rowCount }, (_, row) =>
    line(({ cells, isMark }) => (isMark ? ELLIPSIS : cells[row]!)),
  );
  return [line(({ heading }) => heading), ...rows];
}

/** How many of the columns {@link textTable} shows. */
export function fittingColumns(columns: readonly TextColumn[], width: number): number {
  return fitting(columns, width).filter(({ isMark }) => !isMark).length;
}

function fitting(columns: readonly TextColumn[], width: number): Shown[] {
  const needed = columns.map((column) => Math.min(widthOf(column), LEAST_WIDTH));
  if (total(needed) <= width) return [...columns];
  let [first, last] = [0, 0];
  let used = GAP.length + ELLIPSIS.length;
  for (let turn = 0; first + last < columns.length; turn++) {
    const index = turn % 2 === 0 ? first : columns.length - 1 - last;
    used += needed[index]! + GAP.length;
    if (used - GAP.length > width && first > 0) break;
    if (turn % 2 === 0) first++;
    else last++;
  }
  return [...columns.slice(0, first), MARK, ...(last > 0 ? columns.slice(-last) : [])];
}

/** Widths no more than these, of `width` in all: the widest give way first. */
function fittedWidths(widths: readonly number[], width: number): number[] {
  if (total(widths) <= width) return [...widths];
  let most = Math.max(...widths);
  while (most > LEAST_WIDTH && total(widths.map((one) => Math.min(one, most))) > width) most--;
  const least = widths.length === 1 ? width : most;
  return widths.map((one) => Math.min(one, least));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, GAP.length * Math.max(0, widths.length - 1));
}

function widthOf({ heading, cells }: TextColumn): number {
  return cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), stringWidth(heading));
}

function padded(text: string, width: number, isRight: boolean): string {
  const cut = cutTo(text, width);
  const blank = " ".repeat(Math.max(0, width - stringWidth(cut)));
  return isRight ? blank + cut : cut + blank;
}

/** The text, or as much of it as there is room for with dots after it. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}
