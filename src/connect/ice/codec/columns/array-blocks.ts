/** Sequences of equally long sequences of numbers, between the wire and one typed array. */

import { littleEndianBytes, toNativeOrder } from "../../../../columns/int64.js";
import { type ArrayColumnType, elementArray } from "../../../../columns/kinds/array.js";
import { copyRun, viewed } from "../../../../flow/copy-bytes.js";
import type { InputBuffer } from "../input-buffer.js";
import { type OutputBuffer, sizeOfSize } from "../output-buffer.js";

export type ArrayValues = Float32Array | Float64Array | BigInt64Array;

/**
 * Reads rows of numbers. All must have the length of the first, which must not be 0.
 * @returns `rowSize`, undefined without rows, and row `i` at `values[i * rowSize] ..< values[(i + 1) * rowSize]`.
 */
export function readArrayRows(
  input: InputBuffer,
  type: ArrayColumnType,
): { rowSize: number | undefined; values: ArrayValues } {
  const width = elementArray(type).BYTES_PER_ELEMENT;
  const count = input.readCount(1);
  if (count === 0) return { rowSize: undefined, values: new (elementArray(type))(0) as ArrayValues };
  const first = input.offset;
  const rowSize = input.readCount(width);
  if (rowSize === 0) throw input.fail("array rows without elements");
  const headerSize = input.offset - first;
  const stride = headerSize + rowSize * width;
  if (count * stride > input.bytes.length - first) {
    throw input.fail(`${count} array rows of ${rowSize} declared, ${input.bytes.length - first} bytes left`);
  }
  const bytes = new Uint8Array(count * rowSize * width);
  const ragged = copyRows(input.bytes, first, headerSize, bytes, rowSize * width);
  if (ragged !== -1) throw input.fail(`array row ${ragged} has another length than row 0`);
  input.moveTo(first + count * stride);
  return { rowSize, values: new (elementArray(type))(toNativeOrder(bytes.buffer, width)) as ArrayValues };
}

/** Copies the rows without their sizes; answers the first row whose size differs from row 0's, or -1. */
function copyRows(wire: Uint8Array, first: number, headerSize: number, target: Uint8Array, rowBytes: number): number {
  const source = viewed(wire);
  const destination = viewed(target);
  let position = first;
  for (let to = 0; to < target.length; to += rowBytes) {
    for (let index = 0; index < headerSize; index++) {
      if (wire[position + index] !== wire[first + index]) return to / rowBytes;
    }
    copyRun(source, position + headerSize, destination, to, rowBytes);
    position += headerSize + rowBytes;
  }
  return -1;
}

/** Writes rows of `rowSize` numbers as a sequence of sequences. */
export function writeArrayRows(output: OutputBuffer, values: ArrayValues, rowSize: number): void {
  const count = values.length === 0 ? 0 : values.length / rowSize;
  output.writeSize(count);
  if (count === 0) return;
  const bytes = littleEndianBytes(values);
  const rowBytes = rowSize * values.BYTES_PER_ELEMENT;
  const headerSize = sizeOfSize(rowSize);
  const size = count * (headerSize + rowBytes);
  const start = output.allocate(size);
  fillRows(output.at(start, size), bytes, rowSize, rowBytes);
}

function fillRows(target: Uint8Array, bytes: Uint8Array, rowSize: number, rowBytes: number): void {
  const source = viewed(bytes);
  const destination = viewed(target);
  let to = 0;
  for (let from = 0; from < bytes.length; from += rowBytes) {
    if (rowSize < 255) {
      target[to++] = rowSize;
    } else {
      target[to++] = 255;
      for (let shift = 0; shift < 32; shift += 8) target[to++] = rowSize >>> shift;
    }
    copyRun(source, from, destination, to, rowBytes);
    to += rowBytes;
  }
}
