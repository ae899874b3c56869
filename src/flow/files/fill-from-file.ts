import type { FileHandle } from "node:fs/promises";

/** A system reads no more than 2 GiB at once. */
const READ_BYTES = 2 ** 30;

/** Fills `bytes` from a file's `position` on, however many reads that takes. Resolves to how many there were before its end. */
export async function fillFromFile(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, READ_BYTES), position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
