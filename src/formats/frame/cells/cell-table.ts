/** What the operations on frames work with: columns of JavaScript values, and labels of the rows. No danfojs in here. */
import { ArgumentError } from "../../../errors.js";
import { nearestName } from "../../../flow/nearest-name.js";
import type { Cells } from "./cells.js";

/** Type names of danfojs. It has no int64 and no float64; the names do not change the values. */
export type FrameType = "int32" | "float32" | "string" | "boolean";
/** What names a row: its number in the table it was read from, unless the frame was given another index. */
export type RowLabel = number | string;

export interface NamedCells {
  readonly name: string;
  readonly cells: Cells;
  readonly type: FrameType;
  /** Whether "float32" stands for integers beyond 32 bits, or "string" for lists of integers: danfojs has no names for them. */
  readonly isWide?: boolean | undefined;
}

export interface CellTable {
  readonly columns: readonly NamedCells[];
  /** Labels of the rows, numbers or texts. */
  readonly index: Cells;
}

export function isMissing(cell: unknown): boolean {
  return cell === undefined || cell === null || Number.isNaN(cell);
}

/** Whether a column's values are integers; those with gaps are not, as in pandas. */
export function holdsIntegers({ type, isWide }: NamedCells): boolean {
  return type === "int32" || (type === "float32" && isWide === true);
}

/** Whether one can calculate with a column: numbers and booleans. */
export function isNumeric({ type }: NamedCells): boolean {
  return type !== "string";
}

/** @throws ArgumentError `UNKNOWN_COLUMN`, naming the nearest there is */
export function columnNamed({ columns }: CellTable, name: string, what: string): NamedCells {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const nearest = nearestName(String(name), names);
  const hint = nearest === undefined ? `there are ${names.slice(0, 20).join(", ")}` : `did you mean "${nearest}"?`;
  throw new ArgumentError("UNKNOWN_COLUMN", `${what}: the frame has no column "${name}"; ${hint}`, { column: name });
}

/** Names given as one or several. @throws ArgumentError `INVALID_ARGUMENT` for none, or for what is no name */
export function namesGiven(names: string | readonly string[], what: string): readonly string[] {
  const list = typeof names === "string" ? [names] : names;
  if (Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === "string")) return list;
  throw new ArgumentError("INVALID_ARGUMENT", `${what}: give the name of a column, or a list of names`);
}
