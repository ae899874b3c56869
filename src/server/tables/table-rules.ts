/** What an OMERO.tables server refuses, with the exceptions and messages of omero-py's `omero.hdfstorageV2`. */

import { type ColumnBatch, type ColumnField, type ColumnKind, rowNumberArray } from "../../columns/batch.js";
import { elementBytes } from "../../columns/kinds/array.js";
import { columnKind, columnLength } from "../../columns/kinds/kinds.js";
import type { RowSpan } from "../../columns/table.js";
import type { ColumnInstance } from "../../connect/ice/codec/columns/columns.js";
import { columnFields } from "../../connect/ice/codec/columns/columns.js";
import { WireError } from "../../errors.js";
import { apiUsage, internal, validation } from "../exceptions.js";
import { isReservedName } from "./storage.js";

type Columns = readonly (ColumnInstance | null)[];

/** Fields for `initialize`. */
export function fieldsToCreate(columns: Columns): ColumnField[] {
  if (columns.length === 0) throw apiUsage("No columns provided");
  const fields = fieldsOf(columns);
  const names = new Set<string>();
  for (const { name, type, size, description } of fields) {
    if (name === "") throw apiUsage("Column unnamed");
    if (isReservedName(name)) throw apiUsage(`Reserved column name: ${name}`);
    if (name.includes("/")) throw apiUsage(`The "/" character is not allowed in column names: ${name}`);
    if (names.has(name)) throw apiUsage(`Duplicate column name: ${name}`);
    names.add(name);
    if (isPyTablesName(name)) throw internal(`Column name reserved by PyTables: ${name}`);
    if (!/^[\0-\x7f]*$/.test(description)) throw internal(`Description of column ${name} is not ASCII`);
    if (size >= 1) continue;
    if (type === "String") throw apiUsage(`String size must be > 0 (Column: ${name})`);
    if (columnKind(type) === "array") throw apiUsage(`Array length must be > 0 (Column: ${name})`);
  }
  return fields;
}

/** Names that PyTables refuses, or takes for something else than a column. */
function isPyTablesName(name: string): boolean {
  return /^_[cfgv]_/.test(name) || name === ".";
}

/** Rows for `addData`: every column of the table, in its order, whatever they are called. */
export function batchToAppend(fields: readonly ColumnField[], columns: Columns): ColumnBatch {
  const sent = fieldsOf(columns);
  if (sent.length !== fields.length) throw validation(`${sent.length} columns given for a table of ${fields.length}`);
  const data = columns.map((column) => column!.data);
  const rowCount = columnLength(data[0]!);
  for (const [index, field] of fields.entries()) {
    const { type } = sent[index]!;
    if (columnKind(type) !== columnKind(field.type)) {
      throw validation(`Column ${index} is ${field.type} ${field.name}, but ${type} was given`);
    }
    if (columnLength(data[index]!) !== rowCount) throw validation("Columns are of differing length");
    checkFit(field, columns[index]!);
  }
  return { fields, columns: data, rowCount, rowNumbers: { start: 0, step: 1 } };
}

/** Rows for `update`: some columns of the table, by name. */
export function batchToUpdate(
  fields: readonly ColumnField[],
  rowCount: number,
  columns: Columns,
  rowNumbers: BigInt64Array,
): ColumnBatch {
  const rows = checkedRows(rowNumbers, rowCount);
  const own = fieldsOf(columns).map(({ name, type }, index) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (!field) throw apiUsage(`No column named ${name}`);
    if (columnKind(type) !== columnKind(field.type)) throw validation(`Column ${name} is ${field.type}, not ${type}`);
    if (columnLength(columns[index]!.data) !== rows.length) {
      throw validation(`${columnLength(columns[index]!.data)} values for ${rows.length} rows in column ${name}`);
    }
    checkFit(field, columns[index]!);
    return field;
  });
  return { fields: own, columns: columns.map((column) => column!.data), rowCount: rows.length, rowNumbers: rows };
}

function fieldsOf(columns: Columns): ColumnField[] {
  if (columns.includes(null)) throw apiUsage("A column is null");
  // A column says its size also where it has rows of another one.
  return columnFields(columns).map((field, index) => ({ ...field, size: columns[index]!.size ?? 1 }));
}

