/** Up to this many bytes, a loop over words is faster than a call of `set`. */
const SHORT = 128;

/** Bytes with a view on them, by which words at odd addresses can be moved. */
export interface ViewedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function viewed(bytes: Uint8Array): ViewedBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Copies `source[from] ..< source[from + length]` to `target[to]` onwards. Made for millions of short runs. */
export function copyRun(source: ViewedBytes, from: number, target: ViewedBytes, to: number, length: number): void {
  if (length > SHORT) {
    target.bytes.set(source.bytes.subarray(from, from + length), to);
    return;
  }
  const lastWord = length - 4;
  let moved = 0;
  for (; moved <= lastWord; moved += 4)
    target.view.setInt32(to + moved, source.view.getInt32(from + moved, true), true);
  for (; moved < length; moved++) target.bytes[to + moved] = source.bytes[from + moved]!;
}
