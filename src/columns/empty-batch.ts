/** A batch of no rows: what an empty selection gives, with the right columns and types. */
import { type ColumnBatch, type ColumnData, type ColumnField, columnKind } from "./batch.js";

export function emptyBatch(fields: readonly ColumnField[]): ColumnBatch {
  return { fields, columns: fields.map(emptyColumn), rowCount: 0, rowNumbers: { start: 0, step: 1 } };
}

function emptyColumn({ type, size }: ColumnField): ColumnData {
  switch (columnKind(type)) {
    case "long":
      return { kind: "long", values: new BigInt64Array(0) };
    case "bool":
      return { kind: "bool", values: new Uint8Array(0) };
    case "double":
      return { kind: "double", values: new Float64Array(0) };
    case "string":
      return { kind: "string", offsets: new Int32Array(1), bytes: new Uint8Array(0) };
    case "array":
      return { kind: "array", size, values: emptyElements(type) };
    case "mask":
      return {
        kind: "mask",
        imageId: new BigInt64Array(0),
        theZ: new Int32Array(0),
        theT: new Int32Array(0),
        x: new Float64Array(0),
        y: new Float64Array(0),
        w: new Float64Array(0),
        h: new Float64Array(0),
        offsets: new Int32Array(1),
        bytes: new Uint8Array(0),
      };
  }
}

function emptyElements(type: ColumnField["type"]): Float32Array | Float64Array | BigInt64Array {
  if (type === "FloatArray") return new Float32Array(0);
  return type === "DoubleArray" ? new Float64Array(0) : new BigInt64Array(0);
}
