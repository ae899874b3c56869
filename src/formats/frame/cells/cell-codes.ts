/**
 * Cells as codes: equal cells have equal codes, and codes go up as pandas sorts: numbers by value, texts by code points,
 * false before true. A missing cell has the last code. Columns that are encoded together share their codes.
 */
import { ArgumentError } from "../../../errors.js";
import { isMissing, type NamedCells } from "./cell-table.js";
import type { CodedCells } from "./coded-cells.js";
import type { FrameCell } from "./frame-cell.js";
import { countDifferentNumbers, numberCodes } from "./number-codes.js";
import { numbersOf } from "./numbers.js";

export interface CellCodes {
  /** One code a cell, column after column; `count` where it is missing. */
  readonly codes: Int32Array;
  /** Codes of cells that are there are below it. */
  readonly count: number;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for cells that have no order among them */
export function cellCodes(columns: readonly NamedCells[]): CellCodes {
  if (columns.every(holdsNumbers)) return numberCodes(joinedNumbers(columns));
  const coded = columns.map(({ cells }) => cells.coded);
  return coded.every((column) => column !== undefined) ? codesOfCoded(coded, columns[0]!.name) : codesByMap(columns);
}

/** Whether all cells are numbers or missing. */
function holdsNumbers({ cells, type }: NamedCells): boolean {
  if (type === "boolean") return false;
  return cells.numbers !== undefined || cells.list.every((cell) => typeof cell === "number" || isMissing(cell));
}

function joinedNumbers(columns: readonly NamedCells[]): Float64Array {
  if (columns.length === 1) return numbersOf(columns[0]!);
  const numbers = new Float64Array(columns.reduce((sum, { cells }) => sum + cells.length, 0));
  let at = 0;
  for (const column of columns) {
    numbers.set(numbersOf(column), at);
    at += column.cells.length;
  }
  return numbers;
}

/** Different cells, missing ones not counted. */
export function countDifferentCells(column: NamedCells): number {
  if (holdsNumbers(column)) return countDifferentNumbers(numbersOf(column));
  const { coded } = column.cells;
  if (coded !== undefined) return countUsed(coded);
  const different = new Set<unknown>();
  for (const cell of column.cells.list) if (!isMissing(cell)) different.add(comparable(cell));
  return different.size;
}

/** Values that are at some place, missing ones not counted. */
function countUsed({ codes, values }: CodedCells): number {
  const isUsed = new Uint8Array(values.length);
  for (let row = 0; row < codes.length; row++) isUsed[codes[row]!] = 1;
  return values.filter((value, code) => isUsed[code] === 1 && !isMissing(value)).length;
}

/** Of coded columns, so that only their different values are compared. */
function codesOfCoded(columns: readonly CodedCells[], name: string): CellCodes {
  const byCell = new Map<unknown, number>();
  const firstCodes = columns.map(({ values }) => values.map((value) => codeIn(byCell, value)));
  const rankOf = ranksOf(byCell, name);
  const codes = new Int32Array(columns.reduce((sum, column) => sum + column.codes.length, 0));
  let at = 0;
  for (const [place, column] of columns.entries()) {
    const ranks = Int32Array.from(firstCodes[place]!, (code) => (code === -1 ? byCell.size : rankOf[code]!));
    for (let row = 0; row < column.codes.length; row++) codes[at++] = ranks[column.codes[row]!]!;
  }
  return { codes, count: byCell.size };
}

/** By code in the order of coming, the code in the order of the cells. */
function ranksOf(byCell: ReadonlyMap<unknown, number>, name: string): Int32Array {
  const sorted = sortCells([...byCell.keys()] as FrameCell[], name);
  const rankOf = new Int32Array(sorted.length);
  for (let rank = 0; rank < sorted.length; rank++) rankOf[byCell.get(sorted[rank])!] = rank;
  return rankOf;
}

function codesByMap(columns: readonly NamedCells[]): CellCodes {
  const byCell = new Map<unknown, number>();
  const codes = new Int32Array(columns.reduce((sum, { cells }) => sum + cells.length, 0));
  let at = 0;
  for (const { list } of columns.map(({ cells }) => cells))
    for (let row = 0; row < list.length; row++) codes[at++] = codeIn(byCell, list[row]);
  const rankOf = ranksOf(byCell, columns[0]!.name);
  for (let row = 0; row < codes.length; row++) codes[row] = codes[row] === -1 ? byCell.size : rankOf[codes[row]!]!;
  return { codes, count: byCell.size };
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
