/**
 * Cells of columns as JSON (RFC 8259): integers in full, doubles in the shortest form that reads back equal, `null` for
 * what is no finite number, text in quotes, arrays as arrays, a mask as an object with its bits in base64.
 */
import type { ArrayColumn, BoolColumn, ColumnData, MaskColumn, StringColumn } from "../../columns/batch.js";
import { wordHalves } from "../../columns/int64.js";
import { applyByKind, type ByKind } from "../../columns/kinds/by-kind.js";
import { maskText } from "../../columns/mask-text.js";
import { ascii, type CellWriter, copyAll, mostTextBytes } from "../csv/write/cell-bytes.js";
import { LONGEST_DOUBLE, writeDouble } from "../csv/write/double-text.js";
import { LONGEST_INTEGER, writeInt64 } from "../csv/write/integer-text.js";

type Write = CellWriter["write"];

const QUOTE = 34;
const COMMA = 44;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const SPACE = 32;
const HEX = ascii("0123456789abcdef");
const NULL = ascii("null");
const TRUE = ascii("true");
const FALSE = ascii("false");
const CONTROL = ascii("\\u00");
/** A control character is `\u0000`. */
const LONGEST_ESCAPE = 6;

const CELLS: ByKind<CellWriter> = {
  long: ({ values }) => ({ longest: LONGEST_INTEGER, write: int64Writer(values) }),
  double: ({ values }) => ({ longest: LONGEST_DOUBLE, write: doubleWriter(values) }),
  bool: boolCells,
  string: textCells,
  array: arrayCells,
  mask: maskCells,
};

export function jsonCells(column: ColumnData): CellWriter {
  return applyByKind(CELLS, column);
}

function int64Writer(values: BigInt64Array): Write {
  const halves = wordHalves(values);
  return (out, at, row) => writeInt64(out, at, halves, row);
}

function doubleWriter(values: Float64Array | Float32Array): Write {
  return (out, at, row) => {
    const value = values[row]!;
    return Number.isFinite(value) ? writeDouble(out, at, value) : copyAll(NULL, out, at);
  };
}

function boolCells({ values }: BoolColumn): CellWriter {
  return { longest: FALSE.length, write: (out, at, row) => copyAll(values[row] === 0 ? FALSE : TRUE, out, at) };
}

function textCells({ offsets, bytes }: StringColumn): CellWriter {
  return {
    longest: 2 + LONGEST_ESCAPE * mostTextBytes(offsets),
    write: (out, at, row) => writeJsonText(bytes, offsets[row]!, offsets[row + 1]!, out, at),
  };
}

/** Writes text of UTF-8 in quotes. Takes at most 2 bytes and {@link LONGEST_ESCAPE} for each byte of it. */
export function writeJsonText(bytes: Uint8Array, start: number, stop: number, out: Uint8Array, at: number): number {
  let position = at;
  out[position++] = QUOTE;
  for (let index = start; index < stop; index++) {
    const byte = bytes[index]!;
    if (byte < SPACE) {
      position = copyAll(CONTROL, out, position);
      out[position++] = HEX[byte >> 4]!;
      out[position++] = HEX[byte & 15]!;
      continue;
    }
    if (byte === QUOTE || byte === BACKSLASH) out[position++] = BACKSLASH;
    out[position++] = byte;
  }
  out[position++] = QUOTE;
  return position;
}

function arrayCells({ size, values }: ArrayColumn): CellWriter {
  const element = values instanceof BigInt64Array ? int64Writer(values) : doubleWriter(values);
  const write: Write = (out, at, row) => {
    let position = at;
    out[position++] = OPEN;
    for (let index = row * size; index < (row + 1) * size; index++) {
      if (index > row * size) out[position++] = COMMA;
      position = element(out, position, index);
    }
    out[position++] = CLOSE;
    return position;
  };
  return { longest: 2 + size * (LONGEST_DOUBLE + 1), write };
}

function maskCells(column: MaskColumn): CellWriter {
  const encoder = new TextEncoder();
  // Base64 makes four bytes of three; each of seven numbers takes up to LONGEST_DOUBLE.
  return {
    longest: 400 + 2 * mostTextBytes(column.offsets),
    write: (out, at, row) => copyAll(encoder.encode(maskText(column, row)), out, at),
  };
}
