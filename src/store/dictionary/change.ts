/** Several entries of a store, of one dictionary or more, changed at once. */
import type { NewImage } from "../images/image.js";
import type { Entries } from "../records/entries.js";
import type { ReadValue, Storable } from "../records/storable.js";
import { checkKey, checkRange, cursorRange, type KeyRange, type StoreKey } from "./keys.js";
import { prepareNow, restoredNow } from "./prepare.js";

/** The entries of a dictionary while they are changed: nobody else writes meanwhile, and nothing is waited for. */
export class ChangedEntries {
  readonly #entries: Entries;

  /** They are given by {@link Store.change}. */
  constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** The value under a key as it is now; undefined where there is none. @throws DataError `MALFORMED_FILE` */
  get<T = unknown>(key: StoreKey): ReadValue<T> | undefined {
    const record = this.#entries.find(checkKey(key));
    return record && (restoredNow(this.#entries.loadNow(record)) as ReadValue<T>);
  }

  /** Keeps a value or an image under a key. @throws DataError `UNSUPPORTED_TYPE`; ArgumentError `INVALID_ARGUMENT` */
  set(key: StoreKey, value: Exclude<Storable, undefined> | NewImage): void {
    this.#entries.place(checkKey(key), prepareNow(value));
  }

  /** Removes an entry. Whether there was one. */
  delete(key: StoreKey): boolean {
    return this.#entries.remove(checkKey(key));
  }

  /** Keys of a range, in order. Default limit 1000. */
  keys(range: KeyRange = {}): StoreKey[] {
    const { limit = 1000 } = checkRange(range);
    return this.#entries.keysWithin(cursorRange(range, undefined, limit));
  }
}
