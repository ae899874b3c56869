/** Frames joined by the values of columns, as pandas' `merge` joins them. */
import { ArgumentError } from "../../../errors.js";
import { cellCodes } from "../cells/cell-codes.js";
import { type CellTable, columnNamed, isMissing, type NamedCells, namesGiven } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import { type RowCodes, type RowsByCode, rowCodes, rowsByCode, withMissing } from "../cells/row-codes.js";
import { takenRows, takeOrMiss } from "../cells/take-cells.js";

/** Which rows a merge keeps: those with a partner, all of the left, all of the right, or all. */
export type MergeHow = "inner" | "left" | "right" | "outer";

/** What two frames are joined by, and how. */
export interface MergeOptions {
  /** Columns that both frames have, one or several. Default: all that both have. */
  readonly on?: string | readonly string[] | undefined;
  /** Which rows stay. Default "inner". */
  readonly how?: MergeHow | undefined;
  /** What is put behind the names of other columns that both have. Default `["_x", "_y"]`. */
  readonly suffixes?: readonly [left: string, right: string] | undefined;
}

const HOWS: readonly MergeHow[] = ["inner", "left", "right", "outer"];

/** Rows of both sides that stand side by side; -1 for none. */
interface Pairs {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT` */
export function mergeTables(left: CellTable, right: CellTable, options: MergeOptions): CellTable {
  const { how = "inner", suffixes = ["_x", "_y"] } = options;
  if (!HOWS.includes(how)) {
    throw new ArgumentError("INVALID_ARGUMENT", `merge: how must be one of ${HOWS.join(", ")}; found ${String(how)}`);
  }
  const keys = keyNames(left, right, options.on);
  const pairs = matchRows(left, right, keys, how);
  const names = resultNames(left, right, keys, suffixes);
  return joinColumns(left, right, keys, pairs, names);
}

function keyNames(left: CellTable, right: CellTable, on: MergeOptions["on"]): readonly string[] {
  if (on !== undefined) return namesGiven(on, "merge");
  const rightNames = new Set(right.columns.map(({ name }) => name));
  const shared = left.columns.map(({ name }) => name).filter((name) => rightNames.has(name));
  if (shared.length > 0) return shared;
  throw new ArgumentError("INVALID_ARGUMENT", "merge: the frames have no column in common; rename one, and give on");
}

function matchRows(left: CellTable, right: CellTable, keys: readonly string[], how: MergeHow): Pairs {
  const [ofLeft, ofRight] = keyCodes(left, right, keys);
  if (how === "outer") return outerPairs(rowsByCode(ofLeft), rowsByCode(ofRight), ofLeft.count);
  if (how === "right") {
    const pairs = orderedPairs(ofRight.codes, rowsByCode(ofLeft), true);
    return { left: pairs.right, right: pairs.left };
  }
  return orderedPairs(ofLeft.codes, rowsByCode(ofRight), how === "left");
}

/** Missing keys meet missing keys, as in pandas. */
function keyCodes(left: CellTable, right: CellTable, keys: readonly string[]): [RowCodes, RowCodes] {
  const rows = left.index.length;
  const columns = keys.map((name) => {
    const pair = [columnNamed(left, name, "merge (left)"), columnNamed(right, name, "merge (right)")] as const;
    checkKeys(name, ...pair);
    return withMissing(cellCodes(pair));
  });
  const { codes, count } = rowCodes(columns);
  return [
    { codes: codes.subarray(0, rows), count },
    { codes: codes.subarray(rows), count },
  ];
}

function checkKeys(name: string, left: NamedCells, right: NamedCells): void {
  const kinds = [left, right].map(({ cells }) => keyKind(firstCell(cells)));
  if (kinds[0] === kinds[1] || kinds.includes("undefined")) return;
  const message = `merge: column "${name}" holds ${kinds[0]}s on the left and ${kinds[1]}s on the right; convert one of them`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { column: name });
}

/** The first that is there. */
function firstCell(cells: Cells): unknown {
  const { numbers } = cells;
  return (numbers ?? cells.list).find((cell) => !isMissing(cell));
}

function keyKind(cell: unknown): string {
  return typeof cell === "bigint" ? "number" : typeof cell;
}

/** Every row with its partners, in the order of the rows. */
function orderedPairs(codes: Int32Array, partners: RowsByCode, keepsAll: boolean): Pairs {
  const { rows, starts } = partners;
  let count = 0;
  for (let row = 0; row < codes.length; row++) {
    const found = starts[codes[row]! + 1]! - starts[codes[row]!]!;
    count += found === 0 && keepsAll ? 1 : found;
  }
  const pairs = newPairs(count);
  let at = 0;
  for (let row = 0; row < codes.length; row++) {
    const stop = starts[codes[row]! + 1]!;
    const start = starts[codes[row]!]!;
    if (start === stop && keepsAll) at = putPair(pairs, at, row, -1);
    for (let next = start; next < stop; next++) at = putPair(pairs, at, row, rows[next]!);
  }
  return pairs;
}

/** All rows in the order of their keys. */
function outerPairs(left: RowsByCode, right: RowsByCode, count: number): Pairs {
  let length = 0;
  for (let code = 0; code < count; code++) length += pairCount(spanOf(left, code), spanOf(right, code));
  const pairs = newPairs(length);
  let at = 0;
  for (let code = 0; code < count; code++) at = putProduct(pairs, at, spanOf(left, code), spanOf(right, code));
  return pairs;
}

function spanOf({ rows, starts }: RowsByCode, code: number): Int32Array {
  return rows.subarray(starts[code], starts[code + 1]);
}

function pairCount({ length: left }: Int32Array, { length: right }: Int32Array): number {
  return left === 0 || right === 0 ? left + right : left * right;
}

function putProduct(pairs: Pairs, start: number, left: Int32Array, right: Int32Array): number {
  let at = start;
  if (right.length === 0) for (const row of left) at = putPair(pairs, at, row, -1);
  else if (left.length === 0) for (const row of right) at = putPair(pairs, at, -1, row);
  else for (const row of left) for (const partner of right) at = putPair(pairs, at, row, partner);
  return at;
}

/** More rows than an array can have. */
const MOST_ROWS = 2 ** 31 - 1;

function newPairs(count: number): Pairs {
  if (count > MOST_ROWS) {
    const message = `merge: the result would have ${count} rows; the keys are repeated on both sides: drop duplicates first`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  return { left: new Int32Array(count), right: new Int32Array(count) };
}

function putPair({ left, right }: Pairs, at: number, row: number, partner: number): number {
  left[at] = row;
  right[at] = partner;
  return at + 1;
}

interface ResultNames {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

function resultNames(
  left: CellTable,
  right: CellTable,
  keys: readonly string[],
  suffixes: readonly [string, string],
): ResultNames {
  const own = left.columns.map(({ name }) => name);
  const others = right.columns.map(({ name }) => name).filter((name) => !keys.includes(name));
  const both = new Set(others.filter((name) => own.includes(name)));
  const names = {
    left: own.map((name) => (both.has(name) ? name + suffixes[0] : name)),
    right: others.map((name) => (both.has(name) ? name + suffixes[1] : name)),
  };
  const all = [...names.left, ...names.right];
  const twice = all.find((name, at) => all.indexOf(name) !== at);
  if (twice === undefined) return names;
  const message = `merge: two columns would be named "${twice}"; give other suffixes, or rename one`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { column: twice });
}

function joinColumns(
  left: CellTable,
  right: CellTable,
  keys: readonly string[],
  pairs: Pairs,
  names: ResultNames,
): CellTable {
  const ofLeft = takenRows(pairs.left, left.index.length);
  const ofRight = takenRows(pairs.right, right.index.length);
  const others = right.columns.filter(({ name }) => !keys.includes(name));
  const columns = [
    ...left.columns.map((column, at) => {
      const name = names.left[at]!;
      if (!ofLeft.hasGaps || !keys.includes(column.name)) return { ...takeOrMiss(column, ofLeft), name };
      return takeEither(column, columnNamed(right, column.name, "merge"), pairs);
    }),
    ...others.map((column, at) => ({ ...takeOrMiss(column, ofRight), name: names.right[at]! })),
  ];
  return { columns, index: Cells.upTo(pairs.left.length) };
}

/** A key is that of the left row, or else of the right one. */
function takeEither(left: NamedCells, right: NamedCells, pairs: Pairs): NamedCells {
  return { ...left, cells: eitherCells(left.cells, right.cells, pairs), ...commonType([left, right]) };
}

function eitherCells(left: Cells, right: Cells, pairs: Pairs): Cells {
  const [ofLeft, ofRight] = [left.numbers, right.numbers];
  if (ofLeft !== undefined && ofRight !== undefined) return Cells.ofNumbers(eitherNumbers(ofLeft, ofRight, pairs));
  const [lefts, rights] = [left.list, right.list];
  return Cells.of(Array.from(pairs.left, (row, at) => (row < 0 ? rights[pairs.right[at]!]! : lefts[row]!)));
}

function eitherNumbers(left: Float64Array, right: Float64Array, pairs: Pairs): Float64Array {
  const numbers = new Float64Array(pairs.left.length);
  for (let at = 0; at < numbers.length; at++) {
    const row = pairs.left[at]!;
    numbers[at] = row < 0 ? right[pairs.right[at]!]! : left[row]!;
  }
  return numbers;
}

/** The type of columns put together. */
export function commonType(columns: readonly NamedCells[]): Pick<NamedCells, "type" | "isWide"> {
  const types = new Set(columns.map(({ type }) => type));
  if (types.has("string") || (types.has("boolean") && types.size > 1)) return { type: "string" };
  if (!types.has("float32")) return { type: columns[0]?.type ?? "float32" };
  return { type: "float32", isWide: columns.every(({ type, isWide }) => type === "int32" || isWide === true) };
}
