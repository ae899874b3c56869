/** Rows that are there more than once, and cells that are among others. */
import { ArgumentError } from "../../../errors.js";
import { cellCodes, comparable } from "../cells/cell-codes.js";
import { type CellTable, columnNamed, isMissing, type NamedCells } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import { rowsWhere } from "../cells/numbers.js";
import { rowCodes, withMissing } from "../cells/row-codes.js";

/** Which of equal rows stays: the first, the last, or none of them. */
export type KeepOption = "first" | "last" | false;

/** Positions of the rows that stay. @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT` */
export function rowsWithoutDuplicates(table: CellTable, subset: readonly string[], keep: KeepOption): Int32Array {
  if (!["first", "last", false].includes(keep)) {
    const message = `dropDuplicates: keep must be "first", "last" or false; found ${String(keep)}`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  const columns = subset.map((name) => {
    return withMissing(cellCodes([columnNamed(table, name, "dropDuplicates")]));
  });
  const { codes, count } = rowCodes(columns);
  const kept = keptRows(codes, count + 1, keep);
  return rowsWhere(codes.length, (row) => kept[codes[row]!] === row);
}

/** By code, the row that stays, or -1. */
function keptRows(codes: Int32Array, count: number, keep: KeepOption): Int32Array {
  const kept = new Int32Array(count).fill(-1);
  const seen = new Uint8Array(count);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (seen[code] === 0 || keep === "last") kept[code] = row;
    else if (keep === false) kept[code] = -1;
    seen[code] = 1;
  }
  return kept;
}

/** Values for every column, or for columns by name. */
export type IsinValues = Iterable<unknown> | Readonly<Record<string, Iterable<unknown>>>;

/** For each cell whether it is among the values; a missing one is where one of them is missing. */
export function membership({ columns, index }: CellTable, values: IsinValues): CellTable {
  const asked = setsOf(values);
  const answered = columns.map(({ name, cells }): NamedCells => {
    const set = asked instanceof Set ? asked : (asked.get(name) ?? new Set());
    return { name, cells: cellsAmong(cells, set), type: "boolean" };
  });
  return { columns: answered, index: index.copy() };
}

function cellsAmong(cells: Cells, set: ReadonlySet<unknown>): Cells {
  const { numbers } = cells;
  const { coded } = cells;
  if (coded !== undefined) {
    const isAmong = Uint16Array.from(coded.values, (value) => Number(set.has(memberKey(value))));
    return Cells.ofCodes({ codes: coded.codes.map((code) => isAmong[code]!), values: [false, true] });
  }
  if (numbers === undefined) return Cells.of(cells.list.map((cell) => set.has(memberKey(cell))));
  return Cells.ofCodes({ codes: numbersAmong(numbers, set), values: [false, true] });
}

function numbersAmong(numbers: Float64Array, set: ReadonlySet<unknown>): Uint16Array {
  const codes = new Uint16Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) codes[row] = set.has(numbers[row]) ? 1 : 0;
  return codes;
}

function setsOf(values: IsinValues): Set<unknown> | Map<string, Set<unknown>> {
  if (isIterable(values)) return new Set(Array.from(values, memberKey));
  if (typeof values === "object" && values !== null) {
    return new Map(Object.entries(values).map(([name, list]) => [name, new Set(Array.from(list, memberKey))]));
  }
  throw new ArgumentError("INVALID_ARGUMENT", "isin: give a list of values, or an object of lists by column");
}

function isIterable(values: unknown): values is Iterable<unknown> {
  return typeof values === "object" && values !== null && Symbol.iterator in values;
}

function memberKey(cell: unknown): unknown {
  return isMissing(cell) ? Number.NaN : comparable(cell);
}
