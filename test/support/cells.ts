/** Batches as plain cells and back, one value at a time: slow, plain, and independent of the code under test. */
import {
  type ColumnBatch,
  type ColumnData,
  type ColumnField,
  type RowNumbers,
  rowNumberArray,
} from "../../src/columns/batch.js";
import { columnKind } from "../../src/columns/kinds/kinds.js";

export interface MaskCell {
  imageId: bigint;
  theZ: number;
  theT: number;
  x: number;
  y: number;
  w: number;
  h: number;
  bytes: number[];
}
/** bigint (ids, Long), boolean, number, text, list of numbers or bigints, or mask. */
export type Cell = bigint | boolean | number | string | number[] | bigint[] | MaskCell;

/** All cells of a batch, column by column. */
export function cellsOf(batch: ColumnBatch): Cell[][] {
  return batch.columns.map((column) => Array.from({ length: batch.rowCount }, (_, row) => cellAt(column, row)));
}

export function rowNumbersOf(batch: ColumnBatch): number[] {
  return [...rowNumberArray(batch.rowNumbers, batch.rowCount)];
}

/** Several batches' cells, column by column, and their row numbers. */
export function joinCells(batches: readonly ColumnBatch[]): { rows: number[]; cells: Cell[][] } {
  const cells = batches[0]!.fields.map((_, index) => batches.flatMap((batch) => cellsOf(batch)[index]!));
  return { rows: batches.flatMap(rowNumbersOf), cells };
}

function cellAt(column: ColumnData, row: number): Cell {
  switch (column.kind) {
    case "bool":
      return column.values[row] === 1;
    case "string":
      return new TextDecoder().decode(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]));
    case "array":
      return [...column.values.subarray(row * column.size, (row + 1) * column.size)] as number[] | bigint[];
    case "mask":
      return {
        imageId: column.imageId[row]!,
        theZ: column.theZ[row]!,
        theT: column.theT[row]!,
        x: column.x[row]!,
        y: column.y[row]!,
        w: column.w[row]!,
        h: column.h[row]!,
        bytes: [...column.bytes.subarray(column.offsets[row], column.offsets[row + 1])],
      };
    default:
      return column.values[row]!;
  }
}

/** A batch of the given cells, column by column. */
export function batchOf(
  fields: readonly ColumnField[],
  cells: readonly (readonly Cell[])[],
  rowNumbers: RowNumbers = { start: 0, step: 1 },
): ColumnBatch {
  const columns = fields.map((field, index) => columnOf(field, cells[index]!));
  return { fields, columns, rowCount: cells[0]?.length ?? 0, rowNumbers };
}

function columnOf(field: ColumnField, cells: readonly Cell[]): ColumnData {
  switch (columnKind(field.type)) {
    case "long":
      return { kind: "long", values: BigInt64Array.from(cells as bigint[]) };
    case "bool":
      return { kind: "bool", values: Uint8Array.from(cells as boolean[], Number) };
    case "double":
      return { kind: "double", values: Float64Array.from(cells as number[]) };
    case "string":
      return { kind: "string", ...packed((cells as string[]).map((text) => new TextEncoder().encode(text))) };
    case "array":
      return { kind: "array", size: field.size, values: elementsOf(field, (cells as number[][]).flat()) };
    case "mask":
      return masksOf(cells as MaskCell[]);
  }
}

function elementsOf(field: ColumnField, cells: (number | bigint)[]) {
  if (field.type === "LongArray") return BigInt64Array.from(cells as bigint[]);
  return field.type === "FloatArray" ? Float32Array.from(cells as number[]) : Float64Array.from(cells as number[]);
}

function masksOf(cells: readonly MaskCell[]): ColumnData {
  return {
    kind: "mask",
    imageId: BigInt64Array.from(cells, (mask) => mask.imageId),
    theZ: Int32Array.from(cells, (mask) => mask.theZ),
    theT: Int32Array.from(cells, (mask) => mask.theT),
    x: Float64Array.from(cells, (mask) => mask.x),
    y: Float64Array.from(cells, (mask) => mask.y),
    w: Float64Array.from(cells, (mask) => mask.w),
    h: Float64Array.from(cells, (mask) => mask.h),
    ...packed(cells.map((mask) => Uint8Array.from(mask.bytes))),
  };
}

function packed(pieces: readonly Uint8Array[]): { offsets: Int32Array; bytes: Uint8Array } {
  const offsets = new Int32Array(pieces.length + 1);
  for (const [index, piece] of pieces.entries()) offsets[index + 1] = offsets[index]! + piece.length;
  return { offsets, bytes: Uint8Array.from(pieces.flatMap((piece) => [...piece])) };
}
