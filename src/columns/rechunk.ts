/** Batches cut and joined to another number of rows. */
import type { ArrayColumn, ColumnBatch, ColumnData, MaskColumn, StringColumn } from "./batch.js";

/** Rows `start ..< stop` of a column, sharing its memory. */
export function sliceColumn(column: ColumnData, start: number, stop: number): ColumnData {
  switch (column.kind) {
    case "long":
      return { kind: "long", values: column.values.subarray(start, stop) };
    case "double":
      return { kind: "double", values: column.values.subarray(start, stop) };
    case "bool":
      return { kind: "bool", values: column.values.subarray(start, stop) };
    case "string":
      return { kind: "string", ...sliceBytes(column, start, stop) };
    case "array":
      return { ...column, values: column.values.subarray(start * column.size, stop * column.size) };
    case "mask":
      return sliceMasks(column, start, stop);
  }
}

function sliceBytes({ offsets, bytes }: Pick<StringColumn, "offsets" | "bytes">, start: number, stop: number) {
  const first = offsets[start]!;
  if (first === 0) return { offsets: offsets.subarray(start, stop + 1), bytes: bytes.subarray(0, offsets[stop]) };
  return {
    offsets: offsets.slice(start, stop + 1).map((offset) => offset - first),
    bytes: bytes.subarray(first, offsets[stop]),
  };
}

function sliceMasks(column: MaskColumn, start: number, stop: number): MaskColumn {
  return {
    kind: "mask",
    imageId: column.imageId.subarray(start, stop),
    theZ: column.theZ.subarray(start, stop),
    theT: column.theT.subarray(start, stop),
    x: column.x.subarray(start, stop),
    y: column.y.subarray(start, stop),
    w: column.w.subarray(start, stop),
    h: column.h.subarray(start, stop),
    ...sliceBytes(column, start, stop),
  };
}

/** The rows of `parts` one after the other. All parts are of one kind, and of one size if they are arrays. */
export function joinColumns(parts: readonly ColumnData[]): ColumnData {
  const [first] = parts;
  if (parts.length === 1) return first!;
  switch (first!.kind) {
    case "long":
      return { kind: "long", values: joined(parts as readonly { values: BigInt64Array }[], BigInt64Array) };
    case "double":
      return { kind: "double", values: joined(parts as readonly { values: Float64Array }[], Float64Array) };
    case "bool":
      return { kind: "bool", values: joined(parts as readonly { values: Uint8Array }[], Uint8Array) };
    case "string":
      return { kind: "string", ...joinBytes(parts as readonly StringColumn[]) };
    case "array":
      return joinArrays(parts as readonly ArrayColumn[]);
    case "mask":
      return joinMasks(parts as readonly MaskColumn[]);
  }
}

type Values = BigInt64Array | Float64Array | Float32Array | Int32Array | Uint8Array;

function joined<V extends Values>(parts: readonly { values: V }[], type: new (length: number) => V): V {
  const all = new type(parts.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of parts) {
    all.set(values as never, at);
    at += values.length;
  }
  return all;
}

function joinBytes(parts: readonly Pick<StringColumn, "offsets" | "bytes">[]) {
  const rows = parts.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const length = parts.reduce((sum, { offsets }) => sum + offsets.at(-1)! - offsets[0]!, 0);
  const offsets = new Int32Array(rows + 1);
  const bytes = new Uint8Array(length);
  let row = 0;
  let at = 0;
  for (const part of parts) {
    const first = part.offsets[0]!;
    bytes.set(part.bytes.subarray(first, part.offsets.at(-1)!), at);
    for (let index = 1; index < part.offsets.length; index++) offsets[++row] = at + part.offsets[index]! - first;
    at = offsets[row]!;
  }
  return { offsets, bytes };
}

function joinArrays(parts: readonly ArrayColumn[]): ArrayColumn {
  const { size, values } = parts[0]!;
  return { kind: "array", size, values: joined(parts, values.constructor as new (length: number) => typeof values) };
}

function joinMasks(parts: readonly MaskColumn[]): MaskColumn {
  function field<K extends "imageId" | "theZ" | "theT" | "x" | "y" | "w" | "h">(name: K): MaskColumn[K] {
    const values = parts.map((part) => ({ values: part[name] as Values }));
    return joined(values, parts[0]![name].constructor as new (length: number) => Values) as MaskColumn[K];
  }
  return {
    kind: "mask",
    imageId: field("imageId"),
    theZ: field("theZ"),
    theT: field("theT"),
    x: field("x"),
    y: field("y"),
    w: field("w"),
    h: field("h"),
    ...joinBytes(parts),
  };
}

/**
 * The rows of `batches`, which follow each other from row `firstRow`, in batches of `rows` rows; the last may hold
 * fewer. Batches without rows are left out.
 */
export async function* rebatch(
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  rows: number,
  firstRow = 0,
): AsyncGenerator<ColumnBatch, void, undefined> {
  let waiting: ColumnBatch[] = [];
  let waitingRows = 0;
  let start = firstRow;
  for await (const batch of batches) {
    let taken = 0;
    while (taken < batch.rowCount) {
      const count = Math.min(rows - waitingRows, batch.rowCount - taken);
      waiting.push(sliceBatch(batch, taken, taken + count));
      taken += count;
      waitingRows += count;
      if (waitingRows < rows) break;
      yield joinBatches(waiting, start);
      start += rows;
      waiting = [];
      waitingRows = 0;
    }
  }
  if (waitingRows > 0) yield joinBatches(waiting, start);
}

function sliceBatch(batch: ColumnBatch, start: number, stop: number): ColumnBatch {
  if (start === 0 && stop === batch.rowCount) return batch;
  const columns = batch.columns.map((column) => sliceColumn(column, start, stop));
  return { fields: batch.fields, columns, rowCount: stop - start, rowNumbers: { start: 0, step: 1 } };
}

function joinBatches(parts: readonly ColumnBatch[], start: number): ColumnBatch {
  const { fields } = parts[0]!;
  return {
    fields,
    columns: fields.map((_, index) => joinColumns(parts.map(({ columns }) => columns[index]!))),
    rowCount: parts.reduce((sum, { rowCount }) => sum + rowCount, 0),
    rowNumbers: { start, step: 1 },
  };
}
