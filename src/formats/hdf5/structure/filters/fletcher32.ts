import { malformedHdf5 } from "../malformed.js";

export const FLETCHER32_BYTES = 4;
/** Sums of so many 16-bit words stay within 32 bits. */
const WORDS_AT_ONCE = 360;

/** The bytes before the checksum at the end. @throws DataError `MALFORMED_FILE` unless it is theirs */
export function checkFletcher32(bytes: Uint8Array, subject: string): Uint8Array {
  const length = bytes.length - FLETCHER32_BYTES;
  if (length < 0) throw malformedHdf5(`${subject}: a chunk is shorter than its checksum`);
  const content = bytes.subarray(0, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset + length, FLETCHER32_BYTES);
  const stored = view.getUint32(0, true);
  const sum = fletcher32(content);
  // HDF5 up to 1.6.2 on little-endian machines stored the bytes of each half the other way round.
  const swapped = (((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff)) >>> 0;
  if (stored !== sum && stored !== swapped) throw malformedHdf5(`${subject}: a chunk does not fit its checksum`);
  return content;
}

/** Fletcher's checksum of big-endian 16-bit words, as HDF5 reckons it (`H5_checksum_fletcher32`). */
export function fletcher32(bytes: Uint8Array): number {
  let first = 0;
  let second = 0;
  const wordBytes = bytes.length & ~1;
  for (let at = 0; at < wordBytes; ) {
    const end = Math.min(wordBytes, at + 2 * WORDS_AT_ONCE);
    for (; at < end; at += 2) {
      first += (bytes[at]! << 8) | bytes[at + 1]!;
      second += first;
    }
    first = fold(first);
    second = fold(second);
  }
  if (wordBytes < bytes.length) {
    first += bytes[wordBytes]! << 8;
    second = fold(second + first);
    first = fold(first);
  }
  return ((fold(second) << 16) | fold(first)) >>> 0;
}

function fold(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}
