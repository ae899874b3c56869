/** Tables of cells, given and random, for the operations on frames. */
import fc from "fast-check";
import type { CellTable, NamedCells } from "../../../src/formats/frame/cells/cell-table.js";
import { Cells } from "../../../src/formats/frame/cells/cells.js";
import type { FrameCell } from "../../../src/formats/frame/cells/frame-cell.js";
import { typeOfCells } from "../../../src/formats/frame/frame-content.js";

/** A table of columns by name; the index counts from 0 unless given. */
export function tableFrom(
  columns: Readonly<Record<string, readonly unknown[]>>,
  index?: (number | string)[],
): CellTable {
  const named = Object.entries(columns).map(([name, values]): NamedCells => {
    const cells = Cells.of([...values] as FrameCell[]);
    return { name, cells, ...typeOfCells(cells) };
  });
  return { columns: named, index: index === undefined ? Cells.upTo(named[0]?.cells.length ?? 0) : Cells.of(index) };
}

export function rowsOfTable({ columns, index }: CellTable): FrameCell[][] {
  return index.list.map((_, row) => columns.map(({ cells }) => cells.list[row]!));
}

export function columnsOfTable({ columns }: CellTable): Record<string, FrameCell[]> {
  return Object.fromEntries(columns.map(({ name, cells }) => [name, cells.toList()]));
}

const KEYS: Record<string, fc.Arbitrary<FrameCell>> = {
  integers: fc.constantFrom(-3, 0, 1, 2, 7, 2 ** 40, -(2 ** 52), Number.NaN),
  floats: fc.constantFrom(
    -1.5,
    -0,
    0,
    0.1,
    1e-300,
    1e300,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ),
  texts: fc.constantFrom<FrameCell>("", "a", "B", "é", "ä b", "z", "Zellkern", "\uffee", "🔬", "1", Number.NaN),
  bigints: fc.constantFrom(1n, 2n, -5n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 2n ** 53n),
  booleans: fc.constantFrom<FrameCell>(true, false, Number.NaN),
};

/** Lists of `rowCount` keys of one kind, with repetitions and, but for bigints, missing ones. */
export const keyKind = fc.constantFrom(...Object.keys(KEYS));

export function keys(kind: string, rowCount: number): fc.Arbitrary<FrameCell[]> {
  return fc.array(KEYS[kind]!, { minLength: rowCount, maxLength: rowCount });
}

/** As pandas sorts: numbers by value, texts by code points, false before true; missing ones last. */
export function compareCells(a: FrameCell, b: FrameCell): number {
  const missing = Number(isMissingCell(a)) - Number(isMissingCell(b));
  if (missing !== 0 || isMissingCell(a)) return missing;
  if (typeof a === "string" && typeof b === "string") return comparePoints([...a], [...b]);
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePoints(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((letter, index) => letter !== b[index]);
  if (at < 0) return a.length - b.length;
  return at >= b.length ? 1 : a[at]!.codePointAt(0)! - b[at]!.codePointAt(0)!;
}

export function isMissingCell(cell: FrameCell): boolean {
  return typeof cell === "number" && Number.isNaN(cell);
}

/** Whether two keys are the same; missing ones are. */
export function sameCell(a: FrameCell, b: FrameCell): boolean {
  return a === b || (isMissingCell(a) && isMissingCell(b));
}
