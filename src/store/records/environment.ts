/** The LMDB environment of a store: its databases, its snapshots, and its one road for writing. */

import { existsSync } from "node:fs";
import { join } from "node:path";
// biome-ignore syntax/correctness/noTypeOnlyImportAttributes: of the two forms that lmdb has its types in, the compiler refuses the other
import type { Database, RootDatabase, RootDatabaseOptionsWithPath, Transaction } from "lmdb" with {
  "resolution-mode": "require",
};
import { open } from "lmdb";
import { DataError, StoreError } from "../../errors.js";
import type { StoreKey } from "../dictionary/keys.js";
import { noteOpened } from "../sharing/opened-stores.js";
import { OpeningGate } from "../sharing/opening-gate.js";
import { checkDiskRoom } from "./disk-room.js";
import type { EnvironmentOptions } from "./durability.js";

/** Two LMDB databases a dictionary, and some for the store itself. */
const MOST_DATABASES = 2_048;
/** A process that reads takes one; the list is fixed when a store is made. */
const MOST_READERS = 1_022;

/** A database of records, or of the pieces of long ones. */
export type Pages<Key extends StoreKey | [number, number] = StoreKey> = Database<Uint8Array, Key>;

/** A state of the store that stays as it is while it is read. */
export type Snapshot = Transaction;

export class Environment {
  readonly path: string;
  readonly readOnly: boolean;
  readonly #root: RootDatabase;
  readonly #databases = new Map<string, Database>();
  readonly #noteClosed: () => void;
  readonly #gate: OpeningGate | undefined;
  readonly #lastWrites: (() => void)[] = [];
  #closed = false;
  #moment = 0;
  #turn: NodeJS.Immediate | undefined;

  /** Opens what other processes may have open, too. @throws StoreError `STORE_FAILED` */
  static openShared(path: string, options: EnvironmentOptions): Promise<Environment> {
    const gate = new OpeningGate(path);
    return gate.open(() => new Environment(path, options, gate));
  }

  /**
   * Opens what no other process has open.
   * @param gate keeps this process from writing while another opens it
   * @throws StoreError `STORE_FAILED`
   */
  constructor(path: string, { readOnly, sync }: EnvironmentOptions, gate?: OpeningGate) {
    this.path = path;
    this.#gate = readOnly ? undefined : gate;
    this.readOnly = readOnly;
    this.#noteClosed = noteOpened(path, { readOnly, sync });
    try {
      if (!readOnly && !hasFiles(path)) attempt(path, "made", () => checkDiskRoom(path));
      this.#root = attempt(path, "opened", () => open(lmdbOptions(path, { readOnly, sync })));
    } catch (error) {
      this.#noteClosed();
      throw error;
    }
    // What killed readers have left keeps space from being used again.
    if (!readOnly) this.#root.readerCheck();
  }

