/** Whether a batch keeps what batches promise (`src/columns/batch.ts`), whatever it was made from. */
import { isUtf8 } from "node:buffer";
import { type ColumnBatch, type ColumnData, rowNumberArray, type StringColumn } from "../../src/columns/batch.js";
import { columnKind, columnLength } from "../../src/columns/kinds/kinds.js";

/** @throws Error naming the promise that is broken. */
export function checkBatch({ fields, columns, rowCount, rowNumbers }: ColumnBatch): void {
  if (fields.length !== columns.length) throw new Error(`${fields.length} fields, ${columns.length} columns`);
  for (const [index, column] of columns.entries()) {
    const { name, type } = fields[index]!;
    if (column.kind !== columnKind(type)) throw new Error(`column ${name} of ${type} is ${column.kind}`);
    if (columnLength(column) !== rowCount)
      throw new Error(`column ${name}: ${columnLength(column)} of ${rowCount} rows`);
    checkColumn(name, column);
  }
  const numbers = rowNumberArray(rowNumbers, rowCount);
  if (numbers.length !== rowCount || !numbers.every(Number.isSafeInteger)) throw new Error("row numbers");
}

function checkColumn(name: string, column: ColumnData): void {
  if (column.kind === "bool" && column.values.some((value) => value > 1)) throw new Error(`${name}: a bool over 1`);
  if (column.kind === "array" && !Number.isInteger(columnLength(column))) throw new Error(`${name}: part of a row`);
  if (column.kind === "mask") {
    const { imageId, theZ, theT, x, y, w, h } = column;
    const lengths = [theZ, theT, x, y, w, h].map(({ length }) => length);
    if (lengths.some((length) => length !== imageId.length)) throw new Error(`${name}: lengths ${lengths}`);
  }
  if (column.kind === "string" || column.kind === "mask") checkOffsets(name, column.offsets, column.bytes.length);
  if (column.kind === "string") checkTexts(name, column);
}

function checkTexts(name: string, { offsets, bytes }: StringColumn): void {
  const wrong = offsets.findIndex((offset, row) => !isUtf8(bytes.subarray(offset, offsets[row + 1])));
  if (wrong >= 0) throw new Error(`${name}: row ${wrong} is no UTF-8`);
}

function checkOffsets(name: string, offsets: Int32Array, length: number): void {
  const ordered = offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]!);
  if (!ordered || offsets[0]! < 0 || offsets.at(-1)! > length) throw new Error(`${name}: offsets out of order`);
}
