/** The SHA-1 of a file while it is written, computed by another thread where there is one. */
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { Thread } from "./thread.js";

/** Told of a file's bytes in order, each block when it has been written. */
export interface FileSha1 {
  wrote(block: Uint8Array): void;
  /** In hexadecimal. */
  finish(): Promise<string>;
}

/** @param thread reads what was written back from the file, which costs less than the sum. */
export function sha1Of(file: FileHandle, thread: Thread | undefined): FileSha1 {
  return thread === undefined ? new OwnSha1() : new ThreadSha1(file, thread);
}

class OwnSha1 implements FileSha1 {
  readonly #hash: Hash = createHash("sha1");

  wrote(block: Uint8Array): void {
    this.#hash.update(block);
  }

  async finish(): Promise<string> {
    return this.#hash.digest("hex");
  }
}

class ThreadSha1 implements FileSha1 {
  readonly #file: FileHandle;
  readonly #thread: Thread;
  #length = 0;
  #failed = false;

  constructor(file: FileHandle, thread: Thread) {
    this.#file = file;
    this.#thread = thread;
  }

  wrote(block: Uint8Array): void {
    this.#length += block.length;
    this.#part(false).catch(() => {
      this.#failed = true;
    });
  }

  async finish(): Promise<string> {
    const found = await this.#part(true).catch(() => undefined);
    return found === undefined || this.#failed ? sha1OfWhole(this.#file, this.#length) : found;
  }

  #part(last: boolean): Promise<string | undefined> {
    return this.#thread.run("sha1", { file: this.#file.fd, stop: this.#length, last });
  }
}

async function sha1OfWhole(file: FileHandle, length: number): Promise<string> {
  const hash = createHash("sha1");
  const block = Buffer.allocUnsafe(1 << 20);
  for (let position = 0; position < length; ) {
    const { bytesRead } = await file.read(block, 0, Math.min(block.length, length - position), position);
    if (bytesRead === 0) break;
    hash.update(block.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash.digest("hex");
}
