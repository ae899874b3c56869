/** Frames below each other, or side by side. */
import { ArgumentError } from "../../../errors.js";
import type { CellTable, NamedCells } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import { joinCoded } from "../cells/coded-cells.js";
import type { FrameCell } from "../cells/frame-cell.js";
import { rowsUpTo } from "../cells/numbers.js";
import { type TakenRows, takenRows, takeOrMiss, typeWithGaps } from "../cells/take-cells.js";
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
  return { columns, index: Cells.upTo(rowCount) };
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

function missingCells(rowCount: number): Cells {
  return Cells.ofNumbers(new Float64Array(rowCount).fill(Number.NaN));
}

function joinCells(parts: readonly Cells[]): Cells {
  const numbers = parts.map((part) => part.numbers);
  if (numbers.every((part) => part !== undefined)) return Cells.ofNumbers(joinNumbers(numbers));
  const coded = parts.map((part) => part.coded);
  const joined = coded.every((part) => part !== undefined) ? joinCoded(coded) : undefined;
  if (joined !== undefined) return Cells.ofCodes(joined);
  const [first = [], ...others] = parts.map(({ list }) => list as FrameCell[]);
  return Cells.of(first.concat(...others));
}

function joinNumbers(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * The columns of all tables side by side, rows put together by their labels; NaN where a table lacks a row. A name that
 * was there before gets a number: `area1`.
 */
export function joinSideBySide(tables: readonly CellTable[]): CellTable {
  const index = allLabels(tables);
  const columns = tables.flatMap((table) => {
    const rows = placesOf(index, table.index);
    return table.columns.map((column) => takeOrMiss(column, rows));
  });
  return { columns: withNumberedNames(columns), index };
}

function allLabels(tables: readonly CellTable[]): Cells {
  const [first, ...others] = tables;
  if (others.every(({ index }) => isSameIndex(index, first!.index))) return first!.index.copy();
  return Cells.of([...new Set(tables.flatMap(({ index }) => index.list))]);
}

function isSameIndex(one: Cells, other: Cells): boolean {
  if (one === other) return true;
  const others = other.list;
  return one.length === other.length && one.list.every((label, row) => label === others[row]);
}

function placesOf(labels: Cells, index: Cells): TakenRows {
  if (isSameIndex(labels, index)) return takenRows(rowsUpTo(labels.length), labels.length);
  const placeOf = new Map(index.list.map((label, row) => [label, row]));
  return takenRows(
    Int32Array.from(labels.list, (label) => placeOf.get(label) ?? -1),
    index.length,
  );
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