  /** Names of all databases. */
  names(): string[] {
    this.refresh();
    return readLmdb(() => [...this.#open().getKeys()]).map(String);
  }

  /** The database of a name, which is made if need be; undefined where it is missing and this is read only. */
  database<Key extends StoreKey | [number, number]>(name: string): Pages<Key> | undefined {
    const root = this.#open();
    let found = this.#databases.get(name);
    if (found === undefined) {
      this.#checkRoomFor(name);
      this.#leaveSnapshots();
      const open = () => root.openDB(name, { encoding: "binary" });
      found = attempt(this.path, "read", () => (this.#gate ? this.#gate.writeNow(open) : open()));
      if (found !== undefined) this.#databases.set(name, found);
    }
    return found as Pages<Key> | undefined;
  }

  /** What is read next is read from the newest state, another process's writes included. */
  refresh(): void {
    this.#open().resetReadTxn();
  }

  /** Another number than before when other work had its turn, or this process has written: what was read may be outdated. */
  get moment(): number {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#moment++;
    });
    return this.#moment;
  }

  /** Gives `use` a state of the store that stays as it is until it has ended. Keep it short: space is not used again meanwhile. */
  async withSnapshot<T>(use: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const snapshot = this.snapshot();
    try {
      return await use(snapshot);
    } finally {
      snapshot.done();
    }
  }

  /** The newest state, to be read until `done` is called on it. */
  snapshot(): Snapshot {
    this.refresh();
    return this.#open().useReadTransaction();
  }

  /**
   * Makes a change, which must not wait for anything, when no other process writes; all it writes is kept, or, if it
   * throws, nothing. Resolves when that is on the disk.
   * @throws StoreError `STORE_FAILED`, `STORE_READ_ONLY`, and whatever `change` throws
   */
  write<T>(change: () => T): Promise<T> {
    return this.#write(() => this.#root.childTransaction(change));
  }

  /** The same at less cost, for a change that throws before it writes, if at all. */
  writePrepared<T>(change: () => T): Promise<T> {
    return this.#write(() => this.#root.transaction(change));
  }

  async #write<T>(transact: () => Promise<T>): Promise<T> {
    this.#open();
    if (this.readOnly)
      throw new StoreError("STORE_READ_ONLY", `${this.path} was opened to be read only`, { path: this.path });
    const opened = this.#gate?.enter();
    if (opened) await opened;
    try {
      const result = await transact();
      this.#moment++;
      return result;
    } catch (error) {
      if (!isLmdbFailure(error)) throw error;
      throw await this.#writeFailure(error);
    } finally {
      this.#gate?.leave();
    }
  }

  /** Bytes that a database takes. */
  bytesOf(name: string): number {
    this.refresh();
    const pages = readLmdb(() => this.database(name)?.getStats()) as PageCounts | undefined;
    return pages ? pages.pageSize * (pages.treeBranchPageCount + pages.treeLeafPageCount + pages.overflowPages) : 0;
  }

  /** Bytes of the file that were ever written. */
  get fileBytes(): number {
    this.refresh();
    const { pageSize, lastPageNumber } = readLmdb(() => this.#open().getStats()) as PageCounts;
    return pageSize * (lastPageNumber + 1);
  }

  /** Has writes begun when the store is about to be closed, which then waits for them. */
  beforeClose(write: () => void): void {
    this.#lastWrites.push(write);
  }

  /** Waits for writes under way. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const write of this.#lastWrites) write();
    this.#closed = true;
    await this.#root.close();
    this.#gate?.close();
    this.#noteClosed();
  }

  /** LMDB's binding destroys memory, and ends the process, where it makes a database on a full disk. */
  #checkRoomFor(name: string): void {
    if (this.readOnly) return;
    this.refresh();
    if (!readLmdb(() => this.#open().doesExist(name))) attempt(this.path, "written", () => checkDiskRoom(this.path));
  }

  /** Ends no snapshot: opening a database ends the transaction that reads share, and that may be one of a snapshot. */
  #leaveSnapshots(): void {
    const root = this.#open() as RootDatabase & { _commitReadTxn(): void };
    root.resetReadTxn();
    root._commitReadTxn();
  }

  #open(): RootDatabase {
    if (this.#closed) throw new StoreError("STORE_CLOSED", `The store ${this.path} was closed`, { path: this.path });
    return this.#root;
  }

  async #writeFailure(error: unknown): Promise<StoreError> {
    const commit = (error as { commitError?: Promise<unknown> }).commitError;
    const cause = await Promise.resolve(commit).then(
      () => error,
      (reason) => reason,
    );
    const why = `${(cause as Error).message}; nothing of it was kept. Is the disk full?`;
    return new StoreError("STORE_FAILED", `${this.path} cannot be written: ${why}`, { path: this.path, cause });
  }
}

function lmdbOptions(path: string, { readOnly, sync }: EnvironmentOptions): RootDatabaseOptionsWithPath {
  return {
    path,
    readOnly,
    noSubdir: false,
    maxDbs: MOST_DATABASES,
    maxReaders: MOST_READERS,
    noMetaSync: sync === "batched",
    noSync: sync === "never",
    // With either of these a process that is killed can bring down others, or a full disk this one.
    overlappingSync: false,
    eventTurnBatching: false,
  };
}

/** Otherwise they are made, and the process ends where the disk is full: LMDB maps them into memory. */
function hasFiles(folder: string): boolean {
  return ["data.mdb", "lock.mdb"].every((name) => existsSync(join(folder, name)));
}

/** Whether LMDB has failed, and not its caller. Its errors have numbers as codes. */
function isLmdbFailure(error: unknown): boolean {
  const { code, commitError } = error as { code?: unknown; commitError?: unknown };
  return typeof code === "number" || commitError !== undefined;
}

/**
 * Reads from LMDB.
 * @throws StoreError `STORE_FAILED` where its file is damaged, and whatever else `read` throws
 */
export function readLmdb<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isLmdbFailure(cause)) throw cause;
    throw new StoreError("STORE_FAILED", `The store's file is damaged: ${(cause as Error).message}`, { cause });
  }
}

interface PageCounts {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
  readonly lastPageNumber: number;
}

/** @throws StoreError `STORE_FAILED` */
function attempt<T>(path: string, done: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new StoreError("STORE_FAILED", `${path} cannot be ${done}: ${(cause as Error).message}`, { path, cause });
  }
}

/** The error for a record whose pieces are not all there. */
export function damaged(entry: string): DataError {
  return new DataError("MALFORMED_FILE", `${entry} is damaged: a piece of it is missing`);
}
