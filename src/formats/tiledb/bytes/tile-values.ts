/** The bytes of a decoded tile as column values. */
import type { ColumnData, StringColumn } from "../../../columns/batch.js";
import { firstNotUtf8 } from "../../../columns/texts.js";
import { DataError } from "../../../errors.js";
import type { Storage } from "../datatypes.js";
import type { Attribute } from "../schema.js";
import { malformedArray } from "./byte-reader.js";

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
  if (storage === "bool") return { kind: "bool", values: bytes.map((value) => (value === 0 ? 0 : 1)) };
  if (storage === "text") throw new TypeError("text has its own decoder");
  if (type === "FloatArray") return { kind: "array", size, values: new Float32Array(at.buffer, at.byteOffset, count) };
  if (storage === "float32" || storage === "float64") {
    const values = storage === "float64" ? new Float64Array(at.buffer, at.byteOffset, count) : widened(at, count);
    return type === "Double" ? { kind: "double", values } : { kind: "array", size, values };
  }
  const values = int64s(storage, at, count, name, path);
  return type === "LongArray" ? { kind: "array", size, values } : { kind: "long", values };
}

/** A column without rows. */
export function emptyCells(attribute: Attribute): ColumnData {
  const none = new Uint8Array(0);
  return attribute.storage === "text" ? decodeText(none, none, 0, "") : decodeValues(none, attribute, 0, "");
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
  const offsets = new Int32Array(cells + 1);
  let before = 0;
  for (let cell = 0; cell < cells; cell++) before = offsets[cell] = startOf(starts, cell, before, text.length, path);
  offsets[cells] = text.length;
  const foreign = firstNotUtf8({ offsets, bytes: text });
  if (foreign >= 0) throw malformedArray(path, `text that is not UTF-8, in cell ${foreign} of ${cells}`);
  return { kind: "string", offsets, bytes: text };
}

/** Bytes of the longest of the texts that begin at `starts` in `length` bytes. */
export function longestText(starts: Uint8Array, length: number, path: string): number {
  let longest = 0;
  let before = 0;
  for (let cell = 0; cell < starts.length / 8; cell++) {
    const start = startOf(starts, cell, before, length, path);
    if (start - before > longest) longest = start - before;
    before = start;
  }
  return Math.max(longest, length - before);
}

/** Where a cell begins: the first one at 0, none before the one ahead of it or beyond the end. */
function startOf(starts: Uint8Array, cell: number, before: number, length: number, path: string): number {
  const at = cell * 8;
  const start = starts[at]! + starts[at + 1]! * 0x100 + starts[at + 2]! * 0x10000 + starts[at + 3]! * 0x1000000;
  const high = starts[at + 4]! | starts[at + 5]! | starts[at + 6]! | starts[at + 7]!;
  if (high !== 0 || start < before || start > length || (cell === 0 && start !== 0)) {
    throw malformedArray(path, `text that begins at ${start} of ${length} bytes`);
  }
  return start;
}
