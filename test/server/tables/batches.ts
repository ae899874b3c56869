/** Random columns and batches of every type. */
import fc from "fast-check";
import type { ColumnBatch, ColumnData, ColumnField, ColumnType } from "../../../src/columns/batch.js";
import { COLUMN_TYPES, field } from "../../../src/columns/batch.js";
import { columnKind } from "../../../src/columns/kinds/kinds.js";

/** One column of each type. */
export const EVERY_FIELD: readonly ColumnField[] = COLUMN_TYPES.map((type) => field(`a ${type}`, type, sizeOf(type)));

function sizeOf(type: ColumnType): number {
  return type === "String" ? 12 : columnKind(type) === "array" ? 3 : 1;
}

/** Row `seed` of a column, as plain values. */
export type Cell = bigint | number | string | readonly (bigint | number)[];

export function cell({ type, size }: ColumnField, seed: number): Cell {
  const long = BigInt(seed) * 1_234_567_890_123n - 5n;
  switch (columnKind(type)) {
    case "long":
      return long;
    case "bool":
      return seed % 2;
    case "double":
      return seed % 5 === 0 ? Number.NaN : seed / 3;
    case "string":
      return ["", "ä", "Nucleus", "🧬x", "a b"][seed % 5]!;
    case "array":
      return Array.from({ length: size }, (_, index) =>
        type === "LongArray" ? long + BigInt(index) : seed + index / 2,
      );
    case "mask":
      return [
        long,
        seed % 100,
        1,
        0.5,
        1.5,
        seed,
        2,
        ...Array.from({ length: seed % 4 }, (_, index) => (seed + index) % 256),
      ];
  }
}

/** The column whose rows are the cells of these seeds. */
export function columnOf(columnField: ColumnField, seeds: readonly number[]): ColumnData {
  const cells = seeds.map((seed) => cell(columnField, seed));
  switch (columnKind(columnField.type)) {
    case "long":
      return { kind: "long", values: BigInt64Array.from(cells as bigint[]) };
    case "bool":
      return { kind: "bool", values: Uint8Array.from(cells as number[]) };
    case "double":
      return { kind: "double", values: Float64Array.from(cells as number[]) };
    case "string":
      return { kind: "string", ...joined(cells.map((text) => new TextEncoder().encode(text as string))) };
    case "array":
      return { kind: "array", size: columnField.size, values: arrayOf(columnField.type, cells.flat() as never) };
    case "mask":
      return maskOf(cells as (bigint | number)[][]);
  }
}

function arrayOf(type: ColumnType, values: bigint[] & number[]) {
  if (type === "LongArray") return BigInt64Array.from(values);
  return type === "FloatArray" ? Float32Array.from(values) : Float64Array.from(values);
}

function maskOf(cells: (bigint | number)[][]): ColumnData {
  const part = (index: number) => cells.map((row) => Number(row[index]));
  return {
    kind: "mask",
    imageId: BigInt64Array.from(cells, (row) => row[0] as bigint),
    theZ: Int32Array.from(part(1)),
    theT: Int32Array.from(part(2)),
    x: Float64Array.from(part(3)),
    y: Float64Array.from(part(4)),
    w: Float64Array.from(part(5)),
    h: Float64Array.from(part(6)),
    ...joined(cells.map((row) => Uint8Array.from(row.slice(7), Number))),
  };
}

function joined(rows: readonly Uint8Array[]): { offsets: Int32Array; bytes: Uint8Array } {
  const offsets = new Int32Array(rows.length + 1);
  for (const [row, { length }] of rows.entries()) offsets[row + 1] = offsets[row]! + length;
  return { offsets, bytes: Uint8Array.from(rows.flatMap((row) => [...row])) };
}

export function batchOf(
  fields: readonly ColumnField[],
  seeds: readonly number[],
  rowNumbers?: Float64Array,
): ColumnBatch {
  return {
    fields,
    columns: fields.map((columnField) => columnOf(columnField, seeds)),
    rowCount: seeds.length,
    rowNumbers: rowNumbers ?? { start: 0, step: 1 },
  };
}

export const seeds = (options: { minLength?: number; maxLength?: number } = {}) =>
  fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40, ...options });
