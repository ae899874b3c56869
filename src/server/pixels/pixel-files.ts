/** The bytes of pixels: one local file each, named by the id of its Pixels. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeAll } from "../../flow/files/write-all.js";
import { keepPrivate, listNames, moveAside } from "../world/disk/aside.js";

const NAME = /^\d+$/;

export class PixelFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  path(id: bigint): string {
    return join(this.#directory, String(id));
  }

  async exists(id: bigint): Promise<boolean> {
    return (await this.size(id)) !== undefined;
  }

  /** In bytes; undefined where there is none yet. */
  async size(id: bigint): Promise<number | undefined> {
    try {
      return (await stat(this.path(id))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** A file of zeros. False where there is one already. */
  async create(id: bigint, size: number): Promise<boolean> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    try {
      const file = await open(this.path(id), "wx", 0o600);
      await file.truncate(size).finally(() => file.close());
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  async openForReading(id: bigint): Promise<FileHandle> {
    return open(this.path(id), "r");
  }

  async read(id: bigint, position: number, length: number): Promise<Uint8Array> {
    const file = await this.openForReading(id);
    try {
      return await readExactly(file, position, length);
    } finally {
      await file.close();
    }
  }

  async write(id: bigint, position: number, bytes: Uint8Array): Promise<void> {
    const file = await open(this.path(id), "r+");
    try {
      await writeAll(file, bytes, position);
    } finally {
      await file.close();
    }
  }

  /** SHA-1 of all its bytes. */
  async digest(id: bigint): Promise<Buffer> {
    const hash = createHash("sha1");
    for await (const chunk of createReadStream(this.path(id), { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
    return hash.digest();
  }

  async remove(id: bigint): Promise<void> {
    await rm(this.path(id), { force: true });
  }

  /** Closes what is there to all but its owner. */
  keepPrivate(): Promise<void> {
    return keepPrivate(this.#directory, NAME);
  }

  /**
   * Moves files of no known pixels, which a server that was killed may leave, into the folder `unknown` beside this one.
   * @returns where each now is.
   */
  async setUnknownAside(isKnown: (id: bigint) => boolean): Promise<string[]> {
    const moved: string[] = [];
    for (const name of await listNames(this.#directory)) {
      if (NAME.test(name) && !isKnown(BigInt(name))) moved.push(await moveAside(this.#directory, name, "pixels-"));
    }
    return moved;
  }
}

/** As many bytes as were asked for, zeros after the end of the file. */
export async function readExactly(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes;
}
