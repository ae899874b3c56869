/** The bytes of pixels: one local file each, named by the id of its Pixels. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import { keepPrivate, listNames, moveAside } from "../world/disk/aside.js";
import { NOTE_SUFFIX, RecentWrites, recoverWrites, WholeWrites } from "./whole-writes.js";

const NAME = /^\d+$/;

export class PixelFiles {
  readonly #directory: string;
  readonly #recent = new RecentWrites();

  constructor(directory: string) {
    this.#directory = directory;
  }

  path(id: bigint): string {
    return join(this.#directory, String(id));
  }

  async exists(id: bigint): Promise<boolean> {
    return isThere(this.path(id));
  }

  /** In bytes; undefined where there is none yet. */
  async size(id: bigint): Promise<number | undefined> {
    return sizeOf(this.path(id));
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

  /** @param buffer where the bytes are put, if it is given. */
  async read(id: bigint, position: number, length: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const file = await this.openForReading(id);
    try {
      return await readExactly(file, position, length, buffer);
    } finally {
      await file.close();
    }
  }

  /** For the one who made it. */
  openForWriting(id: bigint): WholeWrites {
    return new WholeWrites(this.path(id), this.#recent);
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

  /** Leaves no file with half of what was being written when the server was killed. */
  async recover(): Promise<void> {
    for (const name of await listNames(this.#directory)) {
      if (!name.endsWith(NOTE_SUFFIX)) continue;
      const path = join(this.#directory, name.slice(0, -NOTE_SUFFIX.length));
      if (await isThere(path)) await recoverWrites(path);
      else await rm(path + NOTE_SUFFIX);
    }
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

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== undefined;
}

/** As many bytes as were asked for, zeros after the end of the file; in a buffer to be used again, unless one is given. */
export async function readExactly(
  file: FileHandle,
  position: number,
  length: number,
  buffer?: Uint8Array,
): Promise<Uint8Array> {
  const bytes = buffer ? buffer.subarray(0, length) : reusedBuffers.take(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) {
      bytes.fill(0, done);
      break;
    }
    done += bytesRead;
  }
  return bytes;
}
