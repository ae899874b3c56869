/** Where CSV comes from: a file, which can be read again, or a stream, which is kept in a temporary file for that. */

import { DataError, FileError } from "../../../errors.js";
import { clearUp } from "../../../flow/failures.js";
import { openTemporaryFile, type TemporaryFile } from "../../../flow/files/temporary-file.js";
import { type FileHandle, fileURLToPath, open } from "../../node.js";
import { type ByteChunk, type ByteReader, ChunkReader, FileReader } from "./byte-reader.js";

/** Path of a file, or its bytes or text in chunks; plain or compressed by gzip. */
export type CsvInput = string | URL | AsyncIterable<ByteChunk> | Iterable<ByteChunk>;

export interface RereadableBytes {
  /** Bytes from the beginning. Only one reader is used at a time. */
  open(): Promise<ByteReader>;
  /** Bytes in total, where known. */
  readonly size: number | undefined;
  close(): Promise<void>;
}

/** @throws FileError `CANNOT_READ_FILE` */
export async function openCsvInput(input: CsvInput): Promise<RereadableBytes> {
  if (typeof input === "string" || input instanceof URL) return openFile(input);
  return new SpooledBytes(new ChunkReader(input), await openTemporaryFile());
}

async function openFile(input: string | URL): Promise<RereadableBytes> {
  const path = typeof input === "string" && !input.startsWith("file://") ? input : fileURLToPath(input);
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const { size, mtimeMs } = await file.stat();
    await file.read(new Uint8Array(1), 0, 1, 0);
    return new FileBytes(path, file, size, mtimeMs);
  } catch (cause) {
    await file?.close();
    throw cannotRead(path, cause);
  }
}

function cannotRead(path: string, cause: unknown): FileError {
  return new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
}

class FileBytes implements RereadableBytes {
  readonly size: number;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #modified: number;
  #closed = false;

  constructor(path: string, file: FileHandle, size: number, modified: number) {
    this.#path = path;
    this.#file = file;
    this.size = size;
    this.#modified = modified;
  }

  async open(): Promise<ByteReader> {
    const { size, mtimeMs } = await this.#file.stat();
    if (size !== this.size || mtimeMs !== this.#modified) {
      const message = `${this.#path} was changed while it was read. Try again when nothing writes to it.`;
      throw new DataError("MALFORMED_FILE", message, { path: this.#path });
    }
    const reader = new FileReader(this.#file);
    const read = (target: Uint8Array) =>
      reader.read(target).catch((cause) => {
        throw cannotRead(this.#path, cause);
      });
    return { read, close: async () => {} };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }
}

/** A stream's bytes, written to a file while they are read first, and taken from that when they are read again. */
class SpooledBytes implements RereadableBytes {
  readonly size = undefined;
  readonly #stream: ByteReader;
  readonly #spool: TemporaryFile;
  /** Bytes in the file. */
  #kept = 0;

  constructor(stream: ByteReader, spool: TemporaryFile) {
    this.#stream = stream;
    this.#spool = spool;
  }

  /** What is in the file, then what the stream has not given yet. */
  async open(): Promise<ByteReader> {
    const spooled = new FileReader(this.#spool.handle);
    let left = this.#kept;
    const read = async (target: Uint8Array) => {
      if (left === 0) return this.#readAndKeep(target);
      const count = await spooled.read(target.subarray(0, left));
      left -= count;
      return count;
    };
    return { read, close: async () => {} };
  }

  async #readAndKeep(target: Uint8Array): Promise<number> {
    const count = await this.#stream.read(target);
    await this.#spool.write(target.subarray(0, count), this.#kept);
    this.#kept += count;
    return count;
  }

  async close(): Promise<void> {
    await clearUp(() => this.#stream.close());
    await this.#spool.close();
  }
}
