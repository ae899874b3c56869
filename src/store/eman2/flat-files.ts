/** The flat files that hold the pixels of a database's images, kept open while one image follows the other. */
import { existsSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../../errors.js";
import { fillFromFile } from "../../flow/files/fill-from-file.js";

/** A virtual stack may have its images in many files. */
const MOST_OPEN = 16;

interface FlatFile {
  readonly handle: FileHandle;
  readonly size: number;
}

export class FlatFiles implements AsyncDisposable {
  readonly #open = new Map<string, FlatFile>();

  /** @throws DataError `MALFORMED_FILE` where there is no such file, or it is too short */
  async read(path: string, position: number, length: number): Promise<Uint8Array> {
    const { handle, size } = await this.#file(path);
    if (position + length > size) throw tooShort(path);
    const bytes = new Uint8Array(length);
    if ((await fillFromFile(handle, bytes, position)) < length) throw tooShort(path);
    return bytes;
  }

  async #file(path: string): Promise<FlatFile> {
    const found = this.#open.get(path);
    if (found !== undefined) return found;
    if (!existsSync(path)) {
      throw new DataError("MALFORMED_FILE", `the file of its pixels, ${path}, is missing`, { path });
    }
    if (this.#open.size === MOST_OPEN) await this[Symbol.asyncDispose]();
    const handle = await open(path, "r");
    try {
      const file = { handle, size: (await handle.stat()).size };
      this.#open.set(path, file);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const files = [...this.#open.values()];
    this.#open.clear();
    for (const { handle } of files) await handle.close();
  }
}

function tooShort(path: string): DataError {
  return new DataError("MALFORMED_FILE", `${path} ends before its pixels do`, { path });
}
