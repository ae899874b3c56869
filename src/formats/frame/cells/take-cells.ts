/** Rows of columns by their positions. */
import type { CellTable, FrameCell, FrameType, NamedCells, RowLabel } from "./cell-table.js";
import { newCells } from "./new-cells.js";
import { allNumbers, cellsOfNumbers } from "./numbers.js";

/** For fewer rows than this share of a column it is not worth making numbers of it first. */
const SMALL_SHARE = 1 / 8;

/** A column's values at `rows`; NaN at -1. */
function takeValues({ cells, type }: Pick<NamedCells, "cells" | "type">, rows: Int32Array): FrameCell[] {
  const isWorth = (type === "int32" || type === "float32") && rows.length >= SMALL_SHARE * cells.length;
  const numbers = isWorth ? allNumbers(cells) : undefined;
  return numbers === undefined ? takeAny(cells, rows) : cellsOfNumbers(takeNumbers(numbers, rows));
}

function takeNumbers(numbers: Float64Array, rows: Int32Array): Float64Array {
  const taken = new Float64Array(rows.length);
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
