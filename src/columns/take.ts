/** Rows of a batch by position, gathered into new columns. */
import type { ArrayColumn, ColumnBatch, ColumnData, MaskColumn, RowNumbers } from "./batch.js";

/** The rows of `batch` at `positions`, in that order. `rowNumbers` are those of the rows taken. */
export function takeRows(batch: ColumnBatch, positions: Int32Array, rowNumbers: RowNumbers): ColumnBatch {
  const columns = batch.columns.map((column) => takeFromColumn(column, positions));
  return { fields: batch.fields, columns, rowCount: positions.length, rowNumbers };
}

function takeFromColumn(column: ColumnData, positions: Int32Array): ColumnData {
  switch (column.kind) {
    case "long":
      return { kind: "long", values: takeWords(column.values, positions) };
    case "double":
      return { kind: "double", values: takeWords(column.values, positions) };
    case "bool":
      return { kind: "bool", values: take(column.values, new Uint8Array(positions.length), positions) };
    case "string":
      return { kind: "string", ...takeBytes(column.offsets, column.bytes, positions) };
    case "array":
      return { kind: "array", size: column.size, values: takeElements(column, positions) };
    case "mask":
      return takeMasks(column, positions);
  }
}

type Values = Float64Array | Int32Array | Uint8Array;

function take<V extends Values>(values: V, taken: V, positions: Int32Array): V {
  for (let index = 0; index < positions.length; index++) taken[index] = values[positions[index]!]!;
  return taken;
}

/** Moves 64-bit values as pairs of 32-bit words: no bigint is made, and a NaN keeps its bits. */
function takeWords<V extends Float64Array | BigInt64Array>(values: V, positions: Int32Array): V {
  const taken = (values instanceof Float64Array ? new Float64Array(positions.length) : newLongs(positions.length)) as V;
  const from = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const to = new Int32Array(taken.buffer);
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index]!;
    to[2 * index] = from[2 * position]!;
    to[2 * index + 1] = from[2 * position + 1]!;
  }
  return taken;
}

function newLongs(length: number): BigInt64Array {
  return new BigInt64Array(length);
}

/** Variable-width rows: the new offsets first, then each run of neighbouring rows in one copy. */
function takeBytes(offsets: Int32Array, bytes: Uint8Array, positions: Int32Array) {
  const takenOffsets = new Int32Array(positions.length + 1);
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index]!;
    takenOffsets[index + 1] = takenOffsets[index]! + offsets[position + 1]! - offsets[position]!;
  }
  const taken = new Uint8Array(takenOffsets[positions.length]!);
  for (let index = 0; index < positions.length; ) {
    const first = positions[index]!;
    const target = takenOffsets[index]!;
    let end = index + 1;
    while (end < positions.length && positions[end] === first + (end - index)) end++;
    copyBytes(bytes, offsets[first]!, offsets[first + end - index]!, taken, target);
    index = end;
  }
  return { offsets: takenOffsets, bytes: taken };
}

function copyBytes(from: Uint8Array, start: number, stop: number, to: Uint8Array, target: number): void {
  if (stop - start > 32) to.set(from.subarray(start, stop), target);
  else for (let at = start; at < stop; at++) to[target + at - start] = from[at]!;
}

function takeElements({ size, values }: ArrayColumn, positions: Int32Array): ArrayColumn["values"] {
  if (values instanceof Float32Array)
    return takeGroups(values, new Float32Array(positions.length * size), size, positions);
  if (values instanceof Float64Array)
    return takeGroups(values, new Float64Array(positions.length * size), size, positions);
  return takeGroups(values, newLongs(positions.length * size), size, positions);
}

function takeGroups<V extends Float32Array | Float64Array | BigInt64Array>(
  values: V,
  taken: V,
  size: number,
  positions: Int32Array,
): V {
  for (let index = 0; index < positions.length; index++) {
    const start = positions[index]! * size;
    (taken as Float64Array).set(values.subarray(start, start + size) as Float64Array, index * size);
  }
  return taken;
}

function takeMasks(column: MaskColumn, positions: Int32Array): MaskColumn {
  const { length } = positions;
  return {
    kind: "mask",
    imageId: takeWords(column.imageId, positions),
    theZ: take(column.theZ, new Int32Array(length), positions),
    theT: take(column.theT, new Int32Array(length), positions),
    x: takeWords(column.x, positions),
    y: takeWords(column.y, positions),
    w: takeWords(column.w, positions),
    h: takeWords(column.h, positions),
    ...takeBytes(column.offsets, column.bytes, positions),
  };
}

/** Numbers of all rows of several batches, one element a row. */
export function joinRowNumbers(batches: readonly ColumnBatch[]): Float64Array {
  const joined = new Float64Array(batches.reduce((sum, { rowCount }) => sum + rowCount, 0));
  let at = 0;
  for (const { rowNumbers, rowCount } of batches) {
    if (rowNumbers instanceof Float64Array) joined.set(rowNumbers, at);
    else for (let index = 0; index < rowCount; index++) joined[at + index] = rowNumbers.start + index * rowNumbers.step;
    at += rowCount;
  }
  return joined;
}

/** Bytes the columns of a batch hold. */
export function batchBytes({ columns }: ColumnBatch): number {
  return columns.reduce((sum, column) => sum + columnBytes(column), 0);
}

function columnBytes(column: ColumnData): number {
  switch (column.kind) {
    case "string":
      return column.offsets.byteLength + column.offsets.at(-1)! - column.offsets[0]!;
    case "mask":
      return column.imageId.length * 52 + column.offsets.at(-1)! - column.offsets[0]!;
    default:
      return column.values.byteLength;
  }
}
