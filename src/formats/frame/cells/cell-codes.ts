/**
 * Cells as codes: equal cells have equal codes, and codes go up as pandas sorts: numbers by value, texts by code points,
 * false before true. A missing cell has the last code. Columns that are encoded together share their codes.
 */
import { ArgumentError } from "../../../errors.js";
import { type FrameCell, isMissing } from "./cell-table.js";
import { numberCodes } from "./number-codes.js";

export interface CellCodes {
  /** For each list of cells, one code a cell; `count` where it is missing. */
  readonly codes: readonly Int32Array[];
  /** Different cells, missing ones not counted. */
  readonly count: number;
}

type Cells = readonly FrameCell[];

/** @param column names them in errors. @throws ArgumentError `INVALID_ARGUMENT` for cells that have no order among them */
export function cellCodes(lists: readonly Cells[], column: string): CellCodes {
  const numbers = asNumbers(lists);
  if (numbers !== undefined) {
    const { codes, count } = numberCodes(numbers);
    return { codes: split(codes, lists), count };
  }
  return codesByMap(lists, column);
}

function split(codes: Int32Array, lists: readonly Cells[]): Int32Array[] {
  let start = 0;
  return lists.map(({ length }) => {
    start += length;
    return codes.subarray(start - length, start);
  });
}

/** All cells one after the other, if they are numbers or missing. */
function asNumbers(lists: readonly Cells[]): Float64Array | undefined {
  const numbers = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const cells of lists) {
    if (!putNumbers(cells, numbers, at)) return undefined;
    at += cells.length;
  }
  return numbers;
}

function putNumbers(cells: Cells, numbers: Float64Array, at: number): boolean {
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (typeof cell === "number") numbers[at + row] = cell;
    else if (isMissing(cell)) numbers[at + row] = Number.NaN;
    else return false;
  }
  return true;
}

/** Cells as numbers: booleans 0 and 1, bigints rounded, NaN for what is missing. */
export function toNumbers(cells: Cells): Float64Array {
  const numbers = new Float64Array(cells.length);
  if (putNumbers(cells, numbers, 0)) return numbers;
  for (let row = 0; row < cells.length; row++) numbers[row] = isMissing(cells[row]) ? Number.NaN : Number(cells[row]);
  return numbers;
}

function codesByMap(lists: readonly Cells[], column: string): CellCodes {
  const byCell = new Map<unknown, number>();
  const codes = lists.map((cells) => Int32Array.from(cells, (cell) => codeIn(byCell, cell)));
  const sorted = sortCells([...byCell.keys()] as FrameCell[], column);
  const rankOf = new Int32Array(sorted.length);
  for (let rank = 0; rank < sorted.length; rank++) rankOf[byCell.get(sorted[rank])!] = rank;
  for (const list of codes) {
    for (let row = 0; row < list.length; row++) list[row] = list[row] === -1 ? sorted.length : rankOf[list[row]!]!;
  }
  return { codes, count: sorted.length };
}

function codeIn(byCell: Map<unknown, number>, cell: unknown): number {
  if (isMissing(cell)) return -1;
  const key = comparable(cell);
  const known = byCell.get(key);
  if (known !== undefined) return known;
  byCell.set(key, byCell.size);
  return byCell.size - 1;
}

/** What equal cells have in common: a bigint that a number can hold is that number. */
export function comparable(cell: unknown): unknown {
  if (typeof cell !== "bigint") return cell;
  const number = Number(cell);
  return Number.isSafeInteger(number) ? number : cell;
}

type SortKind = "number" | "string" | "boolean" | "list";

function sortKindOf(cell: unknown): SortKind {
  if (typeof cell === "string" || typeof cell === "boolean") return typeof cell as "string";
  return typeof cell === "object" ? "list" : "number";
}

function sortCells(cells: FrameCell[], column: string): FrameCell[] {
  const kinds = new Set(cells.map(sortKindOf));
  if (kinds.size > 1 || kinds.has("list")) throw noOrder(column, kinds);
  if (!kinds.has("string")) return cells.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  // The engine's own order is that of UTF-16 units, which differs from that of code points behind surrogates only.
  const texts = cells as string[];
  return texts.some((text) => /[\ud800-\uffff]/.test(text)) ? texts.sort(byCodePoints) : texts.sort();
}

/** Surrogates stand for code points above all others. */
function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return raised(one) - raised(other);
  }
  return a.length - b.length;
}

function raised(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}

function noOrder(column: string, kinds: ReadonlySet<SortKind>): ArgumentError {
  const found = kinds.has("list") ? "lists" : [...kinds].map((kind) => `${kind}s`).join(" and ");
  const message = `Column "${column}" holds ${found}, which cannot be compared; make them all numbers or all texts`;
  return new ArgumentError("INVALID_ARGUMENT", message, { column });
}
