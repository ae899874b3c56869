/**
 * A cache in a store: things that can be fetched again, shared by all processes that have the store open, within a number of
 * bytes. It knows nothing of what it keeps but a key, and a stamp that tells whether it is still valid.
 */
import { createHash } from "node:crypto";
import type { ColumnBatch } from "../../columns/batch.js";
import { ArgumentError } from "../../errors.js";
import { restoredBatch, TableWriter } from "../dictionary/batches.js";
import { type NewValue, prepare, restored } from "../dictionary/prepare.js";
import type { Entries, Prepared } from "../records/entries.js";
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
    const loaded = await this.#values.load(name, signal);
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
      await this.set(slot, value).catch(() => {});
      return value;
    });
    this.#fetching.set(id, fetched);
    return fetched.finally(() => this.#fetching.delete(id));
  }

  /**
   * Column batches as they are kept, or as `fetch` gives them: these are passed on as they come, and kept once the last was taken.
   */
  async *batches(
    slot: CacheSlot,
    fetch: () => AsyncIterable<ColumnBatch>,
    signal?: AbortSignal,
  ): AsyncGenerator<ColumnBatch, void, undefined> {
    const kept = this.#keptBatches(slot, signal);
    for (let next = await kept.next(); ; next = await kept.next()) {
      if (next.done && next.value) return;
      if (next.done) break;
      yield next.value;
    }
    yield* this.#keeping(slot, fetch(), signal);
  }

  /** The batches that are kept; ends with whether there were any. */
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

  async *#keeping(
    slot: CacheSlot,
    batches: AsyncIterable<ColumnBatch>,
    signal?: AbortSignal,
  ): AsyncGenerator<ColumnBatch> {
    let writer: TableWriter | undefined = await TableWriter.begin(this.#values).catch(() => undefined);
    try {
      for await (const batch of batches) {
        if (writer !== undefined && !(await this.#added(writer, batch, signal))) {
          await writer.discard();
          writer = undefined;
        }
        yield batch;
      }
      const finished = writer;
      await finished?.finish(() => this.#notes.add(nameOf(slot), slot.stamp, finished.bytes)).catch(() => {});
    } finally {
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

/** Keys may be longer than a store's. */
function nameOf({ key }: CacheSlot): string {
  return createHash("sha256").update(key).digest("hex");
}

function lengthOf(prepared: Prepared): number {
  return "inline" in prepared ? prepared.inline.length : prepared.bytes.length;
}
