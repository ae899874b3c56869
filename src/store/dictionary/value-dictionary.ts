/** A dictionary as a map: values by key, in the order of the keys. */
import { invalidArgument, throwIfAborted } from "../../errors.js";
import { awaitedLater } from "../../flow/failures.js";
import type { Entries, Prepared } from "../records/entries.js";
import type { ReadValue, Storable } from "../records/storable.js";
import { givenAtOnce } from "./change.js";
import { EntryWalk } from "./entry-walk.js";
import { checkKey, type KeyRange, type StoreKey } from "./keys.js";
import { type NewValue, prepare, prepareNow, restored, restoredNow } from "./prepare.js";

/** Options of calls on a dictionary. */
export interface StoreCallOptions {
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

export class ValueDictionary implements AsyncIterable<[StoreKey, unknown]> {
  /** Name in its store. */
  readonly name: string;
  /** The entries as records of the environment. */
  protected readonly entriesOf: Entries;

  constructor(entries: Entries) {
    this.name = entries.name;
    this.entriesOf = entries;
  }

  /** How many entries there are. */
  get size(): number {
    return this.entriesOf.count;
  }

  /** Whether there is an entry of that key. */
  async has(key: StoreKey): Promise<boolean> {
    return this.entriesOf.has(checkKey(key));
  }

  /**
   * The value under a key; undefined where there is none. It is a copy: changing it does not change the store.
   * @throws DataError `MALFORMED_FILE`; AbortError
   *
   * @example
   * const names = await dictionary.get<string[]>("names"); // readonly string[] | undefined
   */
  async get<T = unknown>(key: StoreKey, { signal }: StoreCallOptions = {}): Promise<ReadValue<T> | undefined> {
    checkKey(key);
    throwIfAborted(signal, "reading from the store");
    const loading = this.entriesOf.load(key, signal);
    const loaded = loading instanceof Promise ? await loading : loading;
    return loaded && (restored(loaded) as ReadValue<T> | Promise<ReadValue<T>>);
  }

  /**
   * Keeps a value under a key; another one there is replaced. An image (`{ data, shape, header }`) is kept as one, an
   * Arrow table and lists of column batches as they are. Changes made to the value later are not kept.
   * @throws DataError `UNSUPPORTED_TYPE`; ArgumentError `INVALID_ARGUMENT`; StoreError; AbortError
   */
  async set(key: StoreKey, value: NewValue, { signal }: StoreCallOptions = {}): Promise<void> {
    checkKey(key);
    throwIfAborted(signal, "writing to the store");
    await this.entriesOf.keep(() => key, await prepare(value), signal);
  }

  /**
   * Keeps many values in one write: all of them, or none. They may be those of a Map.
   * @throws DataError `UNSUPPORTED_TYPE`; ArgumentError `INVALID_ARGUMENT`; StoreError
   *
   * @example
   * await dictionary.setMany(Object.entries({ threshold: 0.35, channel: "DAPI" }));
   */
  async setMany(entries: Iterable<readonly [StoreKey, NewValue]>): Promise<void> {
    checkList(entries);
    const all = await preparedAll(Array.from(entries, preparingEntry));
    await this.entriesOf.env.writePrepared(() => {
      for (const [key, prepared] of all) this.entriesOf.place(key, prepared);
    });
  }

  /**
   * Replaces a value by what `change` makes of it, while nobody else writes. Where `change` throws, all stays as it was.
   * Resolves to the new value.
   *
   * @example
   * await dictionary.update<number>("runs", (runs = 0) => runs + 1);
   */
  async update<T extends NewValue>(
    key: StoreKey,
    change: (value: ReadValue<T> | undefined) => T | ReadValue<T>,
  ): Promise<T> {
    checkKey(key);
    return this.entriesOf.env.write(() => {
      const record = this.entriesOf.find(key);
      const old = record && restoredNow(this.entriesOf.loadNow(record));
      const value = givenAtOnce(change(old as ReadValue<T> | undefined));
      this.entriesOf.place(key, prepareNow(value as Storable & {}));
      return value as T;
    });
  }

  /** Removes an entry. Resolves to whether there was one. */
  async delete(key: StoreKey): Promise<boolean> {
    checkKey(key);
    return this.entriesOf.env.write(() => this.entriesOf.remove(key));
  }

  /** Removes all entries. */
  async clear(): Promise<void> {
    await this.entriesOf.clear();
  }

  /**
   * Keys in order: numbers, then texts. Entries written while this runs may or may not be among them.
   * @throws ArgumentError `INVALID_ARGUMENT`
   *
   * @example
   * for await (const key of dictionary.keys({ prefix: "plate 7/", limit: 10 })) console.log(key);
   */
  keys(range: KeyRange = {}): AsyncGenerator<StoreKey, void, undefined> {
    return this.entriesOf.keys(range);
  }

  /** Keys with their values, each read whole when it is its turn. One that was removed meanwhile is left out. */
  entries<T = unknown>(range: KeyRange = {}): AsyncGenerator<[StoreKey, ReadValue<T>], void, undefined> {
    return new EntryWalk<T>(this.entriesOf, range);
  }

  /** The values, in the order of their keys. */
  async *values<T = unknown>(range: KeyRange = {}): AsyncGenerator<ReadValue<T>, void, undefined> {
    for await (const [, value] of this.entries<T>(range)) yield value;
  }

  [Symbol.asyncIterator](): AsyncGenerator<[StoreKey, unknown], void, undefined> {
    return this.entries();
  }
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function checkList(entries: unknown): void {
  if (typeof entries === "object" && entries !== null && Symbol.iterator in entries) return;
  throw invalidArgument("Entries are a list of [key, value], or a Map; of an object they are Object.entries(object)");
}

/** @throws ArgumentError `INVALID_ARGUMENT`; DataError `UNSUPPORTED_TYPE` */
function preparingEntry(entry: readonly [StoreKey, NewValue]): KeyedPreparing {
  if (!Array.isArray(entry) || entry.length !== 2) throw invalidArgument("An entry is a list of two, [key, value]");
  return [checkKey(entry[0]), preparing(entry[1])];
}

/** What is to be kept, at once or when a package was loaded. */
function preparing(value: NewValue): Prepared | Promise<Prepared> {
  const prepared = prepare(value);
  if (prepared instanceof Promise) awaitedLater(prepared);
  return prepared;
}

type KeyedPreparing = readonly [StoreKey, Prepared | Promise<Prepared>];

/** Thousands of promises take longer than what they are of: there are none where nothing is waited for. */
async function preparedAll(all: readonly KeyedPreparing[]): Promise<readonly (readonly [StoreKey, Prepared])[]> {
  if (all.every((one): one is readonly [StoreKey, Prepared] => !(one[1] instanceof Promise))) return all;
  return Promise.all(all.map(async ([key, prepared]) => [key, await prepared] as const));
}
