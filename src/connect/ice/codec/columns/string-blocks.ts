/** Sequences of strings or of byte sequences, between the wire and Arrow's offsets and bytes. */
import { copyRun, viewed } from "../../../../flow/copy-bytes.js";
import type { InputBuffer } from "../input-buffer.js";
import { type OutputBuffer, sizeOfSize } from "../output-buffer.js";

/** Row `i` is `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`. */
export interface Blobs {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

export function readBlobs(input: InputBuffer): Blobs {
  const count = input.readCount(1);
  const start = input.offset;
  const offsets = new Int32Array(count + 1);
  const end = findOffsets(input, start, offsets);
  const bytes = new Uint8Array(offsets[count]!);
  copyBlobs(input.bytes, start, offsets, bytes);
  input.moveTo(end);
  return { offsets, bytes };
}

/** Fills `offsets` from the sizes on the wire and answers the offset after the last blob. */
function findOffsets(input: InputBuffer, start: number, offsets: Int32Array): number {
  const wire = input.bytes;
  const limit = wire.length;
  let position = start;
  let total = 0;
  for (let row = 1; row < offsets.length; row++) {
    if (position >= limit) throw input.fail(`row ${row - 1} of ${offsets.length - 1} lies past the end`);
    let length = wire[position++]!;
    if (length === 255) {
      if (limit - position < 4) throw input.fail(`row ${row - 1} of ${offsets.length - 1} lies past the end`);
      length = readInt32(wire, position);
      position += 4;
    }
    if (length < 0 || length > limit - position) throw input.fail(`${length} bytes declared in row ${row - 1}`);
    position += length;
    total += length;
    offsets[row] = total;
  }
  return position;
}

function copyBlobs(wire: Uint8Array, start: number, offsets: Int32Array, target: Uint8Array): void {
  const source = viewed(wire);
  const destination = viewed(target);
  let position = start;
  for (let row = 1; row < offsets.length; row++) {
    position += wire[position] === 255 ? 5 : 1;
    const to = offsets[row - 1]!;
    const length = offsets[row]! - to;
    copyRun(source, position, destination, to, length);
    position += length;
  }
}

function readInt32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Offsets must not fall and must stay inside the bytes. The first need not be 0. */
export function areConsistent({ offsets, bytes }: Blobs): boolean {
  if (offsets.length === 0 || offsets[0]! < 0) return false;
  for (let row = 1; row < offsets.length; row++) if (offsets[row]! < offsets[row - 1]!) return false;
  return offsets[offsets.length - 1]! <= bytes.length;
}

/** Writes consistent blobs (see {@link areConsistent}) as an Ice sequence. */
export function writeBlobs(output: OutputBuffer, { offsets, bytes }: Blobs): void {
  const count = offsets.length - 1;
  output.writeSize(count);
  let size = 0;
  for (let row = 0; row < count; row++) {
    const length = offsets[row + 1]! - offsets[row]!;
    size += length + sizeOfSize(length);
  }
  const start = output.allocate(size);
  fillBlobs(output.at(start, size), offsets, bytes);
}

function fillBlobs(target: Uint8Array, offsets: Int32Array, bytes: Uint8Array): void {
  const source = viewed(bytes);
  const destination = viewed(target);
  let to = 0;
  for (let row = 1; row < offsets.length; row++) {
    const from = offsets[row - 1]!;
    const length = offsets[row]! - from;
    if (length < 255) {
      target[to++] = length;
    } else {
      target[to++] = 255;
      for (let shift = 0; shift < 32; shift += 8) target[to++] = length >>> shift;
    }
    copyRun(source, from, destination, to, length);
    to += length;
  }
}
