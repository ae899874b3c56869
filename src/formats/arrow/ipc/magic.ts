/** What tells Arrow's IPC formats. */

/** What a file begins and ends with (Arrow columnar format, "IPC File Format"). */
export const ARROW_MAGIC = new TextEncoder().encode("ARROW1");
/** A stream begins with this before the length of its first message. */
const CONTINUATION = 0xffffffff;

export function isArrowFile(head: Uint8Array): boolean {
  return ARROW_MAGIC.every((byte, index) => head[index] === byte);
}

export function isArrowStream(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(0, true) === CONTINUATION && view.getInt32(4, true) > 0;
}
