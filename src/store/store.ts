/** A store: dictionaries by name. */
import { ArgumentError, StoreError } from "../errors.js";
import { checkOptions } from "../flow/options.js";
import { type CacheOptions, StoreCache } from "./cache/store-cache.js";
import { type ChangedEntries, changeEntries } from "./dictionary/change.js";
import { StoreDictionary } from "./dictionary/dictionary.js";
import { isKeyText } from "./dictionary/keys.js";
import { Entries } from "./records/entries.js";
import type { Environment } from "./records/environment.js";
import { CONTENTS, RECORDS } from "./records/staging.js";

/** What a dictionary takes. */
export interface DictionaryUsage {
  /** Name of the dictionary. */
  readonly name: string;
  /** Entries it has. */
  readonly entries: number;
  /** Bytes on the disk. */
  readonly bytes: number;
}

const LONGEST_NAME = 200;

/** A store in a folder: dictionaries by name. */
export class Store implements AsyncDisposable {
  /** The store's folder. */
  readonly path: string;
  readonly #env: Environment;
  readonly #opened = new Map<string, StoreDictionary>();
  readonly #caches = new Map<string, StoreCache>();

  /** Stores are opened by {@link openStore}. */
  constructor(env: Environment) {
    this.path = env.path;
    this.#env = env;
  }

  /**
   * The dictionary of a name, which is made if it is missing. Asked again it is the same one.
   * @throws ArgumentError `INVALID_ARGUMENT`; StoreError `NO_SUCH_ENTRY` where it is missing and the store only to be read
   */
  open(name: string): StoreDictionary {
    const opened = this.#opened.get(checkName(name));
    if (opened !== undefined) return opened;
    const dictionary = new StoreDictionary(this.#entries(name));
    this.#opened.set(name, dictionary);
    return dictionary;
  }

  /**
   * Changes entries of several dictionaries at once, while nobody else writes: all of it is kept or, where `make` throws, nothing.
   * Resolves to what `make` gives, when that is on the disk.
   * @param names the dictionaries, which `make` is given in this order. @param make must not wait for anything
   * @throws StoreError, ArgumentError `INVALID_ARGUMENT` where `make` is async, and whatever it throws
   *
   * @example
   * await store.change(["todo", "done"], (todo, done) => {
   *   done.set("plate 7", todo.get("plate 7")!);
   *   todo.delete("plate 7");
   * });
   */
  async change<T>(names: readonly string[], make: (...dictionaries: ChangedEntries[]) => T): Promise<T> {
    if (!Array.isArray(names)) throw new ArgumentError("INVALID_ARGUMENT", "Say the names of dictionaries as a list");
    return changeEntries(
      this.#env,
      names.map((name) => this.#entries(checkName(name))),
      make,
    );
  }

  /**
   * A cache of things that can be fetched again, which all processes share. It is kept in a dictionary `cache/NAME`. Asked again
   * with the same bound it is the same one.
   * @throws ArgumentError `INVALID_ARGUMENT`; StoreError `NO_SUCH_ENTRY` where it is missing and the store only to be read
   */
  cache(name: string, options: CacheOptions = {}): StoreCache {
    checkOptions(options, { maxBytes: true }, "cache");
    const values = this.#entries(checkName(`cache/${name}`));
    const id = `${options.maxBytes} ${name}`;
    const cache = this.#caches.get(id) ?? new StoreCache(values, this.#entries(`cache/${name}/notes`), options);
    this.#caches.set(id, cache);
    return cache;
  }

  /** Names of the dictionaries that have entries, sorted. */
  names(): string[] {
    // A dictionary's second database: where that is, the first one is, too.
    const names = this.#env.names().filter((name) => name.startsWith(CONTENTS));
    return names.map((name) => name.slice(CONTENTS.length)).filter((name) => this.open(name).size > 0);
  }

  /** Whether there is a dictionary of this name with entries in it. */
  has(name: string): boolean {
    return this.names().includes(name);
  }

  /** Removes all that is in a dictionary. Resolves to whether there was anything. */
  async drop(name: string): Promise<boolean> {
    if (!this.has(name)) return false;
    await this.open(name).clear();
    return true;
  }

  /** What each dictionary takes. */
  usage(): DictionaryUsage[] {
    return this.names().map((name) => ({
      name,
      entries: this.open(name).size,
      bytes: this.#env.bytesOf(RECORDS + name) + this.#env.bytesOf(CONTENTS + name),
    }));
  }

  /** Bytes of the store's file, those free to be written again included. */
  get fileBytes(): number {
    return this.#env.fileBytes;
  }

  /** Waits for writes under way and closes the store. Safe to call twice. */
  close(): Promise<void> {
    return this.#env.close();
  }

  #entries(name: string): Entries {
    const records = this.#env.database<string>(RECORDS + name);
    const contents = this.#env.database<[number, number]>(CONTENTS + name);
    if (records !== undefined && contents !== undefined)
      return new Entries(this.#env, name, records as never, contents);
    throw new StoreError("NO_SUCH_ENTRY", `${this.path} has no dictionary ${name}`, { path: this.path });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function checkName(name: string): string {
  const fits = typeof name === "string" && name !== "" && isKeyText(name);
  if (!fits || Buffer.byteLength(name) > LONGEST_NAME) {
    throw new ArgumentError("INVALID_ARGUMENT", `A dictionary's name is a text of 1 to ${LONGEST_NAME} bytes`);
  }
  return name;
}
