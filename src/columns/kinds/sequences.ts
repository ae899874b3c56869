/** Byte sequences of any length: row `i` is `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`. */
import type { StringColumn } from "../batch.js";
import type { KindOperations } from "./operations.js";

export interface Sequences {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

export function emptySequences(): Sequences {
  return { offsets: new Int32Array(1), bytes: new Uint8Array(0) };
}

export function sequenceBytes({ offsets }: Sequences): number {
  return offsets.at(-1)! - offsets[0]!;
}

export function sliceSequences({ offsets, bytes }: Sequences, start: number, stop: number): Sequences {
  const first = offsets[start]!;
  if (first === 0) return { offsets: offsets.subarray(start, stop + 1), bytes: bytes.subarray(0, offsets[stop]) };
  return {
    offsets: offsets.slice(start, stop + 1).map((offset) => offset - first),
    bytes: bytes.subarray(first, offsets[stop]),
  };
}

export function joinSequences(parts: readonly Sequences[]): Sequences {
  const rows = parts.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const offsets = new Int32Array(rows + 1);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + sequenceBytes(part), 0));
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

/** The new offsets first, then each run of neighbouring rows in one copy. */
export function takeSequences({ offsets, bytes }: Sequences, positions: Int32Array): Sequences {
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

export const string: KindOperations<StringColumn> = {
  parts: { offsets: Int32Array, bytes: Uint8Array },
  empty: () => ({ kind: "string", ...emptySequences() }),
  length: ({ offsets }) => offsets.length - 1,
  bytes: (column) => column.offsets.byteLength + sequenceBytes(column),
  slice: (column, start, stop) => ({ kind: "string", ...sliceSequences(column, start, stop) }),
  join: (parts) => ({ kind: "string", ...joinSequences(parts) }),
  take: (column, positions) => ({ kind: "string", ...takeSequences(column, positions) }),
};
