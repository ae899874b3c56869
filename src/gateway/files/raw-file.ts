/** Files kept by OMERO, read and written through `omero::api::RawFileStore`. */
import { createHash } from "node:crypto";
import type { OmeroConnection } from "../../connect/connection.js";
import { type GroupRef, resolveGroup } from "../../connect/groups.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { RawFileStore } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { RemoteObject } from "../../connect/remote-object.js";
import { ArgumentError, DataError, ServerError } from "../../errors.js";
import { rstring } from "../../rtypes.js";
import {
  type FileRef,
  fileContext,
  findOriginalFile,
  type OriginalFileInfo,
  originalFileInfo,
} from "./original-file.js";

const RAW_FILE_STORE = "::omero::api::RawFileStore";

/** Bytes in a block, unless asked for otherwise: large enough to make the wait for each answer small. */
export const DEFAULT_BLOCK_SIZE = 4 << 20;
/** Blocks asked for ahead of the one that is used. */
const DEFAULT_IN_FLIGHT = 4;

export interface FileCallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface BlockOptions extends FileCallOptions {
  /** First byte; 0 unless given. */
  readonly start?: number;
  /** Byte after the last; the file's size unless given. */
  readonly stop?: number;
  /** Bytes in a block but the last. Default 4 MiB. */
  readonly blockSize?: number;
  /** Blocks in flight or in memory. Default 4. */
  readonly inFlight?: number;
  /**
   * Compare the SHA-1 of what was read with the one the server noted, if the whole file is read and there is one.
   * Default false.
   */
  readonly verify?: boolean;
}

export interface NewFile {
  readonly name: string;
  /** Folder the file is said to come from. Default empty. */
  readonly path?: string;
  readonly mimetype: string;
  /** Group to keep it in; the connection's own unless given. */
  readonly group?: GroupRef | undefined;
}

/**
 * Opens a file by its id or that of its annotation, in whichever group it is. Close it when done.
 * @throws TableError `NOT_FOUND`
 */
export async function openFile(
  connection: OmeroConnection,
  ref: FileRef,
  options: FileCallOptions = {},
): Promise<RemoteFile> {
  const file = await findOriginalFile(connection, ref, options);
  return RemoteFile.open(connection, file, options);
}

/** Makes an empty file. Write to it, `save` it and close it. Never repeated. */
export async function createFile(
  connection: OmeroConnection,
  { name, path = "", mimetype, group }: NewFile,
  { signal }: FileCallOptions = {},
): Promise<RemoteFile> {
  const id =
    group === undefined ? undefined : await resolveGroup(group, connection.session, connection.getAdminService());
  const hasher = createInstance("::omero::model::ChecksumAlgorithm", { value: rstring("SHA1-160"), loaded: true });
  const file = createInstance("::omero::model::OriginalFile", {
    name: rstring(name),
    path: rstring(path),
    mimetype: rstring(mimetype),
    hasher,
    loaded: true,
  });
  const context: Record<string, string> = id === undefined ? {} : { "omero.group": String(id) };
  const saved = await connection.getUpdateService().saveAndReturnObject(file, { signal, context });
  if (saved?.iceId !== "::omero::model::OriginalFile") {
    throw new ServerError("SERVER_FAILURE", `the server did not make file "${name}"`);
  }
  return RemoteFile.open(connection, originalFileInfo(saved as typeof file), { signal });
}

/**
 * A file on the server. Reads and writes name the place they are for, so they are repeated after a lost connection, on
 * the file opened again.
 */
export class RemoteFile implements AsyncDisposable {
  readonly file: OriginalFileInfo;
  readonly #connection: OmeroConnection;
  readonly #remote: RemoteObject;
  readonly #store: RawFileStore;
  #size = 0;
  #written = false;
  #closed: Promise<void> | undefined;

  private constructor(connection: OmeroConnection, file: OriginalFileInfo) {
    this.file = file;
    this.#connection = connection;
    this.#remote = new RemoteObject({ sliceId: RAW_FILE_STORE, open: (login) => openStore(login, file) });
    this.#store = connection.serviceOf<RawFileStore>(this.#remote, fileContext(file));
  }

