/** Attaching files: any file's bytes, stored and linked to objects. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConnectionOption, checkConnectionOption, withConnection } from "../connect/connection-option.js";
import { createFile, type OmeroConnection, type RemoteFile } from "../connect/index.js";
import type { LinkTarget } from "../connect/link-target.js";
import { ArgumentError, DataError, FileError, throwIfAborted } from "../errors.js";
import type { OnProgress } from "../table.js";
import { type AnnotationText, attachFile } from "./attachment.js";
import { emitWarning, type OnWarning } from "./column-types.js";
import { FileMaking } from "./file-making.js";
import { checkTargets, type LinkOptions, linkTargets } from "./links.js";
import { mimetypeOf } from "./mimetypes.js";
import { undo, uploadFailure } from "./upload-failure.js";

export interface UploadFileOptions extends ConnectionOption, LinkOptions, AnnotationText {
  /** Name on the server. Default: that of the file. */
  readonly name?: string | undefined;
  /** Media type. Default: by the name's ending, else `application/octet-stream`. */
  readonly mimetype?: string | undefined;
  /** Bytes a call. Default 8 MiB. */
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes sent. */
  readonly onProgress?: OnProgress | undefined;
  readonly onWarning?: OnWarning | undefined;
}

export interface UploadedFile {
  readonly annotationId: bigint;
  readonly fileId: bigint;
  /** Bytes. */
  readonly size: number;
  /** SHA-1 in hexadecimal. */
  readonly sha1: string;
}

const DEFAULT_CHUNK = 8 << 20;

/**
 * Stores a file of this machine and attaches it to objects, as `uploadTable` does with tables. The server's checksum is
 * compared with ours. After a failure nothing of it is left.
 *
 * @throws FileError `CANNOT_READ_FILE`; ArgumentError `INVALID_ARGUMENT`; TableError `NOT_FOUND` for an object to attach
 * to: nothing was made
 * @throws TableError `UPLOAD_FAILED` with `cause`; AbortError
 */
export async function uploadFile(path: string | URL, options: UploadFileOptions): Promise<UploadedFile> {
  const targets = linkTargets(options);
  checkConnectionOption(options);
  checkChunk(options.chunkSize);
  throwIfAborted(options.signal, "uploadFile");
  const local = await LocalFile.open(path);
  try {
    return await withConnection(options, async (connection) => {
      const group = await checkTargets(connection, targets, options.onWarning ?? emitWarning, options.signal);
      return new FileUpload(connection, group, targets, local, options).run();
    });
  } finally {
    await local.close();
  }
}

function checkChunk(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 1)) return;
  throw new ArgumentError("INVALID_ARGUMENT", `chunkSize ${String(bytes)} must be a whole number of bytes, from 1`);
}

/** A file to read from its beginning, whose errors name it. */
class LocalFile {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

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

  async *blocks(length: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let position = 0; ; ) {
      const block = new Uint8Array(length);
      const { bytesRead } = await this.#handle.read(block, 0, length, position).catch((cause) => {
        throw cannotRead(this.path, cause);
      });
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function cannotRead(path: string, cause: unknown): FileError {
  return new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
}

class FileUpload {
  readonly #connection: OmeroConnection;
  readonly #group: bigint;
  readonly #targets: readonly LinkTarget[];
  readonly #local: LocalFile;
  readonly #options: UploadFileOptions;
  readonly #making: FileMaking<RemoteFile>;
  readonly #name: string;

  constructor(
    connection: OmeroConnection,
    group: bigint,
    targets: readonly LinkTarget[],
    local: LocalFile,
    options: UploadFileOptions,
  ) {
    this.#connection = connection;
    this.#group = group;
    this.#targets = targets;
    this.#local = local;
    this.#options = options;
    this.#name = options.name ?? basename(local.path);
    const { mimetype = mimetypeOf(this.#name) } = options;
    const make = () => createFile(connection, { name: this.#name, mimetype, group });
    this.#making = new FileMaking(connection, { name: this.#name, mimetype, group, work: "uploadFile", make });
  }

  async run(): Promise<UploadedFile> {
    const { signal } = this.#options;
    try {
      const stored = await this.#store();
      const fileId = this.#making.made!.file.id;
      const annotationId = await attachFile(
        this.#connection,
        fileId,
        this.#targets,
        this.#group,
        this.#options,
        signal,
      );
      return { annotationId, fileId, ...stored };
    } catch (error) {
      await this.#making.made?.close();
      const remains = await undo(this.#connection, this.#making, this.#group);
      throw uploadFailure(error, remains, { work: "uploadFile", what: `File "${this.#name}"`, signal });
    } finally {
      this.#making.done();
    }
  }

  async #store(): Promise<{ size: number; sha1: string }> {
    const { signal } = this.#options;
    const file = await this.#making.make(signal);
    const { size, sha1 } = await this.#send(file);
    const saved = await file.save({ signal });
    await file.close();
    if (saved.size !== undefined && saved.size !== size) {
      throw new DataError("CHECKSUM_MISMATCH", `the server holds ${saved.size} bytes where ${size} were sent`);
    }
    if (saved.sha1 !== undefined && saved.sha1 !== sha1) {
      throw new DataError("CHECKSUM_MISMATCH", `the server's SHA-1 is ${saved.sha1} where ${sha1} was sent`);
    }
    return { size, sha1 };
  }

  /** Sends all bytes, the next block read meanwhile. */
  async #send(file: RemoteFile): Promise<{ size: number; sha1: string }> {
    const { signal, onProgress, chunkSize = DEFAULT_CHUNK } = this.#options;
    const hash = createHash("sha1");
    const total = this.#local.size;
    let sent = 0;
    onProgress?.({ done: 0, total, unit: "bytes" });
    for await (const block of this.#local.blocks(chunkSize)) {
      const writing = file.write(sent, block, { signal });
      hash.update(block);
      await writing;
      sent += block.length;
      onProgress?.({ done: sent, total, unit: "bytes" });
    }
    return { size: sent, sha1: hash.digest("hex") };
  }
}
