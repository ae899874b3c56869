/** A file that vanishes with the process that made it. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "./errors.js";

export interface TemporaryFile {
  readonly handle: FileHandle;
  /** Closes and removes the file. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Makes an empty file in the system's directory for such, readable by this user alone, open for reading and writing.
 * Its name is removed at once where the system allows it: whatever ends the process, nothing stays behind.
 * @throws FileError `CANNOT_WRITE_FILE`
 */
export async function openTemporaryFile(): Promise<TemporaryFile> {
  const path = join(tmpdir(), `omero2frame-${randomUUID()}`);
  const handle = await open(path, "wx+", 0o600).catch((cause) => {
    throw new FileError("CANNOT_WRITE_FILE", `No temporary file can be made in ${tmpdir()}: ${cause.message}`, {
      path,
      cause,
    });
  });
  const named = await rm(path).then(
    () => false,
    () => true,
  );
  let closed = false;
  return {
    handle,
    async close() {
      if (closed) return;
      closed = true;
      await handle.close();
      if (named) await rm(path, { force: true });
    },
  };
}

/** Writes all of `bytes` at `position`, however many writes that takes. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
