import { throwIfAborted } from "../../../../errors.js";
import { nextTurn } from "../../../node.js";
import { malformedHdf5 } from "../malformed.js";

/** Most bytes that a byte of deflate can stand for. */
const MOST_BYTES_PER_BYTE = 1032;
/** Compressed bytes a step, each of at most 4 MB. */
const STEP = 4096;
/** Bytes inflated between two pauses, in which others have their turn. */
const BETWEEN_PAUSES = 2 << 20;

/**
 * A chunk inflated (zlib's format), in steps with pauses.
 * @throws DataError `MALFORMED_FILE` unless it gives just `length` bytes; AbortError
 */
export async function inflateChunk(
  stored: Uint8Array,
  length: number,
  subject: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (length > stored.length * MOST_BYTES_PER_BYTE) throw damaged(subject, `${stored.length} bytes cannot hold it`);
  const { Inflate } = await import("pako");
  const chunk = new Uint8Array(length);
  const inflate = new Inflate({ chunkSize: Math.min(length, 1 << 20) || 1 });
  let done = 0;
  inflate.onData = (part) => {
    if (part.length > length - done) throw damaged(subject, "it is longer than it should be");
    chunk.set(part, done);
    done += part.length;
  };
  let paused = 0;
  for (let at = 0; at < stored.length && !inflate.ended; at += STEP) {
    inflate.push(stored.subarray(at, at + STEP));
    if (inflate.err !== 0) throw damaged(subject, inflate.msg || `zlib error ${inflate.err}`);
    if (done - paused < BETWEEN_PAUSES) continue;
    paused = done;
    await nextTurn();
    throwIfAborted(signal, "reading the table's file");
  }
  if (!inflate.ended || done !== length) throw damaged(subject, "it ends too early");
  return chunk;
}

function damaged(subject: string, how: string): Error {
  return malformedHdf5(`${subject}: a compressed chunk is damaged: ${how}`);
}
