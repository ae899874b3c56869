/**
 * The kinds of column data: which column types are held as which kind, and what is done with data whatever its kind is.
 * What formats make of the kinds stands with the formats.
 */
import type { ColumnData, ColumnKind, ColumnType } from "../batch.js";
import { array } from "./array.js";
import { mask } from "./mask.js";
import { bool, double, long } from "./numbers.js";
import type { KindOperations } from "./operations.js";
import { string } from "./sequences.js";

const KINDS: Readonly<Record<ColumnType, ColumnKind>> = {
  File: "long",
  Image: "long",
  Dataset: "long",
  Roi: "long",
  Well: "long",
  Plate: "long",
  Long: "long",
  Bool: "bool",
  Double: "double",
  String: "string",
  FloatArray: "array",
  DoubleArray: "array",
  LongArray: "array",
  Mask: "mask",
};

const OPERATIONS: { readonly [Kind in ColumnKind]: KindOperations<Extract<ColumnData, { kind: Kind }>> } = {
  long,
  double,
  bool,
  string,
  array,
  mask,
};

function operationsOf(kind: ColumnKind): KindOperations<ColumnData> {
  return OPERATIONS[kind] as unknown as KindOperations<ColumnData>;
}

/** How the values of a column type are held in memory. */
export function columnKind(type: ColumnType): ColumnKind {
  return KINDS[type];
}

/** Whether columns of a type have a size of their own ({@link ColumnField.size}): text and arrays. */
export function isSized(type: ColumnType): boolean {
  return KINDS[type] === "string" || KINDS[type] === "array";
}

/** The classes of the typed arrays that data of a kind consists of, by member. */
export function columnParts(kind: ColumnKind): KindOperations<ColumnData>["parts"] {
  return OPERATIONS[kind].parts;
}

/** Column data of no rows. */
export function emptyColumn(type: ColumnType, size: number): ColumnData {
  return OPERATIONS[KINDS[type]].empty(type, size);
}

/** Number of rows a column holds. */
export function columnLength(column: ColumnData): number {
  return operationsOf(column.kind).length(column);
}

/** Bytes a column holds. */
export function columnBytes(column: ColumnData): number {
  return operationsOf(column.kind).bytes(column);
}

/** Rows `start ..< stop` of a column, sharing its memory. */
export function sliceColumn(column: ColumnData, start: number, stop: number): ColumnData {
  return operationsOf(column.kind).slice(column, start, stop);
}

/** The rows of `parts` one after the other. All parts are of one kind, and of one size if they are arrays. */
export function joinColumns(parts: readonly ColumnData[]): ColumnData {
  const [first] = parts;
  return parts.length === 1 ? first! : operationsOf(first!.kind).join(parts);
}

/** The rows of a column at `positions`, in that order. */
export function takeFromColumn(column: ColumnData, positions: Int32Array): ColumnData {
  return operationsOf(column.kind).take(column, positions);
}
