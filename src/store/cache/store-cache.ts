/**
 * A cache in a store: things that can be fetched again, shared by all processes that have the store open, within a number of
 * bytes. It knows nothing of what it keeps but a key, and a stamp that tells whether it is still valid.
 */
import { createHash } from "node:crypto";
import { type ColumnBatch, rowNumberArray } from "../../columns/batch.js";
import { sliceBatch } from "../../columns/batch-operations.js";
import { ArgumentError, DataError, StoreError } from "../../errors.js";
import { clearUp, ifPossible } from "../../flow/failures.js";
import { restoredBatch, TableWriter } from "../dictionary/batches.js";
import { type NewValue, prepare, restored } from "../dictionary/prepare.js";
import type { Entries, Loaded, Prepared } from "../records/entries.js";
import { CacheNotes } from "./cache-notes.js";

/** Bounds of a cache. */
export interface CacheOptions {
  /** All that is kept, at most; what was not used for longest goes first. Default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

/** What names a thing that is to be kept. */
export interface CacheSlot {
  /** All that it is made of: server, object, part. */
  readonly key: string;
  /** Changes when the thing does: a checksum, a size, the number of its last change. */
  readonly stamp: string;
}

/** How batches are kept. */
export interface KeepBatchesOptions {
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Asked when all batches came: whether the thing is still as its stamp says, so that they are to be kept. Default: yes. */
  readonly isStillSo?: (() => Promise<boolean>) | undefined;
}

const DEFAULT_BYTES = 1024 ** 3;

/** Values that can be fetched again, bounded in bytes, shared by processes. */
export class StoreCache {
  readonly #values: Entries;
  readonly #notes: CacheNotes;
  readonly #fetching = new Map<string, Promise<unknown>>();

  /** Caches are opened by `Store.cache`. @throws ArgumentError `INVALID_ARGUMENT` */
  constructor(values: Entries, notes: Entries, { maxBytes = DEFAULT_BYTES }: CacheOptions = {}, now = Date.now) {
    if (!(maxBytes > 0)) throw new ArgumentError("INVALID_ARGUMENT", `maxBytes is a number over 0, not ${maxBytes}`);
    this.#values = values;
    this.#notes = new CacheNotes(notes, values, maxBytes, now);
  }

  /** Bytes of all that is kept. */
  get usedBytes(): number {
    return this.#notes.usedBytes;
  }

