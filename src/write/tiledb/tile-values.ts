/** The bytes of a decoded tile as column values. */
import type { ColumnData, StringColumn } from "../../batch.js";
import { DataError } from "../../errors.js";
import { malformed } from "./byte-reader.js";
import type { Storage } from "./datatypes.js";
import type { Attribute } from "./schema.js";

type Buffers = { buffer: ArrayBuffer; byteOffset: number };

/** @param bytes exactly `cells` cells of the attribute, in memory of their own. @throws DataError `VALUE_DOES_NOT_FIT` for a uint64 beyond int64. */
export function decodeValues(
  bytes: Uint8Array,
  { name, storage, size, type }: Attribute,
  cells: number,
  path: string,
): ColumnData {
  const count = cells * size;
  const at: Buffers = { buffer: bytes.buffer as ArrayBuffer, byteOffset: bytes.byteOffset };
  if (storage === "bool") return { kind: "bool", values: bytes };
  if (storage === "text") throw new TypeError("text has its own decoder");
  if (type === "FloatArray") return { kind: "array", size, values: new Float32Array(at.buffer, at.byteOffset, count) };
  if (storage === "float32" || storage === "float64") {
    const values = storage === "float64" ? new Float64Array(at.buffer, at.byteOffset, count) : widened(at, count);
    return type === "Double" ? { kind: "double", values } : { kind: "array", size, values };
  }
  const values = int64s(storage, at, count, name, path);
  return type === "LongArray" ? { kind: "array", size, values } : { kind: "long", values };
}

function widened(at: Buffers, count: number): Float64Array {
  return Float64Array.from(new Float32Array(at.buffer, at.byteOffset, count));
}

const INTEGERS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
};

function int64s(storage: Storage, at: Buffers, count: number, column: string, path: string): BigInt64Array {
  if (storage === "int64") return new BigInt64Array(at.buffer, at.byteOffset, count);
  if (storage === "uint64") {
    const whole = new BigInt64Array(at.buffer, at.byteOffset, count);
    const row = whole.findIndex((value) => value < 0n);
    if (row < 0) return whole;
    const message = `column "${column}" of ${path} holds ${BigInt.asUintN(64, whole[row]!)}, more than a Long column can`;
    throw new DataError("VALUE_DOES_NOT_FIT", message, { column, path });
  }
  const narrow = new INTEGERS[storage as keyof typeof INTEGERS](at.buffer, at.byteOffset, count);
  return BigInt64Array.from({ length: count }, (_, i) => BigInt(narrow[i]!));
}

/** @param starts where each cell begins in `text`, as uint64. */
export function decodeText(starts: Uint8Array, text: Uint8Array, cells: number, path: string): StringColumn {
  const view = new DataView(starts.buffer, starts.byteOffset, starts.byteLength);
  const offsets = new Int32Array(cells + 1);
  for (let cell = 0; cell < cells; cell++) {
    const start = view.getUint32(cell * 8, true);
    const before = cell === 0 ? 0 : offsets[cell - 1]!;
    const wrong = view.getUint32(cell * 8 + 4, true) !== 0 || start < before || start > text.length;
    if (wrong || (cell === 0 && start !== 0))
      throw malformed(path, `text that begins at ${start} of ${text.length} bytes`);
    offsets[cell] = start;
  }
  offsets[cells] = text.length;
  return { kind: "string", offsets, bytes: text };
}
