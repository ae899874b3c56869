/**
 * One JPEG of many that lie below each other. A decoder begins anew at the restart markers of a JPEG, as at the beginning
 * of its data: what was encoded by itself stands between them as it is.
 */

const [FRAME, SCAN, RESTART_INTERVAL, RESTART, END] = [0xc0, 0xda, 0xdd, 0xd0, 0xd9];
const MARKERS = 8;

/**
 * @param strips made with the same width and tables, all but the last with the same number of blocks
 * @param height of all together
 * @param blocks of each but the last, at most 65535
 */
export function joinStrips(strips: readonly Uint8Array[], height: number, blocks: number): Uint8Array {
  const [first] = strips;
  if (strips.length === 1) return first!;
  const scan = placeOf(first!, SCAN);
  const data = scan + 2 + bigEndian(first!, scan + 2);
  const parts = [first!.subarray(0, scan), Uint8Array.of(0xff, RESTART_INTERVAL, 0, 4, blocks >> 8, blocks)];
  parts.push(first!.subarray(scan, data));
  for (const [index, strip] of strips.entries()) {
    const isLast = index === strips.length - 1;
    parts.push(strip.subarray(data, -2), Uint8Array.of(0xff, isLast ? END : RESTART + (index % MARKERS)));
  }
  const whole = Buffer.concat(parts);
  const heightPlace = placeOf(whole, FRAME) + 5;
  whole.writeUInt16BE(height, heightPlace);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}

/** Where the segment of a marker begins, before the data. */
function placeOf(jpeg: Uint8Array, marker: number): number {
  let at = 2;
  while (jpeg[at + 1] !== marker) at += 2 + bigEndian(jpeg, at + 2);
  return at;
}

function bigEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
