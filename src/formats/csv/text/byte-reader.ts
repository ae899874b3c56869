/** Bytes one after the other, from a file or a stream. */
import type { FileHandle } from "../../node.js";

export interface ByteReader {
  /** Fills `target` from its start with the next bytes and returns how many; 0 at the end. */
  read(target: Uint8Array): Promise<number>;
  /** Releases what the reader holds. Safe to call twice. */
  close(): Promise<void>;
}

/** What a stream of CSV may consist of. */
export type ByteChunk = Uint8Array | string;

/** Reads an open file from its beginning; the file stays open. */
export class FileReader implements ByteReader {
  readonly #file: FileHandle;
  #position = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read(target: Uint8Array): Promise<number> {
    const { bytesRead } = await this.#file.read(target, 0, target.length, this.#position);
    this.#position += bytesRead;
    return bytesRead;
  }

  async close(): Promise<void> {}
}

/** Reads what an iterable of chunks gives. Text counts as UTF-8. */
export class ChunkReader implements ByteReader {
  readonly #chunks: AsyncIterator<ByteChunk> | Iterator<ByteChunk>;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(chunks: AsyncIterable<ByteChunk> | Iterable<ByteChunk>) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  async read(target: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      if (this.#ended) return 0;
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#ended = true;
      else this.#rest = typeof value === "string" ? Buffer.from(value, "utf8") : value;
    }
    const count = Math.min(target.length, this.#rest.length);
    target.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#chunks.return?.();
  }
}

/** Gives back bytes that were read ahead, then goes on with the reader they came from. */
export class PrefixedReader implements ByteReader {
  #prefix: Uint8Array;
  readonly #rest: ByteReader;

  constructor(prefix: Uint8Array, rest: ByteReader) {
    this.#prefix = prefix;
    this.#rest = rest;
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#prefix.length === 0) return this.#rest.read(target);
    const count = Math.min(target.length, this.#prefix.length);
    target.set(this.#prefix.subarray(0, count));
    this.#prefix = this.#prefix.subarray(count);
    return count;
  }

  close(): Promise<void> {
    return this.#rest.close();
  }
}

/** Reads until `target` is full or the end is reached; returns the count of bytes. */
export async function readFully(reader: ByteReader, target: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const count = await reader.read(target.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
