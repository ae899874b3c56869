/** A file that vanishes with the process that made it. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "../../errors.js";
import { writeAll } from "./write-all.js";

export interface TemporaryFile {
  readonly handle: FileHandle;
  /**
   * Writes all of `bytes` at `position`, however many writes that takes.
   * @throws FileError `CANNOT_WRITE_FILE`, where the disk is full for example
   */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The FileError for what another writer of the file failed with. */
  failure(cause: unknown): FileError;
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
    const message = `No temporary file can be made in ${tmpdir()}: ${cause.message}`;
    throw new FileError("CANNOT_WRITE_FILE", message, { path, cause });
  });
  const named = await rm(path).then(
    () => false,
    () => true,
  );
  let closed = false;
  const failure = (cause: unknown) => {
    const message = `Cannot write a temporary file in ${tmpdir()}: ${(cause as Error).message}`;
    return new FileError("CANNOT_WRITE_FILE", message, { path, cause });
  };
  return {
    handle,
    failure,
    async write(bytes, position) {
      try {
        await writeAll(handle, bytes, position);
      } catch (cause) {
        throw failure(cause);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      await handle.close();
      if (named) await rm(path, { force: true });
    },
  };
}
