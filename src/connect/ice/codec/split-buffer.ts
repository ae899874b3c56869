import type { IceBuffer, IceOutputStream, IceRuntime } from "../transport/ice-runtime.js";

/**
 * The buffer of an outgoing message in parts: `b`, written by Ice, and after it bytes that are sent from where they lie.
 * Positions and limit count through all.
 */
export interface SplitBuffer extends IceBuffer {
  readonly tails: readonly Uint8Array[];
  /** Is called once all bytes have gone out. */
  readonly sent?: (() => void) | undefined;
}

/** Smaller tails are cheaper to copy than to send apart. */
const WORTH_SPLITTING = 1 << 14;

/**
 * Puts `tails` after what a stream holds: nothing can be written to the stream afterwards.
 * @param sent is called once nobody looks at the tails any more, unless the connection ends before.
 */
export function appendTails(
  ice: IceRuntime,
  stream: IceOutputStream,
  tails: readonly Uint8Array[],
  sent?: () => void,
): void {
  const size = lengthOf(tails);
  if (size < WORTH_SPLITTING) {
    stream.buffer.reserve(stream.size + size);
    for (const tail of tails) stream.writeBlob(tail);
    sent?.();
    return;
  }
  const buffer = new ice.Buffer(stream.buffer.b.slice(0, stream.size));
  const { limit } = buffer;
  stream._buf = Object.assign(buffer, { tails, sent, _limit: limit + size });
}

export function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, { length }) => total + length, 0);
}

/** The bytes of an outgoing message from its position on, `most` at most. */
export function nextBytes(buffer: IceBuffer & Partial<SplitBuffer>, most: number): Uint8Array {
  const { b, position, remaining, tails } = buffer;
  const count = Math.min(remaining, most);
  if (tails === undefined) return new Uint8Array(b, position, count);
  let start = position - b.byteLength;
  if (start < 0) return new Uint8Array(b, position, Math.min(count, -start));
  const tail = tails.find(({ length }) => {
    if (start < length) return true;
    start -= length;
    return false;
  });
  return tail!.subarray(start, start + count);
}
