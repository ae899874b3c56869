/**
 * Cells of columns as CSV bytes, as pandas' `to_csv` writes what omero2pandas reads: integers in full, doubles in the
 * shortest form that reads back equal, nothing for NaN, `True` and `False`, text quoted where it must be, arrays as
 * Python lists. A mask, which omero2pandas cannot read, is a JSON object with its bits in base64.
 */

import type {
  ArrayColumn,
  BoolColumn,
  ColumnData,
  DoubleColumn,
  MaskColumn,
  StringColumn,
} from "../../../columns/batch.js";
import { wordHalves } from "../../../columns/int64.js";
import { applyByKind, type ByKind } from "../../../columns/kinds/by-kind.js";
import { maskText } from "../../../columns/mask-text.js";
import { ascii, type CellWriter, copyAll, copyBytes, mostTextBytes } from "./cell-bytes.js";
import { LONGEST_DOUBLE, writeDouble } from "./double-text.js";
import { LONGEST_INTEGER, writeInt64 } from "./integer-text.js";

const QUOTE = 34;
const SPACE = 32;
const OPEN = 91;
const CLOSE = 93;
/** Bytes that make a cell need quotes whatever stands between cells: quote, line feed and carriage return. */
const SPECIAL = [QUOTE, 10, 13];
const TRUE = ascii("True");
const FALSE = ascii("False");

/** What stands between cells. */
export const COMMA = 44;
export const TAB = 9;
export type Delimiter = typeof COMMA | typeof TAB;

const WRITERS: { readonly [D in Delimiter]: ByKind<CellWriter> } = { [COMMA]: writersOf(COMMA), [TAB]: writersOf(TAB) };

function writersOf(delimiter: Delimiter): ByKind<CellWriter> {
  const isSpecial = specialBytes(delimiter);
  return {
    long: longWriter,
    double: doubleWriter,
    bool: boolWriter,
    string: (column) => textWriter(column, isSpecial),
    array: (column) => arrayWriter(column, delimiter),
    mask: (column) => maskWriter(column, isSpecial),
  };
}

/** Which bytes make a cell need quotes. */
export function specialBytes(delimiter: Delimiter): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte === delimiter || SPECIAL.includes(byte) ? 1 : 0));
}

export function cellWriter(column: ColumnData, delimiter: Delimiter = COMMA): CellWriter {
  return applyByKind(WRITERS[delimiter], column);
}

function longWriter({ values }: { readonly values: BigInt64Array }): CellWriter {
  const halves = wordHalves(values);
  return { longest: LONGEST_INTEGER, write: (out, at, row) => writeInt64(out, at, halves, row) };
}

function doubleWriter({ values }: DoubleColumn): CellWriter {
  const write = (out: Uint8Array, at: number, row: number) => {
    const value = values[row]!;
    return Number.isNaN(value) ? at : writeDouble(out, at, value);
  };
  return { longest: LONGEST_DOUBLE, write };
}

function boolWriter({ values }: BoolColumn): CellWriter {
  return { longest: FALSE.length, write: (out, at, row) => copyAll(values[row] === 0 ? FALSE : TRUE, out, at) };
}

function textWriter({ offsets, bytes }: StringColumn, isSpecial: Uint8Array): CellWriter {
  const longest = 2 + 2 * mostTextBytes(offsets);
  const used = bytes.subarray(offsets[0], offsets[offsets.length - 1]);
  const isPlain = isSpecial.every((special, byte) => special === 0 || !used.includes(byte));
  const write: CellWriter["write"] = isPlain
    ? (out, at, row) => copyBytes(bytes, offsets[row]!, offsets[row + 1]!, out, at)
    : (out, at, row) => writeText(bytes, offsets[row]!, offsets[row + 1]!, out, at, isSpecial);
  return { longest, write };
}

/** Writes a text as it is, or in quotes if it holds a special byte. */
export function writeText(
  bytes: Uint8Array,
  start: number,
  stop: number,
  out: Uint8Array,
  at: number,
  isSpecial: Uint8Array,
): number {
  for (let index = start; index < stop; index++) {
    if (isSpecial[bytes[index]!]) return writeQuoted(bytes, start, stop, out, at);
  }
  return copyBytes(bytes, start, stop, out, at);
}

function writeQuoted(bytes: Uint8Array, start: number, stop: number, out: Uint8Array, at: number): number {
  let position = at;
  out[position++] = QUOTE;
  for (let index = start; index < stop; index++) {
    const byte = bytes[index]!;
    if (byte === QUOTE) out[position++] = QUOTE;
    out[position++] = byte;
  }
  out[position++] = QUOTE;
  return position;
}

/** `"[1.0, nan]"`: in quotes where a comma stands between elements, and would between cells. */
function arrayWriter({ size, values }: ArrayColumn, delimiter: Delimiter): CellWriter {
  const element = elementWriter(values);
  const quoted = size > 1 && delimiter === COMMA;
  const write = (out: Uint8Array, at: number, row: number) => {
    let position = at;
    if (quoted) out[position++] = QUOTE;
    out[position++] = OPEN;
    for (let index = row * size; index < (row + 1) * size; index++) {
      if (index > row * size) {
        out[position++] = COMMA;
        out[position++] = SPACE;
      }
      position = element(out, position, index);
    }
    out[position++] = CLOSE;
    if (quoted) out[position++] = QUOTE;
    return position;
  };
  return { longest: 4 + size * (LONGEST_DOUBLE + 2), write };
}

function elementWriter(values: ArrayColumn["values"]): CellWriter["write"] {
  if (values instanceof BigInt64Array) return longWriter({ values }).write;
  return (out, at, index) => writeDouble(out, at, values[index]!);
}

function maskWriter(column: MaskColumn, isSpecial: Uint8Array): CellWriter {
  const encoder = new TextEncoder();
  const write = (out: Uint8Array, at: number, row: number) => {
    const text = encoder.encode(maskText(column, row));
    return writeText(text, 0, text.length, out, at, isSpecial);
  };
  // Base64 makes four bytes of three; numbers take up to LONGEST_DOUBLE and every quote is doubled.
  return { longest: 400 + 2 * mostTextBytes(column.offsets), write };
}
