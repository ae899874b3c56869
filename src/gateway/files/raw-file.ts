/** Files kept by OMERO, read and written through `omero::api::RawFileStore`. */
import { createHash } from "node:crypto";
import type { OmeroConnection } from "../../connect/connection.js";
import { type GroupRef, resolveGroup } from "../../connect/groups.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { RawFileStore } from "../../connect/ice/schema/omero.js";
import { DataError, invalidArgument, ServerError } from "../../errors.js";
import { mapInOrder, steps } from "../../flow/map-in-order.js";
import { rstring } from "../../rtypes.js";
import { FileStores, MOST_STORES } from "./file-stores.js";
import { type FileRef, findOriginalFile, type OriginalFileInfo, originalFileInfo } from "./original-file.js";

/** Bytes in a block, unless asked for otherwise: large enough to make the wait for each answer small. */
const DEFAULT_BLOCK_SIZE = 4 << 20;
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
  /** Blocks in flight or in memory; up to 4 are in flight, each in a store of its own. Default 4. */
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
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`
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
  readonly #stores: FileStores;
  #size = 0;
  #isAtRest = false;
  #written = false;
  #closed: Promise<void> | undefined;

  private constructor(connection: OmeroConnection, file: OriginalFileInfo) {
    this.file = file;
    this.#stores = new FileStores(connection, file);
  }

  /**
   * A file that has the size the server noted, to be read whole: nothing is asked before its first bytes, and
   * {@link blocks} ends with `CHECKSUM_MISMATCH` unless it has that size.
   * @internal
   */
  static atRest(connection: OmeroConnection, file: OriginalFileInfo, size: number): RemoteFile {
    const opened = new RemoteFile(connection, file);
    opened.#size = size;
    opened.#isAtRest = true;
    return opened;
  }

  /** @internal */
  static async open(
    connection: OmeroConnection,
    file: OriginalFileInfo,
    options: FileCallOptions,
  ): Promise<RemoteFile> {
    const opened = new RemoteFile(connection, file);
    try {
      const store = opened.#stores.first;
      opened.#size = (await store.exists(options)) ? Number(await store.size(options)) : 0;
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
  read(position: number, length: number, options: FileCallOptions = {}): Promise<Uint8Array> {
    return this.#read(this.#stores.first, position, length, options);
  }

  async #read(store: RawFileStore, position: number, length: number, options: FileCallOptions): Promise<Uint8Array> {
    this.#checkOpen();
    this.#checkSpan(position, position + length);
    if (length === 0) return new Uint8Array(0);
    const bytes = await store.read(position, length, options);
    if (bytes.length === length) return bytes;
    const text = `file ${this.file.id} gave ${bytes.length} bytes where ${length} were asked for, at byte ${position}`;
    throw new DataError("MALFORMED_FILE", text, { fileId: this.file.id });
  }

  /**
   * The file's bytes, or a span of them, in order. The next blocks are asked for while one is used.
   * @throws DataError at the end: `MALFORMED_FILE` if the file's size has changed, `CHECKSUM_MISMATCH` if `verify` is
   * asked for.
   */
  async *blocks(options: BlockOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const { start = 0, stop = this.#size, blockSize = DEFAULT_BLOCK_SIZE, inFlight = DEFAULT_IN_FLIGHT } = options;
    this.#checkSpan(start, stop);
    if (!(blockSize >= 1 && inFlight >= 1)) throw invalidArgument("blockSize and inFlight must be at least 1");
    const isWhole = start === 0 && stop === this.#size;
    const sha1 = options.verify && isWhole && this.file.sha1 ? createHash("sha1") : undefined;
    for await (const block of this.#readAhead(start, stop, Math.floor(blockSize), inFlight, options.signal)) {
      sha1?.update(block);
      yield block;
    }
    if (stop > start) await this.#checkUnchanged(options.signal);
    const found = sha1?.digest("hex");
    if (found === undefined || found === this.file.sha1) return;
    const text = `file ${this.file.id} has SHA-1 ${found}, but the server noted ${this.file.sha1}: it is damaged or changed meanwhile`;
    throw new DataError("CHECKSUM_MISMATCH", text, { fileId: this.file.id });
  }

  /** Writes bytes at `position`; the file grows as needed. */
  async write(position: number, bytes: Uint8Array, options: FileCallOptions = {}): Promise<void> {
    this.#checkOpen();
    if (!(Number.isSafeInteger(position) && position >= 0))
      throw invalidArgument(`position ${position} is no place in a file`);
    if (bytes.length === 0) return;
    this.#written = true;
    await this.#stores.first.write(bytes, position, bytes.length, options);
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  /** Cuts the file to at most `size` bytes. */
  async truncate(size: number, options: FileCallOptions = {}): Promise<void> {
    this.#checkOpen();
    this.#checkSpan(0, size);
    this.#written = true;
    await this.#stores.first.truncate(size, options);
    this.#size = size;
  }

  /** Has the server note the file's size and checksum, and gives them. */
  async save(options: FileCallOptions = {}): Promise<OriginalFileInfo> {
    this.#checkOpen();
    const saved = await this.#stores.first.save(options);
    return saved ? originalFileInfo(saved) : this.file;
  }

  /** Frees what the server keeps for this. Never throws; safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#stores.close(this.#written);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Blocks are asked for side by side, each in a store that has nothing else to do. */
  #readAhead(
    start: number,
    stop: number,
    blockSize: number,
    inFlight: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const blocks = Math.max(1, Math.ceil((stop - start) / blockSize));
    const concurrency = Math.min(Math.floor(inFlight), MOST_STORES, blocks);
    const idle = this.#stores.take(concurrency);
    const read = async (position: number, ending: AbortSignal) => {
      const store = idle.pop()!;
      try {
        return await this.#read(store, position, Math.min(blockSize, stop - position), { signal: ending });
      } finally {
        idle.push(store);
      }
    };
    const options = { concurrency, window: inFlight, signal, label: `reading file ${this.file.id}` };
    return mapInOrder(steps(start, stop, blockSize), read, options);
  }

  /** A server gives bytes past the end, too, as many as it is asked for. */
  async #checkUnchanged(signal: AbortSignal | undefined): Promise<void> {
    const size = Number(await this.#stores.first.size({ signal }));
    if (size === this.#size) return;
    if (this.#isAtRest) throw this.#notAtRest(size);
    const text = `file ${this.file.id} has ${size} bytes where it had ${this.#size}: it was changed while it was read`;
    throw new DataError("MALFORMED_FILE", text, { fileId: this.file.id });
  }

  #notAtRest(size: number): DataError {
    const text = `file ${this.file.id} has ${size} bytes where the server noted ${this.#size}; it may be being written`;
    return new DataError("CHECKSUM_MISMATCH", text, { fileId: this.file.id });
  }

  #checkSpan(start: number, stop: number): void {
    const isSpan = Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 0 && stop >= start;
    if (isSpan && stop <= this.#size) return;
    throw invalidArgument(`bytes ${start} to ${stop} are not in file ${this.file.id}, which has ${this.#size}`);
  }

  #checkOpen(): void {
    if (this.#closed) throw invalidArgument(`file ${this.file.id} is closed: open it again`);
  }
}
