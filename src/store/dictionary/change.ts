/** Several entries of a store, of one dictionary or more, changed at once. */
import { invalidArgument } from "../../errors.js";
import { awaitedLater } from "../../flow/failures.js";
import type { NewImage } from "../images/image.js";
import type { Entries } from "../records/entries.js";
import type { Environment } from "../records/environment.js";
import type { ReadValue, Storable } from "../records/storable.js";
import { checkKey, checkRange, cursorRange, type KeyRange, type StoreKey } from "./keys.js";
import { prepareNow, restoredNow } from "./prepare.js";

/** The entries of a dictionary while they are changed: nobody else writes meanwhile, and nothing is waited for. */
export class ChangedEntries {
  readonly #ofChange: Entries;
  readonly #change: { hasEnded: boolean };

  /** They are given by {@link Store.change}. */
  constructor(entries: Entries, change: { hasEnded: boolean }) {
    this.#ofChange = entries;
    this.#change = change;
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

  /** @throws ArgumentError `INVALID_ARGUMENT` */
  get #entries(): Entries {
    if (!this.#change.hasEnded) return this.#ofChange;
    throw invalidArgument("These entries were those of a change, which has ended: begin another");
  }
}

/** Lets `make` change entries of dictionaries, all of it or nothing. */
export function changeEntries<T>(
  env: Environment,
  dictionaries: readonly Entries[],
  make: (...dictionaries: ChangedEntries[]) => T,
): Promise<T> {
  const change = { hasEnded: false };
  const changed = dictionaries.map((entries) => new ChangedEntries(entries, change));
  return env.write(() => {
    try {
      return givenAtOnce(make(...changed));
    } finally {
      change.hasEnded = true;
    }
  });
}

/** What a function gives that must not wait: nobody else can write meanwhile. @throws ArgumentError `INVALID_ARGUMENT` for a promise */
export function givenAtOnce<T>(given: T): T {
  if (!(given instanceof Promise)) return given;
  awaitedLater(given);
  throw invalidArgument("A change of the store waits for nothing: give a function that is not async");
}
