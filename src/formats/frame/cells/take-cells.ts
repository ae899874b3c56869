/** Rows of columns by their positions. */
import type { CellTable, FrameCell, FrameType, NamedCells } from "./cell-table.js";

/** Longer arrays are not made at once: the engine would keep them as dictionaries. */
const LONGEST_RESERVED = 32_000_000;

/** An array with room for `rowCount` values. A first value of their kind tells the engine how to store them. */
export function newCells<T>(rowCount: number, first: T | undefined): T[] {
  const cells: T[] = new Array(rowCount <= LONGEST_RESERVED ? rowCount : 0);
  if (first !== undefined && cells.length > 0) cells[0] = first;
  return cells;
}

/** The values at `rows`. */
export function takeCells<T>(cells: readonly T[], rows: Int32Array): T[] {
  const taken = newCells<T>(rows.length, kindModel(cells));
  for (let at = 0; at < rows.length; at++) taken[at] = cells[rows[at]!]!;
  return taken;
}

/** A value that makes an array of doubles of an array for numbers. */
function kindModel<T>(cells: readonly T[]): T | undefined {
  return typeof cells[0] === "number" && !Number.isInteger(cells[0]) ? (0.5 as T) : undefined;
}

/** The rows of a table, with their labels. */
export function takeTable({ columns, index }: CellTable, rows: Int32Array): CellTable {
  const taken = columns.map((column): NamedCells => ({ ...column, cells: takeCells(column.cells, rows) }));
  return { columns: taken, index: takeCells(index, rows) };
}

/** A column's values at `rows`, NaN at -1; with gaps, integers become floating-point numbers. */
export function takeOrMiss(column: NamedCells, rows: Int32Array, hasGaps: boolean): NamedCells {
  if (!hasGaps) return { ...column, cells: takeCells(column.cells, rows) };
  const { cells, name, type } = column;
  const taken = newCells<FrameCell>(rows.length, type === "string" ? undefined : 0.5);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    taken[at] = row < 0 ? Number.NaN : cells[row]!;
  }
  return { name, cells: taken, type: typeWithGaps(type) };
}

export function typeWithGaps(type: FrameType): FrameType {
  if (type === "int32") return "float32";
  return type === "boolean" ? "string" : type;
}
