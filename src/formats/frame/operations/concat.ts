/** Frames below each other, or side by side. */
import { ArgumentError } from "../../../errors.js";
import { type CellTable, countUp, type FrameCell, type NamedCells, type RowLabel } from "../cells/cell-table.js";
import { newCells } from "../cells/new-cells.js";
import { rowsUpTo } from "../cells/numbers.js";
import { takeOrMiss, typeWithGaps } from "../cells/take-cells.js";
import { commonType } from "./merge.js";

/**
 * The rows of all tables, one after the other, with every column that one of them has, in the order they come; NaN where
 * a table lacks it. Rows are numbered anew.
 */
export function stackTables(tables: readonly CellTable[]): CellTable {
  const rowCount = tables.reduce((sum, { index }) => sum + index.length, 0);
  const byName = tables.map(({ columns }) => new Map(columns.map((column) => [column.name, column])));
  const names = new Set(byName.flatMap((columns) => [...columns.keys()]));
  const columns = Array.from(names, (name) =>
    stackColumn(
      name,
      byName.map((columns) => columns.get(name)),
      tables,
    ),
  );
  return { columns, index: countUp(rowCount) };
}

function stackColumn(
  name: string,
  parts: readonly (NamedCells | undefined)[],
  tables: readonly CellTable[],
): NamedCells {
  const held = parts.filter((part) => part !== undefined);
  const filled = held.filter(({ cells }) => cells.length > 0);
  const common = commonType(filled.length > 0 ? filled : held);
  const hasGaps = parts.some((part, at) => part === undefined && tables[at]!.index.length > 0);
  const cells = joinCells(parts.map((part, at) => part?.cells ?? missingCells(tables[at]!.index.length)));
  return hasGaps ? { name, cells, type: typeWithGaps(common.type) } : { name, cells, ...common };
}

function missingCells(rowCount: number): FrameCell[] {
  return newCells<FrameCell>(rowCount, 0.5).fill(Number.NaN);
}

/** Arrays of numbers are joined as blocks of memory. */
function joinCells(parts: readonly FrameCell[][]): FrameCell[] {
  const [first = [], ...others] = parts;
  return first.concat(...others);
}

/**
 * The columns of all tables side by side, rows put together by their labels; NaN where a table lacks a row. A name that
 * was there before gets a number: `area1`.
 */
export function joinSideBySide(tables: readonly CellTable[]): CellTable {
  const index = allLabels(tables);
  const columns = tables.flatMap((table) => {
    const rows = placesOf(index, table.index);
    const hasGaps = rows.includes(-1);
    return table.columns.map((column) => takeOrMiss(column, rows, hasGaps));
  });
  return { columns: withNumberedNames(columns), index: [...index] };
}

function allLabels(tables: readonly CellTable[]): readonly RowLabel[] {
  const [first, ...others] = tables;
  if (others.every(({ index }) => isSameIndex(index, first!.index))) return first!.index;
  return [...new Set(tables.flatMap(({ index }) => index))];
}

function isSameIndex(one: readonly RowLabel[], other: readonly RowLabel[]): boolean {
  return one === other || (one.length === other.length && one.every((label, row) => label === other[row]));
}

function placesOf(labels: readonly RowLabel[], index: readonly RowLabel[]): Int32Array {
  if (isSameIndex(labels, index)) return rowsUpTo(labels.length);
  const placeOf = new Map(index.map((label, row) => [label, row]));
  return Int32Array.from(labels, (label) => placeOf.get(label) ?? -1);
}

function withNumberedNames(columns: readonly NamedCells[]): NamedCells[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let count = 1; taken.has(name); count++) name = column.name + count;
    taken.add(name);
    return { ...column, name };
  });
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function concatTables(tables: readonly CellTable[], axis: 0 | 1): CellTable {
  if (tables.length === 0) throw new ArgumentError("INVALID_ARGUMENT", "concat: there is no frame; give at least one");
  if (axis !== 0 && axis !== 1)
    throw new ArgumentError("INVALID_ARGUMENT", `concat: axis must be 0 or 1; found ${axis}`);
  return axis === 0 ? stackTables(tables) : joinSideBySide(tables);
}
