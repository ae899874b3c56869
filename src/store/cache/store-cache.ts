/**
 * A cache in a store: things that can be fetched again, shared by all processes that have the store open, within a number of
 * bytes. It knows nothing of what it keeps but a key, and a stamp that tells whether it is still valid.
 */
import { createHash } from "node:crypto";
import type { ColumnBatch } from "../../columns/batch.js";
import { ArgumentError, DataError } from "../../errors.js";
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
    const note = this.#notes.newest(name);
    if (note?.stamp !== slot.stamp) return undefined;
    const loaded = await this.#loadUnlessDamaged(name, signal);
    // Another process may have replaced it between the note and the value.
    if (loaded === undefined || this.#notes.newest(name)?.made !== note.made) return undefined;
    this.#notes.use(name, note);
    return (await restored(loaded)) as T;
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
    const found = yield* this.#readableBatches(slot, options.signal);
    if (!found) yield* this.#keeping(slot, fetch(), options);
  }

  /** The same as the batches that are kept; where the first is damaged, none. */
  async *#readableBatches(slot: CacheSlot, signal?: AbortSignal): AsyncGenerator<ColumnBatch, boolean, undefined> {
    const kept = this.#keptBatches(slot, signal);
    const first = await kept.next().catch(undefinedIfDamaged);
    if (first === undefined || first.done) return first?.value === true;
    yield first.value;
    return yield* kept;
  }

  /** The batches that are kept; ends with whether there were any. */
  async #loadUnlessDamaged(name: string, signal: AbortSignal | undefined): Promise<Loaded | undefined> {
    try {
      return await this.#values.load(name, signal);
    } catch (error) {
      return undefinedIfDamaged(error);
    }
  }

  async *#keptBatches(slot: CacheSlot, signal?: AbortSignal): AsyncGenerator<ColumnBatch, boolean, undefined> {
    const name = nameOf(slot);
    const snapshot = this.#values.env.snapshot();
    try {
      const note = this.#notes.find(name, snapshot);
      const record = this.#values.find(name, snapshot);
      if (note?.stamp !== slot.stamp || record?.kind !== "table") return false;
      this.#notes.use(name, note);
      let start = 0;
      for (const length of record.batches) {
        yield await restoredBatch(this.#values, record, start, length, { snapshot, signal });
        start += length;
      }
      return true;
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

/** What is damaged can be fetched again. */
function undefinedIfDamaged(error: unknown): undefined {
  if (!(error instanceof DataError)) throw error;
}

/** Keys may be longer than a store's. */
function nameOf({ key }: CacheSlot): string {
  return createHash("sha256").update(key).digest("hex");
}

function lengthOf(prepared: Prepared): number {
  return "inline" in prepared ? prepared.inline.length : prepared.bytes.length;
}
