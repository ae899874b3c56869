/** Rows of columns by their positions. */
import type { CellTable, FrameCell, FrameType, NamedCells, RowLabel } from "./cell-table.js";
import { newCells } from "./new-cells.js";
import { allNumbers } from "./numbers.js";

/** For fewer rows than this share of a column it is not worth making numbers of it first. */
const SMALL_SHARE = 1 / 8;

/** A column's values at `rows`; NaN at -1. */
function takeValues(column: Pick<NamedCells, "cells" | "type">, rows: Int32Array): FrameCell[] {
  const { cells, type } = column;
  const isWorth = (type === "int32" || type === "float32") && rows.length >= SMALL_SHARE * cells.length;
  const numbers = isWorth ? allNumbers(cells) : undefined;
  return numbers === undefined ? takeAny(cells, rows) : takeNumbers(numbers, rows, roomFor(column, rows.length));
}

/** An array for numbers. A copy of one that is long enough is made sooner than a new one. */
function roomFor({ cells, type }: Pick<NamedCells, "cells" | "type">, rowCount: number): FrameCell[] {
  const isCopied = type === "float32" && rowCount > 0 && rowCount <= cells.length;
  return isCopied ? cells.slice(0, rowCount) : newCells<FrameCell>(rowCount, 0.5);
}

function takeNumbers(numbers: Float64Array, rows: Int32Array, taken: FrameCell[]): FrameCell[] {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    taken[at] = row < 0 ? Number.NaN : numbers[row]!;
  }
  return taken;
}

function takeAny(cells: readonly FrameCell[], rows: Int32Array): FrameCell[] {
  const taken = newCells<FrameCell>(rows.length, undefined);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    taken[at] = row < 0 ? Number.NaN : cells[row]!;
  }
  return taken;
}

export function takeColumn(column: NamedCells, rows: Int32Array): NamedCells {
  return { ...column, cells: takeValues(column, rows) };
}

export function takeLabels(index: readonly RowLabel[], rows: Int32Array): RowLabel[] {
  const type = typeof index[0] === "number" ? "float32" : "string";
  return takeValues({ cells: index as RowLabel[], type }, rows) as RowLabel[];
}

/** The rows of a table, with their labels. */
export function takeTable({ columns, index }: CellTable, rows: Int32Array): CellTable {
  return { columns: columns.map((column) => takeColumn(column, rows)), index: takeLabels(index, rows) };
}

/** A column's values at `rows`, NaN at -1; with gaps, integers become floating-point numbers. */
export function takeOrMiss(column: NamedCells, rows: Int32Array, hasGaps: boolean): NamedCells {
  const taken = takeColumn(column, rows);
  return hasGaps ? { name: taken.name, cells: taken.cells, type: typeWithGaps(taken.type) } : taken;
}

export function typeWithGaps(type: FrameType): FrameType {
  if (type === "int32") return "float32";
  return type === "boolean" ? "string" : type;
}