function checkFit(field: ColumnField, { data }: ColumnInstance): void {
  if (data.kind === "array" && data.values.length > 0 && data.size !== field.size) {
    throw validation(`Column ${field.name} requires arrays of length ${field.size}`);
  }
  if (data.kind !== "string") return;
  for (let row = 0; row + 1 < data.offsets.length; row++) {
    if (data.offsets[row + 1]! - data.offsets[row]! > field.size) {
      throw validation(`Maximum string (byte) length in column ${field.name} is ${field.size}`);
    }
  }
}

/** Positions of columns: at least one, all of them in the table. */
export function checkedColumns(columns: BigInt64Array, width: number): number[] {
  if (columns.length === 0) throw apiUsage("Columns not specified: []");
  return Array.from(columns, (column) => {
    if (column < 0n || column >= width) throw apiUsage(`Column overflow: ${column} >= ${width}`);
    return Number(column);
  });
}

/** Numbers of rows: at least one, all of them in the table. */
export function checkedRows(rows: BigInt64Array, rowCount: number): Float64Array {
  if (rows.length === 0) throw apiUsage("Rows not specified: []");
  const checked = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const row = Number(rows[index]!);
    if (!(row >= 0 && row < rowCount)) throw apiUsage(`Row overflow: ${rows[index]} >= ${rowCount}`);
    checked[index] = row;
  }
  return checked;
}

/** `start:stop` as Python's slices have it: negative numbers count from the end, and nothing is out of range. */
export function pythonRange(start: bigint, stop: bigint, length: number): { start: number; stop: number } {
  const index = (value: bigint) => {
    const number = Number(value);
    return Math.min(Math.max(number < 0 ? number + length : number, 0), length);
  };
  const first = index(start);
  return { start: first, stop: Math.max(first, index(stop)) };
}

/**
 * The rows a condition is tried on. A stop of 0 and a step of 0 are none; a start with neither is, as PyTables has it,
 * the one row `start`. Negative rows count from the end.
 */
export function conditionSpan(start: bigint, stop: bigint, step: bigint, rowCount: number): Required<RowSpan> {
  const end = stop === 0n ? BigInt(rowCount) : stop;
  if (stop !== 0n || step !== 0n) return { ...pythonRange(start, end, rowCount), step: Number(step) || 1 };
  if (rowCount > 0 && start >= rowCount) {
    throw internal(`start of range (${start}) is greater than number of rows (${rowCount})`);
  }
  return { ...pythonRange(start, start === -1n ? end : start + 1n, rowCount), step: 1 };
}

/**
 * Refuses to read what no answer can hold, before it is read.
 * @throws WireError `LIMIT_EXCEEDED` if the rows take more than `sizeMax` bytes however short their texts are.
 */
export function checkAnswerSize(fields: readonly ColumnField[], rowCount: number, sizeMax: number): void {
  const size = rowCount * fields.reduce((bytes, field) => bytes + LEAST_SIZE[columnKind(field.type)](field), 0);
  if (size <= sizeMax) return;
  const text = `${rowCount} rows take at least ${size} bytes, and an answer holds ${sizeMax}: ask for fewer at once`;
  throw new WireError("LIMIT_EXCEEDED", `::Ice::MemoryLimitException: ${text}`);
}

/** Bytes that a row of a column takes in a message at least. */
const LEAST_SIZE: { readonly [Kind in ColumnKind]: (field: ColumnField) => number } = {
  long: () => 8,
  double: () => 8,
  bool: () => 1,
  string: () => 1,
  array: ({ type, size }) => 1 + size * elementBytes(type)!,
  mask: () => 49,
};

/** All rows of a batch as Ice has them. */
export function rowNumbersToSend({ rowNumbers, rowCount }: ColumnBatch): BigInt64Array {
  const sent = new BigInt64Array(rowCount);
  const numbers = rowNumberArray(rowNumbers, rowCount);
  for (let row = 0; row < rowCount; row++) sent[row] = BigInt(numbers[row]!);
  return sent;
}
