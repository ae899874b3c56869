import type { FileHandle } from "node:fs/promises";

/** Writes all of `bytes`, however many writes that takes: at `position`, or where the last write ended if that is null. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const at = position === null ? null : position + done;
    done += (await file.write(bytes, done, bytes.length - done, at)).bytesWritten;
  }
}