  /** @internal */
  static async open(
    connection: OmeroConnection,
    file: OriginalFileInfo,
    options: FileCallOptions,
  ): Promise<RemoteFile> {
    const opened = new RemoteFile(connection, file);
    try {
      const exists = await opened.#store.exists(options);
      opened.#size = exists ? Number(await opened.#store.size(options)) : 0;
      return opened;
    } catch (error) {
      const closing = opened.close();
      // Whoever has given up is not kept until the server answers.
      if (!options.signal?.aborted) await closing;
      throw error;
    }
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /**
   * Exactly `length` bytes from `position` on.
   * @throws ArgumentError `INVALID_ARGUMENT` unless they are in the file.
   * @throws DataError `MALFORMED_FILE` if the server has fewer bytes than it said.
   */
  async read(position: number, length: number, options: FileCallOptions = {}): Promise<Uint8Array> {
    this.#checkOpen();
    this.#checkSpan(position, position + length);
    if (length === 0) return new Uint8Array(0);
    const bytes = await this.#store.read(position, length, options);
    if (bytes.length === length) return bytes;
    const text = `file ${this.file.id} gave ${bytes.length} bytes where ${length} were asked for, at byte ${position}`;
    throw new DataError("MALFORMED_FILE", text, { fileId: this.file.id });
  }

  /**
   * The file's bytes, or a span of them, in order. The next blocks are asked for while one is used.
   * @throws DataError `CHECKSUM_MISMATCH` at the end, if `verify` is asked for.
   */
  async *blocks(options: BlockOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const { start = 0, stop = this.#size, blockSize = DEFAULT_BLOCK_SIZE, inFlight = DEFAULT_IN_FLIGHT } = options;
    this.#checkSpan(start, stop);
    if (!(blockSize >= 1 && inFlight >= 1)) throw invalid("blockSize and inFlight must be at least 1");
    const isWhole = start === 0 && stop === this.#size;
    const sha1 = options.verify && isWhole && this.file.sha1 ? createHash("sha1") : undefined;
    for await (const block of this.#readAhead(start, stop, Math.floor(blockSize), inFlight, options.signal)) {
      sha1?.update(block);
      yield block;
    }
    const found = sha1?.digest("hex");
    if (found === undefined || found === this.file.sha1) return;
    const text = `file ${this.file.id} has SHA-1 ${found}, but the server noted ${this.file.sha1}: it is damaged or changed meanwhile`;
    throw new DataError("CHECKSUM_MISMATCH", text, { fileId: this.file.id });
  }

  /** Writes bytes at `position`; the file grows as needed. */
  async write(position: number, bytes: Uint8Array, options: FileCallOptions = {}): Promise<void> {
    this.#checkOpen();
    if (!(Number.isSafeInteger(position) && position >= 0)) throw invalid(`position ${position} is no place in a file`);
    if (bytes.length === 0) return;
    this.#written = true;
    await this.#store.write(bytes, position, bytes.length, options);
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  /** Cuts the file to at most `size` bytes. */
  async truncate(size: number, options: FileCallOptions = {}): Promise<void> {
    this.#checkOpen();
    this.#checkSpan(0, size);
    this.#written = true;
    await this.#store.truncate(size, options);
    this.#size = size;
  }

  /** Has the server note the file's size and checksum, and gives them. */
  async save(options: FileCallOptions = {}): Promise<OriginalFileInfo> {
    this.#checkOpen();
    const saved = await this.#store.save(options);
    return saved ? originalFileInfo(saved) : this.file;
  }

  /** Frees what the server keeps for this. Never throws; safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#connection.live.closeRemote(this.#remote, this.#written).then(() => {});
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#readAhead(
    start: number,
    stop: number,
    blockSize: number,
    inFlight: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const ending = new AbortController();
    const stopped = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
    const blocks: Promise<Uint8Array>[] = [];
    let next = start;
    const request = () => {
      const block = this.read(next, Math.min(blockSize, stop - next), { signal: stopped });
      // One that fails while another is awaited is reported in its turn.
      block.catch(() => {});
      blocks.push(block);
      next += blockSize;
    };
    try {
      while (next < stop && blocks.length < inFlight) request();
      while (blocks.length > 0) {
        const block = await blocks.shift()!;
        if (next < stop) request();
        yield block;
      }
    } finally {
      ending.abort();
    }
  }

  #checkSpan(start: number, stop: number): void {
    const isSpan = Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 0 && stop >= start;
    if (isSpan && stop <= this.#size) return;
    throw invalid(`bytes ${start} to ${stop} are not in file ${this.file.id}, which has ${this.#size}`);
  }

  #checkOpen(): void {
    if (this.#closed) throw invalid(`file ${this.file.id} is closed: open it again`);
  }
}

async function openStore(login: Login, file: OriginalFileInfo): Promise<ProxyRef> {
  const proxy = await login.factory.createRawFileStore();
  if (!proxy) throw new ServerError("SERVER_FAILURE", "the server gives no RawFileStore");
  const store = login.client.service<RawFileStore>(proxy, RAW_FILE_STORE);
  await store.setFileId(file.id, { context: fileContext(file) });
  return proxy;
}

function invalid(message: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", message);
}
