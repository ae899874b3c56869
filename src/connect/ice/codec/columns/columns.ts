/** Column sequences of `omero::grid` and column batches, turned into each other. */

import type { ColumnBatch, ColumnData, ColumnField, RowNumbers } from "../../../../columns/batch.js";
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../../../columns/int64.js";
import { columnLength, emptyColumn, isSized } from "../../../../columns/kinds/kinds.js";
import { DataError, WireError } from "../../../../errors.js";
import { columnClassId, columnTypeOf } from "./column-blocks.js";

/** A column as the codec reads and writes it. */
export interface ColumnInstance {
  /** For example `::omero::grid::LongColumn`. */
  readonly iceId: string;
  readonly name: string;
  readonly description: string;
  /** Text: the width in bytes. Arrays: the elements of a row. Absent in other columns. */
  readonly size?: number;
  readonly data: ColumnData;
}

/**
 * What the columns say of themselves, for example those that `Table.getHeaders` answers. An array column with rows has
 * the size of its rows, whatever it says.
 * @throws DataError `UNSUPPORTED_TYPE` for a column class this package does not know.
 */
export function columnFields(columns: readonly (ColumnInstance | null)[]): ColumnField[] {
  return columns.map((column, index) => {
    if (column === null) throw new WireError("MALFORMED_MESSAGE", `column ${index} is null`);
    const { iceId, name, description, data } = column;
    const type = columnTypeOf(iceId);
    if (type === undefined) {
      throw new DataError("UNSUPPORTED_TYPE", `column "${name}" is of a class that is not known`, { column: name });
    }
    const size = data.kind === "array" && data.values.length > 0 ? data.size : (column.size ?? 1);
    return { name, type, description, size };
  });
}

/**
 * The columns as a batch; their data is not copied.
 * @param rowNumbers as a batch has them, or as they come in `omero::grid::Data`.
 * @throws WireError `MALFORMED_MESSAGE` if the columns and the row numbers differ in length.
 */
export function toColumnBatch(
  columns: readonly (ColumnInstance | null)[],
  rowNumbers: RowNumbers | BigInt64Array,
): ColumnBatch {
  const fields = columnFields(columns);
  const data = columns.map((column) => column!.data);
  const numbers = rowNumbers instanceof BigInt64Array ? toRowNumbers(rowNumbers) : rowNumbers;
  const rowCount = data.length > 0 ? columnLength(data[0]!) : numbers instanceof Float64Array ? numbers.length : 0;
  data.forEach((column, index) => {
    if (columnLength(column) !== rowCount) {
      const lengths = `"${fields[index]!.name}" has ${columnLength(column)} rows, "${fields[0]!.name}" has ${rowCount}`;
      throw new WireError("MALFORMED_MESSAGE", `columns differ in length: ${lengths}`, { column: fields[index]!.name });
    }
  });
  const numbered = rowNumbers instanceof BigInt64Array ? rowNumbers.length : lengthOf(numbers, rowCount);
  if (numbered !== rowCount) {
    throw new WireError("MALFORMED_MESSAGE", `${numbered} row numbers for ${rowCount} rows`);
  }
  return { fields, columns: data, rowCount, rowNumbers: numbers };
}

function lengthOf(rowNumbers: RowNumbers, ifRun: number): number {
  return rowNumbers instanceof Float64Array ? rowNumbers.length : ifRun;
}

/**
 * Row numbers of a message as a batch has them: a run where they are one.
 * @throws WireError `MALFORMED_MESSAGE` if one is no safe integer.
 */
export function toRowNumbers(values: BigInt64Array): RowNumbers {
  if (values.length === 0) return { start: 0, step: 1 };
  const numbers = toNumbers(values);
  const start = numbers[0]!;
  const step = numbers.length > 1 ? numbers[1]! - start : 1;
  const isRun = step > 0 && numbers.every((number, index) => number === start + index * step);
  return isRun ? { start, step } : numbers;
}

/** The values as numbers, from their halves: four times as fast as by way of a bigint each. */
function toNumbers(values: BigInt64Array): Float64Array {
  const halves = wordHalves(values);
  const numbers = new Float64Array(values.length);
  for (let index = 0; index < numbers.length; index++) {
    const low = halves[2 * index + LOW_HALF]!;
    const number = halves[2 * index + HIGH_HALF]! * 0x100000000 + (low >>> 0);
    if (!Number.isSafeInteger(number)) throw new WireError("MALFORMED_MESSAGE", `row number ${values[index]}`);
    numbers[index] = number;
  }
  return numbers;
}

/** The columns of a batch for `Table.addData` or `Table.update`; their data is not copied. */
export function fromColumnBatch(batch: ColumnBatch): ColumnInstance[] {
  return batch.fields.map((field, index) => makeColumn(field, batch.columns[index]!));
}

/** Columns without rows, for `SharedResources.newTable` and `Table.initialize`. */
export function emptyColumns(fields: readonly ColumnField[]): ColumnInstance[] {
  return fields.map((field) => makeColumn(field, emptyColumn(field.type, field.size)));
}

function makeColumn({ name, type, description, size }: ColumnField, data: ColumnData): ColumnInstance {
  const column = { iceId: columnClassId(type), name, description, data };
  return isSized(type) ? { ...column, size } : column;
}
