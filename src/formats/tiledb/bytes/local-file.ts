/** Files of an array on this machine, read at positions that are checked against their size. */

import { FileError } from "../../../errors.js";
import { type FileHandle, open } from "../../node.js";
import { malformedArray } from "./byte-reader.js";

export class ArrayFile implements AsyncDisposable {
  readonly path: string;
  /** Bytes in the file. */
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, size: number) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
  }

  /** @throws DataError `MALFORMED_FILE` where the file, which belongs to the array, is missing; FileError `CANNOT_READ_FILE`. */
  static async open(path: string): Promise<ArrayFile> {
    const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === "ENOENT" ? malformedArray(path, "it is missing", cause) : cannotRead(path, cause);
    });
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw malformedArray(path, "it is no regular file");
      return new ArrayFile(path, handle, status.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes `start ..< stop`, in memory of their own. @throws DataError `MALFORMED_FILE` where the file is shorter. */
  async read(start: number, stop: number): Promise<Uint8Array> {
    if (!(start >= 0 && start <= stop && stop <= this.size)) {
      throw malformedArray(this.path, `bytes ${start} to ${stop} of ${this.size}`);
    }
    const bytes = new Uint8Array(stop - start);
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#handle
        .read(bytes, done, bytes.length - done, start + done)
        .catch((cause) => Promise.reject(cannotRead(this.path, cause)));
      if (bytesRead === 0) throw malformedArray(this.path, `it ends before byte ${stop}`);
      done += bytesRead;
    }
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

export function cannotRead(path: string, cause: Error): FileError {
  return new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${cause.message}`, { path, cause });
}
