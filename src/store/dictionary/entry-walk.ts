/** Walks the entries of a dictionary: short values are read in groups, as long as nothing else has its turn meanwhile. */
import type { Entries } from "../records/entries.js";
import { readValues, UNREAD } from "../records/record-group.js";
import type { ReadValue } from "../records/storable.js";
import { checkRange, cursorRange, type KeyRange, type StoreKey } from "./keys.js";
import { restored } from "./prepare.js";

/** Half the records of the first group, and those of the largest. They grow while nothing else has its turn. */
const FIRST_GROUP = 16;
const LARGEST_GROUP = 512;

type Step<T> = IteratorResult<[StoreKey, ReadValue<T>], undefined>;
interface Group {
  readonly keys: readonly StoreKey[];
  readonly values: readonly unknown[];
  /** When it was read. */
  readonly moment: number;
}

const NO_GROUP: Group = { keys: [], values: [], moment: -1 };

export class EntryWalk<T> implements AsyncGenerator<[StoreKey, ReadValue<T>], undefined, undefined> {
  readonly #entries: Entries;
  readonly #range: KeyRange;
  #group = NO_GROUP;
  #at = 0;
  #after: StoreKey | undefined;
  #left: number;
  #size = FIRST_GROUP;
  #isDone = false;

  constructor(entries: Entries, range: KeyRange) {
    this.#entries = entries;
    this.#range = range;
    this.#left = range?.limit ?? Number.POSITIVE_INFINITY;
  }

  next(): Promise<Step<T>> {
    try {
      return Promise.resolve(this.#step());
    } catch (error) {
      this.#isDone = true;
      return Promise.reject(error);
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#isDone = true;
    return Promise.resolve(END);
  }

  throw(error: unknown): Promise<never> {
    this.#isDone = true;
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDone = true;
  }

  #step(): Step<T> | Promise<Step<T>> {
    if (this.#isDone) return END;
    if (this.#at >= this.#group.keys.length || this.#group.moment !== this.#entries.env.moment) this.#readGroup();
    const key = this.#group.keys[this.#at];
    if (key === undefined) {
      this.#isDone = true;
      return END;
    }
    const value = this.#group.values[this.#at++];
    this.#after = key;
    this.#left--;
    return value === UNREAD ? this.#load(key) : { done: false, value: [key, value as ReadValue<T>] };
  }

  #readGroup(): void {
    if (this.#group === NO_GROUP) checkRange(this.#range);
    const isUsedUp = this.#at >= this.#group.keys.length;
    this.#size = isUsedUp ? Math.min(2 * this.#size, LARGEST_GROUP) : Math.max(1, this.#size >> 2);
    const { moment } = this.#entries.env;
    const limit = Math.min(this.#left, this.#size);
    const found = limit > 0 ? this.#entries.someRecords(cursorRange(this.#range, this.#after, limit)) : [];
    this.#group = { keys: found.map(({ key }) => key), values: readValues(found), moment };
    this.#at = 0;
  }

  /** The next step: the entry of a key, whole, or where it was removed meanwhile the one after it. */
  async #load(key: StoreKey): Promise<Step<T>> {
    try {
      const loaded = await this.#entries.load(key);
      if (loaded !== undefined) return { done: false, value: [key, (await restored(loaded)) as ReadValue<T>] };
      this.#left++;
      return this.next();
    } catch (error) {
      this.#isDone = true;
      throw error;
    }
  }
}

const END = { done: true, value: undefined } as const;
