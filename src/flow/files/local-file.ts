/** A file of this machine that is sent. */
import { type FileHandle, open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FileError } from "../../errors.js";

/** A file to read from its beginning, whose errors name it. */
export class LocalFile {
  readonly path: string;
  readonly size: number;
  readonly handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.handle = handle;
  }

  /** @throws FileError `CANNOT_READ_FILE` */
  static async open(source: string | URL): Promise<LocalFile> {
    const path = source instanceof URL ? fileURLToPath(source) : source;
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, "r");
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Error("it is no file");
      return new LocalFile(path, stats.size, handle);
    } catch (cause) {
      await handle?.close();
      throw cannotRead(path, cause);
    }
  }

  /** A file that is open, and is not closed with this. `path` is what errors call it. */
  static async of(handle: FileHandle, path: string): Promise<LocalFile> {
    return new LocalFile(path, (await handle.stat()).size, handle);
  }

  /** The bytes in blocks. One is overwritten when `alive` more were taken. */
  async *blocks(length: number, alive: number): AsyncGenerator<Uint8Array, void, undefined> {
    const buffers: Uint8Array[] = [];
    for (let position = 0; ; ) {
      const block = buffers.length > alive ? buffers.shift()! : new Uint8Array(Math.min(length, this.size + 1));
      buffers.push(block);
      const { bytesRead } = await this.handle.read(block, 0, block.length, position).catch((cause) => {
        throw cannotRead(this.path, cause);
      });
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

function cannotRead(path: string, cause: unknown): FileError {
  return new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
}
