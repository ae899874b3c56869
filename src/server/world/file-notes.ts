/** What an OriginalFile says of its content: size, checksum, and when it was written. */
import { clearUp } from "../../flow/failures.js";
import { rlong, rstring, rtime } from "../../rtypes.js";
import type { FairTurns } from "../hql/pace/fair-turns.js";
import { eventAfter, type ObjectReference, type ObjectStore, type StoredObject } from "../model/object-store.js";
import { type ChecksumOptions, checksumOf } from "./checksum.js";
import type { FileContents } from "./files.js";

/** Bytes of a file that take a while to sum up. */
const LARGE = 64 << 20;

export class FileNotes {
  readonly #store: ObjectStore;
  readonly #files: FileContents;
  readonly #longWork: FairTurns;
  readonly #isTemporary: boolean;
  readonly #ending = new AbortController();
  /** Checksums of large files that are being worked out. */
  readonly #sums = new Map<bigint, AbortController>();

  /** @param isTemporary whether nobody reads the files once the process has ended. */
  constructor(store: ObjectStore, files: FileContents, longWork: FairTurns, isTemporary: boolean) {
    this.#store = store;
    this.#files = files;
    this.#longWork = longWork;
    this.#isTemporary = isTemporary;
  }

  /**
   * Notes what is not noted, as after a server that was killed: of large files while clients are served. What cannot be
   * read now is tried again at the next start.
   */
  async recover(): Promise<void> {
    const large: bigint[] = [];
    for (const file of [...this.#store.all("OriginalFile")]) {
      if (await this.#isNoted(file)) continue;
      if (((await this.#files.size(file.id)) ?? 0) > LARGE) large.push(file.id);
      else await this.note(file.id);
    }
    void this.#noteEach(large);
  }

  async #noteEach(ids: readonly bigint[]): Promise<void> {
    for (const id of ids) await clearUp(() => this.note(id));
  }

  /** By size and time: the clock of files is a coarse one, and behind. */
  async #isNoted({ id, created, values }: StoredObject): Promise<boolean> {
    const writtenAt = await this.#files.writtenAt(id);
    if (writtenAt === undefined) return true;
    const [size, mtime] = [values.size, values.mtime].map((value) => (value as { val?: bigint } | null)?.val);
    return Number(size) === (await this.#files.size(id)) && Number(mtime) === mtimeOf(writtenAt, created);
  }

  /** A checksum only where the file says which. What is large waits for the next start if this server ends. */
  async note(id: bigint): Promise<void> {
    const found = await this.#contentValues(id);
    const file = this.#store.get("OriginalFile", id);
    if (!file || !found) return;
    this.#store.put({ ...file, updated: eventAfter(file.updated), values: { ...file.values, ...found } });
  }

  /** Of a table that is kept in memory no more than that it was written; undefined for what changes or ends meanwhile. */
  async #contentValues(id: bigint): Promise<Record<string, unknown> | undefined> {
    const writtenAt = await this.#files.writtenAt(id);
    const created = this.#store.get("OriginalFile", id)?.created ?? 0;
    const mtime = rtime(mtimeOf(writtenAt ?? Date.now(), created));
    const size = await this.#files.size(id);
    if (size === undefined) return { mtime };
    const hash = size > LARGE ? await this.#largeChecksum(id) : await this.#checksum(id);
    if (hash === undefined || (size > LARGE && (await this.#files.writtenAt(id)) !== writtenAt)) return undefined;
    // What its object says of it holds after a power cut, too.
    if (!this.#isTemporary) await this.#files.sync(id);
    return { mtime, size: rlong(size), hash: hash === null ? null : rstring(hash) };
  }

  /** Null where the file names no algorithm. */
  async #checksum(id: bigint, options?: ChecksumOptions): Promise<string | null> {
    const hasher = this.#store.get("OriginalFile", id)?.values.hasher as ObjectReference | null | undefined;
    const entry = hasher && this.#store.get("ChecksumAlgorithm", hasher.id);
    const algorithm = (entry?.values.value as { val: string } | undefined)?.val;
    return algorithm === undefined ? null : checksumOf(this.#files.path(id), algorithm, options);
  }

  /** Undefined if the file, or the server, ended meanwhile. */
  async #largeChecksum(id: bigint): Promise<string | null | undefined> {
    const sum = new AbortController();
    const ended = AbortSignal.any([this.#ending.signal, sum.signal]);
    // What was summed up so far of an older state is worth nothing.
    this.forget(id);
    this.#sums.set(id, sum);
    try {
      return await this.#checksum(id, { signal: ended, turn: () => this.#longWork.turn(this.#sums) });
    } catch (error) {
      if (ended.aborted) return undefined;
      throw error;
    } finally {
      if (this.#sums.get(id) === sum) this.#sums.delete(id);
    }
  }

  /** Sums up no more of a file, which is gone or has changed. */
  forget(id: bigint): void {
    this.#sums.get(id)?.abort();
  }

  /** Sums up no more at all. */
  end(): void {
    this.#ending.abort();
  }
}

/** In whole milliseconds, and after the file was made. */
function mtimeOf(writtenAt: number, created: number): number {
  return Math.max(Math.round(writtenAt), created + 1);
}
