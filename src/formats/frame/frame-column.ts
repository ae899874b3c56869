/** Columns as arrays of JavaScript values, filled batch by batch: what a danfojs DataFrame is made of. */

import {
  type ArrayColumn,
  type ColumnData,
  type ColumnField,
  type RowNumbers,
  rowNumberAt,
} from "../../columns/batch.js";
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../columns/int64.js";
import { columnKind, columnLength } from "../../columns/kinds/kinds.js";
import { maskText } from "../../columns/mask-text.js";
import { putTexts } from "../../columns/texts.js";
import { ArgumentError, DataError } from "../../errors.js";
import type { FrameType, NamedCells } from "./cells/cell-table.js";
import { Cells } from "./cells/cells.js";
import type { FrameCell } from "./cells/frame-cell.js";
import { GrowingNumbers } from "./cells/growing-numbers.js";
import { newCells } from "./cells/new-cells.js";

/** How int64 values appear: as numbers, where one beyond 2^53 - 1 is an error, or as bigints. */
export type Int64Option = "number" | "bigint";

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkInt64(int64: Int64Option): void {
  if (int64 === "number" || int64 === "bigint") return;
  throw new ArgumentError("INVALID_ARGUMENT", `int64 must be "number" or "bigint"; found ${String(int64)}`);
}

export class FrameColumn {
  readonly field: ColumnField;
  /** Of columns of numbers. */
  readonly #numbers: GrowingNumbers | undefined;
  /** Of all others. */
  readonly #list: FrameCell[];
  readonly #int64: Int64Option;
  #filled = 0;
  #wide = false;

  /** @param rowCount rows that will come. */
  constructor(field: ColumnField, rowCount: number, int64: Int64Option) {
    this.field = field;
    this.#int64 = int64;
    const kind = columnKind(field.type);
    if (kind === "double" || (kind === "long" && !this.#holdsBigints)) this.#numbers = new GrowingNumbers(rowCount);
    this.#list = newCells<FrameCell>(this.#numbers === undefined ? rowCount : 0, undefined);
  }

  /** What the rows that were appended make together. */
  get namedCells(): NamedCells {
    const { field, type } = this;
    const isIntegers = this.#wide || (field.type === "LongArray" && this.#int64 === "number");
    const cells = this.#numbers === undefined ? Cells.of(this.#list) : Cells.ofNumbers(this.#numbers.all);
    return { name: field.name, cells, type, isWide: isIntegers };
  }

  get #holdsBigints(): boolean {
    return this.#int64 === "bigint" && columnKind(this.field.type) === "long";
  }

  /**
   * danfojs' name for the values' type. Integers beyond 32 bits are not called "int32", because danfojs would cut them
   * in tensors; bigints are "string", so that it refuses arithmetic on them.
   */
  get type(): FrameType {
    const kind = columnKind(this.field.type);
    if (kind === "double") return "float32";
    if (kind === "bool") return "boolean";
    if (kind !== "long" || this.#holdsBigints) return "string";
    return this.#wide ? "float32" : "int32";
  }

  /**
   * Adds a batch's rows.
   * @throws DataError `UNSAFE_INTEGER`
   */
  append(column: ColumnData, rowNumbers: RowNumbers): void {
    const list = this.#list;
    const at = this.#filled;
    this.#filled += columnLength(column);
    if (column.kind === "long") this.#putLongs(column.values, rowNumbers, at);
    else if (column.kind === "double") this.#numbers!.next(column.values.length).set(column.values);
    else if (column.kind === "bool") putBools(column.values, list as boolean[], at);
    else if (column.kind === "string") putTexts(column, list as string[], at);
    else if (column.kind === "array") this.#putArrays(column, rowNumbers, at);
    else for (let row = 0; row < column.imageId.length; row++) list[at + row] = maskText(column, row);
  }

  #putLongs(longs: BigInt64Array, rowNumbers: RowNumbers, at: number): void {
    if (this.#int64 === "bigint") {
      for (let row = 0; row < longs.length; row++) this.#list[at + row] = longs[row]!;
      return;
    }
    const numbers = this.#numbers!.next(longs.length);
    this.#toNumbers(longs, numbers, rowNumbers, 1);
    this.#wide ||= numbers.some((value) => (value | 0) !== value);
  }

  #putArrays({ size, values }: ArrayColumn, rowNumbers: RowNumbers, at: number): void {
    const elements =
      values instanceof BigInt64Array && this.#int64 === "number"
        ? this.#toNumbers(values, new Float64Array(values.length), rowNumbers, size)
        : values;
    for (let row = 0; row * size < elements.length; row++) {
      this.#list[at + row] = Array.from(elements.subarray(row * size, (row + 1) * size) as Float64Array);
    }
  }

  #toNumbers(longs: BigInt64Array, numbers: Float64Array, rowNumbers: RowNumbers, size: number): Float64Array {
    const unsafe = int64ToNumbers(longs, numbers);
    if (unsafe >= 0) {
      throw unsafeInteger(this.field.name, rowNumberAt(rowNumbers, Math.floor(unsafe / size)), longs[unsafe]!);
    }
    return numbers;
  }
}

function putBools(from: Uint8Array, to: boolean[], at: number): void {
  for (let row = 0; row < from.length; row++) to[at + row] = from[row] !== 0;
}

/** 2^53 / 2^32. */
const HIGH_LIMIT = 0x20_0000;

/** Converts without making bigints; returns the position of the first value that is no safe integer, or -1. */
function int64ToNumbers(longs: BigInt64Array, numbers: Float64Array): number {
  const halves = wordHalves(longs);
  for (let index = 0; index < longs.length; index++) {
    const high = halves[2 * index + HIGH_HALF]!;
    const low = halves[2 * index + LOW_HALF]! >>> 0;
    if (high >= HIGH_LIMIT || high < -HIGH_LIMIT || (high === -HIGH_LIMIT && low === 0)) return index;
    numbers[index] = high * 2 ** 32 + low;
  }
  return -1;
}

function unsafeInteger(column: string, row: number, value: bigint): DataError {
  return new DataError(
    "UNSAFE_INTEGER",
    `Column "${column}" holds ${value} in row ${row}, which a number cannot hold exactly; set int64 to "bigint", or use readArrow`,
    { column, row },
  );
}