  /** What is kept under a key, if its stamp is this one; undefined otherwise. */
  async get<T>(slot: CacheSlot, signal?: AbortSignal): Promise<T | undefined> {
    const name = nameOf(slot);
    const note = this.#notes.newest(name, slot.stamp);
    if (note === undefined) return undefined;
    const loaded = await this.#loadUnlessDamaged(name, signal);
    // Another process may have replaced it between the note and the value.
    if (loaded === undefined || this.#notes.newest(name, slot.stamp)?.made !== note.made) return undefined;
    const value = (await ifPossible(Promise.resolve(loaded).then(restored))) as T | undefined;
    if (value !== undefined) this.#notes.use(name, note);
    return value;
  }

  /**
   * Keeps a value; what is over the limit then goes. One that is larger than the limit is not kept.
   * @throws DataError `UNSUPPORTED_TYPE`; StoreError; AbortError
   */
  async set(slot: CacheSlot, value: NewValue, signal?: AbortSignal): Promise<void> {
    const prepared = await prepare(value);
    const name = nameOf(slot);
    const bytes = lengthOf(prepared);
    if (!this.#notes.fits(bytes)) return;
    await this.#values.keep(() => this.#notes.add(name, slot.stamp, bytes), prepared, signal);
  }

  /**
   * What is kept, or what `fetch` gives, which is then kept. Calls for one key at a time fetch once. A cache that cannot be
   * written, where the disk is full for example, keeps nobody from what was fetched.
   *
   * @example
   * const plane = await cache.through({ key: `${server} plane 7 0 0 0`, stamp: checksum }, () => fetchPlane());
   */
  async through<T extends NewValue>(slot: CacheSlot, fetch: () => Promise<T>): Promise<T> {
    const kept = await this.get<T>(slot);
    if (kept !== undefined) return kept;
    const id = `${slot.stamp}\n${slot.key}`;
    const underWay = this.#fetching.get(id) as Promise<T> | undefined;
    if (underWay !== undefined) return underWay;
    const fetched = fetch().then(async (value) => {
      await ifPossible(this.set(slot, value));
      return value;
    });
    this.#fetching.set(id, fetched);
    return fetched.finally(() => this.#fetching.delete(id));
  }

  /**
   * Column batches as they are kept, or as `fetch` gives them: these are passed on as they come, and kept once the last was taken.
   *
   * @example
   * for await (const batch of cache.batches({ key: `${server} table 7`, stamp: checksum }, () => fetchBatches())) use(batch);
   */
  async *batches(
    slot: CacheSlot,
    fetch: () => AsyncIterable<ColumnBatch>,
    options: KeepBatchesOptions = {},
  ): AsyncGenerator<ColumnBatch, void, undefined> {
    const given = { rows: 0 };
    const isWhole = yield* this.#keptBatches(slot, given, options.signal);
    if (!isWhole) yield* afterRows(given.rows, this.#keeping(slot, fetch(), options));
  }

  async #loadUnlessDamaged(name: string, signal: AbortSignal | undefined): Promise<Loaded | undefined> {
    try {
      return await this.#values.load(name, signal);
    } catch (error) {
      checkUnreadable(error);
      return undefined;
    }
  }

  /** The batches that are kept; ends with whether all were readable. @param given how many rows were */
  async *#keptBatches(
    slot: CacheSlot,
    given: { rows: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ColumnBatch, boolean, undefined> {
    const name = nameOf(slot);
    const snapshot = this.#values.env.snapshot();
    try {
      const note = this.#notes.find(name, slot.stamp, snapshot);
      const record = note && this.#values.find(name, snapshot);
      if (record?.kind !== "table") return false;
      this.#notes.use(name, note!);
      let start = 0;
      for (const length of record.batches) {
        const batch = await restoredBatch(this.#values, record, start, length, { snapshot, signal });
        given.rows += batch.rowCount;
        yield batch;
        start += length;
      }
      return true;
    } catch (error) {
      checkUnreadable(error);
      return false;
    } finally {
      snapshot.done();
    }
  }

  /** A batch is written while the one who takes it is at work with it. */
  async *#keeping(
    slot: CacheSlot,
    batches: AsyncIterable<ColumnBatch>,
    { signal, isStillSo = async () => true }: KeepBatchesOptions,
  ): AsyncGenerator<ColumnBatch> {
    let writer: TableWriter | undefined = await ifPossible(TableWriter.begin(this.#values));
    let adding: Promise<boolean> = Promise.resolve(true);
    try {
      for await (const batch of batches) {
        adding = writer === undefined ? adding : this.#added(writer, batch, signal);
        yield batch;
        if (await adding) continue;
        await writer?.discard();
        writer = undefined;
      }
      const finished = writer;
      if (finished === undefined || !(await ifPossible(isStillSo()))) return;
      await clearUp(() => finished.finish(() => this.#notes.add(nameOf(slot), slot.stamp, finished.bytes)));
    } finally {
      await adding;
      await writer?.discard();
    }
  }

  /** Whether a batch could be kept, and all still fits. */
  async #added(writer: TableWriter, batch: ColumnBatch, signal?: AbortSignal): Promise<boolean> {
    const added = await writer.add(batch, signal).then(
      () => true,
      () => false,
    );
    return added && this.#notes.fits(writer.bytes);
  }
}

/** What is damaged can be fetched again. @throws any other error */
function checkUnreadable(error: unknown): void {
  const isDamaged = error instanceof DataError || (error instanceof StoreError && error.code === "STORE_FAILED");
  if (!isDamaged) throw error;
}

/** Batches without their first rows, which were given before. */
async function* afterRows(rows: number, batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
  let left = rows;
  for await (const batch of batches) {
    const skipped = Math.min(left, batch.rowCount);
    left -= skipped;
    if (skipped === 0) yield batch;
    else if (skipped < batch.rowCount) yield withoutFirst(batch, skipped);
  }
}

function withoutFirst(batch: ColumnBatch, rows: number): ColumnBatch {
  const { rowCount, rowNumbers } = batch;
  return { ...sliceBatch(batch, rows, rowCount), rowNumbers: rowNumberArray(rowNumbers, rowCount).subarray(rows) };
}

/** Keys may be longer than a store's. */
function nameOf({ key }: CacheSlot): string {
  return createHash("sha256").update(key).digest("hex");
}

function lengthOf(prepared: Prepared): number {
  return "inline" in prepared ? prepared.inline.length : prepared.bytes.length;
}
