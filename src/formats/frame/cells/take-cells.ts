/** Rows of columns by their positions. */
import type { CellTable, FrameType, NamedCells } from "./cell-table.js";
import { Cells } from "./cells.js";
import { takeCoded } from "./coded-cells.js";
import type { FrameCell } from "./frame-cell.js";
import { newCells } from "./new-cells.js";

/** For fewer rows than this share of a column it is not worth making a typed array of it first. */
const SMALL_SHARE = 1 / 8;

/** Positions of the rows that are taken; -1 for none. */
export interface TakenRows {
  readonly rows: Int32Array;
  readonly hasGaps: boolean;
  /** Whether it is all rows as they come. */
  readonly isAll: boolean;
}

export function takenRows(rows: Int32Array, rowCount: number): TakenRows {
  return { rows, hasGaps: rows.includes(-1), isAll: isAllRows(rows, rowCount) };
}

function isAllRows(rows: Int32Array, rowCount: number): boolean {
  return rows.length === rowCount && rows.every((row, at) => row === at);
}

/** Cells at `rows`; NaN at -1. */
function takeCells(cells: Cells, rows: Int32Array): Cells {
  if (!cells.areTyped && rows.length < SMALL_SHARE * cells.length) return Cells.of(takeAny(cells.list, rows));
  const { numbers } = cells;
  if (numbers !== undefined) return Cells.ofNumbers(takeNumbers(numbers, rows));
  const coded = cells.coded && takeCoded(cells.coded, rows);
  return coded === undefined ? Cells.of(takeAny(cells.list, rows)) : Cells.ofCodes(coded);
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
  return { ...column, cells: takeCells(column.cells, rows) };
}

/** The rows of a table, with their labels. */
export function takeTable(table: CellTable, rows: Int32Array): CellTable {
  if (isAllRows(rows, table.index.length)) return sharedTable(table);
  return { columns: table.columns.map((column) => takeColumn(column, rows)), index: takeCells(table.index, rows) };
}

/** The same content for another frame. */
export function sharedTable({ columns, index }: CellTable): CellTable {
  return { columns: columns.map((column) => ({ ...column, cells: column.cells.copy() })), index: index.copy() };
}

/** A column's values at `rows`; with gaps, integers become floating-point numbers. */
export function takeOrMiss(column: NamedCells, { rows, hasGaps, isAll }: TakenRows): NamedCells {
  const taken = isAll ? { ...column, cells: column.cells.copy() } : takeColumn(column, rows);
  return hasGaps ? { name: taken.name, cells: taken.cells, type: typeWithGaps(taken.type) } : taken;
}

export function typeWithGaps(type: FrameType): FrameType {
  if (type === "int32") return "float32";
  return type === "boolean" ? "string" : type;
}
