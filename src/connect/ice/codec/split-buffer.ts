import type { IceBuffer, IceOutputStream, IceRuntime } from "../transport/ice-runtime.js";

/**
 * The buffer of an outgoing message in two parts: `b`, written by Ice, and after it bytes that are sent from where
 * they lie. Positions and limit count through both.
 */
export interface SplitBuffer extends IceBuffer {
  readonly tail: Uint8Array;
  /** Is called once all bytes have gone out. */
  readonly sent?: (() => void) | undefined;
}

/** Smaller tails are cheaper to copy than to send apart. */
const WORTH_SPLITTING = 1 << 14;

/**
 * Puts `tail` after what a stream holds: nothing can be written to the stream afterwards.
 * @param sent is called once nobody looks at the tail any more, unless the connection ends before.
 */
export function appendTail(ice: IceRuntime, stream: IceOutputStream, tail: Uint8Array, sent?: () => void): void {
  if (tail.length < WORTH_SPLITTING) {
    stream.buffer.reserve(stream.size + tail.length);
    stream.writeBlob(tail);
    sent?.();
    return;
  }
  const buffer = new ice.Buffer(stream.buffer.b.slice(0, stream.size));
  const { limit } = buffer;
  stream._buf = Object.assign(buffer, { tail, sent, _limit: limit + tail.length });
}

/** The bytes of an outgoing message from its position on, `most` at most. */
export function nextBytes(buffer: IceBuffer & Partial<SplitBuffer>, most: number): Uint8Array {
  const { b, position, remaining, tail } = buffer;
  const count = Math.min(remaining, most);
  if (tail === undefined) return new Uint8Array(b, position, count);
  const inTail = position - b.byteLength;
  if (inTail >= 0) return tail.subarray(inTail, inTail + count);
  return new Uint8Array(b, position, Math.min(count, -inTail));
}
