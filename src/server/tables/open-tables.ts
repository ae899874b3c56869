/** The tables that clients hold open: one stored table for all its handles, closed with the last of them. */
import type { ColumnField } from "../../columns/batch.js";
import { TaskQueue } from "../../flow/task-queue.js";
import type { KeptTable, TableStorage } from "./storage.js";

export class OpenTables {
  readonly #storage: TableStorage;
  readonly #optimisticLocks: boolean;
  readonly #open = new Map<bigint, SharedTable>();

  /** @param optimisticLocks whether handles become stale when others write. */
  constructor(storage: TableStorage, optimisticLocks: boolean) {
    this.#storage = storage;
    this.#optimisticLocks = optimisticLocks;
  }

  /** A handle on the table of a file. There need not be a table yet: it can be initialized later. */
  async open(fileId: bigint): Promise<TableHandle> {
    let shared = this.#open.get(fileId);
    if (!shared) {
      shared = new SharedTable(fileId, this.#storage, () => this.#open.delete(fileId));
      this.#open.set(fileId, shared);
    }
    const handle = new TableHandle(shared, this.#optimisticLocks);
    try {
      await shared.load();
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  }

  /** Number of handles by file id. */
  handles(): Map<bigint, number> {
    return new Map([...this.#open.values()].map((shared) => [shared.fileId, shared.handles.size]));
  }

  /** Closes all handles on a file's table and removes the table. */
  async remove(fileId: bigint): Promise<void> {
    await this.#open.get(fileId)?.closeAll();
    await this.#storage.remove(fileId);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map((shared) => shared.closeAll()));
  }

  /** Gives all tables back with nothing finished. */
  async abandonAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map((shared) => shared.table?.abandon()));
    this.#open.clear();
  }
}

class SharedTable {
  readonly fileId: bigint;
  readonly handles = new Set<TableHandle>();
  readonly queue = new TaskQueue();
  readonly #storage: TableStorage;
  readonly #onClosed: () => void;
  table: KeptTable | undefined;
  /** Whether anything was written since the first handle was opened. */
  modified = false;
  /** Counts writes; milliseconds since 1970 of the last one where handles become stale, else of opening. */
  writes = 0;
  lastModification = Date.now();

  constructor(fileId: bigint, storage: TableStorage, onClosed: () => void) {
    this.fileId = fileId;
    this.#storage = storage;
    this.#onClosed = onClosed;
  }

  load(): Promise<void> {
    return this.queue.run(async () => {
      this.table ??= await this.#storage.open(this.fileId);
    });
  }

  async create(fields: readonly ColumnField[]): Promise<void> {
    this.table = await this.#storage.create(this.fileId, fields);
  }

  release(handle: TableHandle, atRest: (() => Promise<void>) | undefined): Promise<void> {
    this.handles.delete(handle);
    return this.queue.run(async () => {
      try {
        if (this.handles.size === 0 || (this.modified && atRest)) await this.#rest(atRest);
      } finally {
        if (this.handles.size === 0) this.#onClosed();
      }
    });
  }

  /** Closes the stored table, so that its file is whole, and opens it again for the handles that are left. */
  async #rest(atRest: (() => Promise<void>) | undefined): Promise<void> {
    const table = this.table;
    this.table = undefined;
    await table?.close();
    if (this.modified && atRest) {
      await atRest();
      this.modified = false;
    }
    if (this.handles.size > 0) this.table = await this.#storage.open(this.fileId);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.handles].map((handle) => handle.close()));
  }
}

/** One client's hold on a table. */
export class TableHandle {
  readonly #shared: SharedTable;
  readonly #optimisticLock: boolean;
  #seenWrites: number;
  #closed = false;

  constructor(shared: SharedTable, optimisticLock: boolean) {
    this.#shared = shared;
    this.#optimisticLock = optimisticLock;
    this.#seenWrites = shared.writes;
    shared.handles.add(this);
  }

  /** Undefined until the table is initialized. */
  get table(): KeptTable | undefined {
    return this.#shared.table;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether another handle wrote since this one was opened or last wrote. */
  get isStale(): boolean {
    return this.#optimisticLock && this.#seenWrites !== this.#shared.writes;
  }

  get lastModification(): number {
    return this.#shared.lastModification;
  }

  /** Runs a task while no other task of any handle on this table runs. */
  run<T>(task: () => Promise<T>): Promise<T> {
    return this.#shared.queue.run(task);
  }

  async create(fields: readonly ColumnField[]): Promise<void> {
    await this.#shared.create(fields);
  }

  /** To be called after a write; other handles become stale. */
  wrote(): void {
    const wasFresh = !this.isStale;
    this.#shared.modified = true;
    this.#shared.writes++;
    if (this.#optimisticLock) this.#shared.lastModification = Date.now();
    if (wasFresh) this.#seenWrites = this.#shared.writes;
  }

  /** @param atRest called if the table was changed, while its file is whole and nobody writes to it. */
  async close(atRest?: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#shared.release(this, atRest);
  }
}
