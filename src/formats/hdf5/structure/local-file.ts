import { ArgumentError, FileError } from "../../../errors.js";
import { writeAll } from "../../../flow/files/write-all.js";
import { type FileHandle, open } from "../../node.js";
import { FieldReader } from "./field-reader.js";
import { malformedHdf5 } from "./malformed.js";

export type OpenMode = "read" | "write" | "create";

/** A file by its name, or one that is open already, for example because it has no name any more. */
export type FileSource = string | FileHandle;

/** What a file is called in messages. */
export function sourceName(source: FileSource): string {
  return typeof source === "string" ? source : "the open file";
}

/** Of a file that is made; whoever gives it its final name gives it the mode as well. */
const NEW_FILE_MODE = 0o600;
const FLAGS = { read: "r", write: "r+", create: "wx+" } as const;

/** A file on this machine, read and written at positions. Reads beyond its end are errors. */
export class Hdf5File {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #closes: boolean;
  /** Where the HDF5 file begins; others may have put something before it. All positions count from there. */
  #base = 0;
  /** Bytes from there to the end. */
  size: number;
  #closed = false;

  private constructor(source: FileSource, handle: FileHandle, size: number) {
    this.path = sourceName(source);
    this.#handle = handle;
    this.#closes = typeof source === "string";
    this.size = size;
  }

  /**
   * A file that is open already stays open when this is closed.
   * @throws FileError `CANNOT_READ_FILE`, `CANNOT_WRITE_FILE`
   * @throws ArgumentError `FILE_EXISTS` where it is to be created and is there.
   */
  static async open(source: FileSource, mode: OpenMode): Promise<Hdf5File> {
    const handle = typeof source === "string" ? await openHandle(source, mode) : source;
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw cannot("read", sourceName(source), new Error("it is no regular file"));
      return new Hdf5File(source, handle, status.size);
    } catch (error) {
      if (handle !== source) await handle.close();
      throw error;
    }
  }

  get base(): number {
    return this.#base;
  }

  /** Says where the HDF5 file begins. */
  set base(base: number) {
    this.size -= base - this.#base;
    this.#base = base;
  }

  /** Identifies the file however it is reached. */
  async identity(): Promise<string> {
    const { dev, ino } = await this.#handle.stat({ bigint: true });
    return `${dev}:${ino}`;
  }

  /** `length` bytes from `position`, as the structure named `subject`. */
  async fields(position: number, length: number, subject: string): Promise<FieldReader> {
    if (position < 0 || length > this.size - position)
      throw malformedHdf5(`${subject} lies beyond the end of the file`);
    const bytes = new Uint8Array(length);
    await this.read(bytes, position);
    return new FieldReader(bytes, subject);
  }

  /** Fills `target` from `position` on. */
  async read(target: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await this.#handle
        .read(target, done, target.length - done, this.#base + position + done)
        .catch((error) => Promise.reject(cannot("read", this.path, error)));
      if (bytesRead === 0) throw malformedHdf5(`the file ends before byte ${position + target.length}`);
      done += bytesRead;
    }
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    await writeAll(this.#handle, bytes, this.#base + position).catch((error) =>
      Promise.reject(cannot("write", this.path, error)),
    );
    this.size = Math.max(this.size, position + bytes.length);
  }

  /** Makes the file at least `size` bytes long; what is added is zeros. */
  async extend(size: number): Promise<void> {
    if (size <= this.size) return;
    await this.#handle.truncate(this.#base + size).catch((error) => Promise.reject(cannot("write", this.path, error)));
    this.size = size;
  }

  /** Makes the file at most `size` bytes long. */
  async cut(size: number): Promise<void> {
    if (size >= this.size) return;
    await this.#handle.truncate(this.#base + size).catch((error) => Promise.reject(cannot("write", this.path, error)));
    this.size = size;
  }

  /** Returns when what was written is on the disk. */
  async sync(): Promise<void> {
    await this.#handle.datasync().catch((error) => Promise.reject(cannot("write", this.path, error)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#closes) await this.#handle.close();
  }
}

async function openHandle(path: string, mode: OpenMode): Promise<FileHandle> {
  try {
    return await open(path, FLAGS[mode], NEW_FILE_MODE);
  } catch (error) {
    throw openError(path, mode, error as NodeJS.ErrnoException);
  }
}

function openError(path: string, mode: OpenMode, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "EEXIST") return new ArgumentError("FILE_EXISTS", `${path} is already there`, { path, cause });
  return cannot(mode === "read" ? "read" : "write", path, cause);
}

function cannot(action: "read" | "write", path: string, cause: Error): FileError {
  const code = action === "read" ? "CANNOT_READ_FILE" : "CANNOT_WRITE_FILE";
  return new FileError(code, `Cannot ${action} ${path}: ${cause.message}`, { path, cause });
}
