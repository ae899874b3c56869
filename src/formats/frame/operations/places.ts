/** Rows and columns by position or label, by slices such as "1:7", and by masks. */
import { ArgumentError } from "../../../errors.js";
import { type CellTable, columnNamed, type NamedCells, type RowLabel } from "../cells/cell-table.js";
import { rowsUpTo } from "../cells/numbers.js";

type Given = readonly unknown[];

/** Where a mask is true. @throws ArgumentError `INVALID_ARGUMENT` */
export function maskedRows(mask: unknown, rowCount: number, what: string): Int32Array {
  const flags = listOf(mask, what);
  if (flags.length !== rowCount || !isMask(flags)) {
    const message = `${what}: a mask has true or false for each of the ${rowCount} rows; found ${flags.length} values`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  let count = 0;
  for (let row = 0; row < rowCount; row++) if (flags[row]) count++;
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < rowCount; row++) if (flags[row]) rows[at++] = row;
  return rows;
}

function isMask(values: Given): boolean {
  return values.every((value) => typeof value === "boolean");
}

/** A list, or the values of a series. */
function listOf(given: unknown, what: string): Given {
  const list = Array.isArray(given) ? given : (given as { values?: unknown } | undefined)?.values;
  if (Array.isArray(list)) return list;
  throw new ArgumentError("INVALID_ARGUMENT", `${what}: give a list, for example [1, 2] or ["0:10"], or a Series`);
}

export function rowsByPosition({ index }: CellTable, rows: unknown): Int32Array {
  return positions(rows, index.length, "iloc: rows");
}

export function columnsByPosition({ columns }: CellTable, places: unknown): NamedCells[] {
  return Array.from(positions(places, columns.length, "iloc: columns"), (place) => columns[place]!);
}

function positions(given: unknown, count: number, what: string): Int32Array {
  if (given === undefined) return rowsUpTo(count);
  const list = listOf(given, what);
  if (list.length === 1 && typeof list[0] === "string") return slice(list[0], count, what);
  if (list.length > 0 && isMask(list)) return maskedRows(list, count, what);
  return Int32Array.from(list, (place) => checkPosition(place, count, what));
}

function checkPosition(place: unknown, count: number, what: string): number {
  if (typeof place === "number" && Number.isInteger(place) && place >= 0 && place < count) return place;
  const message = `${what}: there are ${count}, from position 0; found ${String(place)}`;
  throw new ArgumentError("ROWS_OUT_OF_RANGE", message);
}

function slice(text: string, count: number, what: string): Int32Array {
  const parts = /^\s*(\d*)\s*:\s*(\d*)\s*$/.exec(text);
  const start = Number(parts?.[1] || 0);
  const stop = Number(parts?.[2] || count);
  if (parts !== null && stop <= count) return rowsUpTo(Math.max(start, stop)).subarray(start);
  throw new ArgumentError("ROWS_OUT_OF_RANGE", `${what}: a slice is "START:STOP" within 0:${count}; found "${text}"`);
}

/** The last of a slice by labels is not in it, as in danfojs. */
export function rowsByLabel({ index }: CellTable, rows: unknown): Int32Array {
  if (rows === undefined) return rowsUpTo(index.length);
  const list = listOf(rows, "loc: rows");
  if (list.length > 0 && isMask(list)) return maskedRows(list, index.length, "loc: rows");
  const placeOf = new Map(index.list.map((label, row) => [label as RowLabel, row]));
  if (list.length === 1 && typeof list[0] === "string" && !placeOf.has(list[0])) return labelSlice(list[0], placeOf);
  return Int32Array.from(list, (label) => placeAt(label as RowLabel, placeOf));
}

function labelSlice(text: string, placeOf: ReadonlyMap<RowLabel, number>): Int32Array {
  const [first = "", last] = text.split(":");
  if (last === undefined) return Int32Array.of(placeAt(labelIn(first), placeOf));
  const start = first === "" ? 0 : placeAt(labelIn(first), placeOf);
  const stop = last === "" ? placeOf.size : placeAt(labelIn(last), placeOf);
  return rowsUpTo(Math.max(start, stop)).subarray(start);
}

/** A number, or a text in quotes. */
function labelIn(text: string): RowLabel {
  return /^["'`]/.test(text) ? text.replace(/["'`]/g, "") : Number(text);
}

function placeAt(label: RowLabel, placeOf: ReadonlyMap<RowLabel, number>): number {
  const place = placeOf.get(label);
  if (place !== undefined) return place;
  throw new ArgumentError("ROWS_OUT_OF_RANGE", `loc: there is no row labelled ${JSON.stringify(label)}`);
}

export function columnsByLabel(table: CellTable, names: unknown): readonly NamedCells[] {
  if (names === undefined) return table.columns;
  const list = listOf(names, "loc: columns") as readonly string[];
  const [only] = list;
  const isSlice = list.length === 1 && String(only).includes(":") && !table.columns.some(({ name }) => name === only);
  if (!isSlice) return list.map((name) => columnNamed(table, name, "loc"));
  const [first = "", last = ""] = only!.split(":");
  const start = first === "" ? 0 : table.columns.indexOf(columnNamed(table, first, "loc"));
  const stop = last === "" ? table.columns.length : table.columns.indexOf(columnNamed(table, last, "loc"));
  return table.columns.slice(start, stop);
}
