/** The content of OriginalFiles: one local file each, named by its id. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { writeAll } from "../../flow/files/write-all.js";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import { apiUsage } from "../exceptions.js";
import { keepPrivate, moveAside } from "./disk/aside.js";

/** Of content, and of copies of it. */
const NAME = /^(\d+)(\.part)?$/;

export class FileContents {
  readonly #directory: string;
  /** Bytes of the largest file that can be written. */
  readonly maximumSize: number;

  constructor(directory: string, maximumSize: number) {
    this.#directory = directory;
    this.maximumSize = maximumSize;
  }

  /** Makes the folder; what is in it is for its owner alone. */
  async prepare(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await keepPrivate(this.#directory, NAME);
  }

  /**
   * Moves content of no known file into the folder `unknown` beside this one, and removes copies that were not finished:
   * what a server that was killed may leave, or one whose objects were put back from an older copy.
   * @returns where each now is.
   */
  async setUnknownAside(isKnown: (id: bigint) => boolean): Promise<string[]> {
    const moved: string[] = [];
    for (const name of await readdir(this.#directory)) {
      const [, id, part] = NAME.exec(name) ?? [];
      if (id === undefined || (part === undefined && isKnown(BigInt(id)))) continue;
      if (part === undefined) moved.push(await moveAside(this.#directory, name));
      else await rm(join(this.#directory, name), { force: true });
    }
    return moved;
  }

  /** When the content was last written, in milliseconds since 1970; undefined if there is none. */
  async writtenAt(id: bigint): Promise<number | undefined> {
    return (await this.#stats(id))?.mtimeMs;
  }

  path(id: bigint): string {
    return join(this.#directory, String(id));
  }

  /** In bytes; undefined if the file has no content yet. */
  async size(id: bigint): Promise<number | undefined> {
    return (await this.#stats(id))?.size;
  }

  /** Fewer bytes than asked for where the file ends; in a buffer to be used again. */
  async read(id: bigint, position: number, length: number): Promise<Uint8Array> {
    const size = (await this.size(id)) ?? 0;
    const bytes = reusedBuffers.take(Math.max(0, Math.min(length, size - position)));
    if (bytes.length === 0) return bytes;
    return this.#with(id, "r", async (file) => {
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    });
  }

  /** @throws IceUserException ApiUsage for a position that cannot be. */
  async write(id: bigint, position: number, bytes: Uint8Array): Promise<void> {
    if (!(position >= 0 && position + bytes.length <= this.maximumSize)) {
      throw apiUsage(`Cannot write ${bytes.length} bytes at ${position}: files end before ${this.maximumSize}`);
    }
    await this.#with(id, constants.O_RDWR | constants.O_CREAT, (file) => writeAll(file, bytes, position));
  }

  /** Cuts the file to `length` bytes. False if it is no longer than that. */
  async truncate(id: bigint, length: number): Promise<boolean> {
    if (length < 0 || ((await this.size(id)) ?? 0) <= length) return false;
    await truncate(this.path(id), length);
    return true;
  }

  /** Returns when what was written is on the disk. */
  async sync(id: bigint): Promise<void> {
    await this.#with(id, "r", (file) => file.datasync()).catch((error: NodeJS.ErrnoException) => {
      // It was removed meanwhile.
      if (error.code !== "ENOENT") throw error;
    });
  }

  async remove(id: bigint): Promise<void> {
    await rm(this.path(id), { force: true });
  }

  async #stats(id: bigint): Promise<Stats | undefined> {
    try {
      return await stat(this.path(id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async #with<T>(id: bigint, flags: string | number, use: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await open(this.path(id), flags, 0o600);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
}
