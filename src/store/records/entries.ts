/** The entries of one dictionary: what is kept under each key, and where its bytes are. */
import { type CursorRange, checkRange, cursorRange, type KeyRange, type StoreKey } from "../dictionary/keys.js";
import {
  type ContentPages,
  ContentReader,
  fastBytes,
  newContentId,
  readContent,
  readInTurns,
  removePieces,
  TURN_BYTES,
  writePieces,
} from "./contents.js";
import { type Environment, type Pages, readLmdb, type Snapshot } from "./environment.js";
import type { Head, StoredHead, StoredRecord } from "./heads.js";
import { headRecord, isInline, readRecord } from "./record.js";
import type { KeyedRecord } from "./record-group.js";
import { isStaged, StagedContent, stagingOf } from "./staging.js";

/** Something to be kept: a short value's record, or a head and its bytes. */
export type Prepared = { readonly inline: Uint8Array } | { readonly head: Head; readonly bytes: Uint8Array };

/** Longer contents are written in several steps, so that other writers wait for none of them long. */
const ONE_STEP_BYTES = 32 * 1024 * 1024;
/** Keys looked up in one turn while a range is walked. */
const KEYS_A_TURN = 256;

/** A record with the bytes of its content; `bytes` is empty for a value kept inline. */
export interface Loaded {
  readonly record: StoredRecord;
  readonly bytes: Uint8Array;
}

export class Entries {
  readonly env: Environment;
  readonly name: string;
  readonly contents: ContentPages;
  readonly #records: Pages;

  constructor(env: Environment, name: string, records: Pages, contents: ContentPages) {
    this.env = env;
    this.name = name;
    this.#records = records;
    this.contents = contents;
  }

  get count(): number {
    this.env.refresh();
    return this.countNow;
  }

  /** Within a write or a turn: number of entries. */
  get countNow(): number {
    return readLmdb(() => this.#records.getStats() as { entryCount: number }).entryCount;
  }

  /** The record of a key in the state that reads see now, in a snapshot, or within a write. */
  find(key: StoreKey, snapshot?: Snapshot): StoredRecord | undefined {
    const bytes = fastBytes(this.#records, key, snapshot === undefined ? {} : { transaction: snapshot });
    return bytes === undefined ? undefined : readRecord(bytes, `The entry ${JSON.stringify(key)}`);
  }

  /** The same in the newest state. */
  newest(key: StoreKey): StoredRecord | undefined {
    this.env.refresh();
    return this.find(key);
  }

  has(key: StoreKey): boolean {
    this.env.refresh();
    return readLmdb(() => this.#records.doesExist(key));
  }

  /** A record and all of its bytes, of one state; a promise only where they are read in several turns. */
  load(key: StoreKey, signal?: AbortSignal): Loaded | undefined | Promise<Loaded | undefined> {
    const record = this.newest(key);
    if (record === undefined) return undefined;
    if (record.kind === "inline" || record.content.length <= TURN_BYTES) return this.loadNow(record);
    return this.env.withSnapshot(async (snapshot) => {
      const found = this.find(key, snapshot);
      return found && this.#loadInTurns(found, snapshot, signal);
    });
  }

  /** A record found in this turn, with its bytes: nothing may be awaited in between. */
  loadNow(record: StoredRecord): Loaded {
    if (record.kind === "inline") return { record, bytes: NO_BYTES };
    const reader = new ContentReader(this.contents, record.content.id);
    return { record, bytes: readContent(reader, record.content.length) };
  }

  /** Keys of a range; each is read when it is taken, and those written meanwhile are among them or not. */
  async *keys(range: KeyRange = {}): AsyncGenerator<StoreKey, void, undefined> {
    for (const some of this.keyLists(range)) yield* some;
  }

  /** The same in lists, each read when it is taken. */
  *keyLists(range: KeyRange): Generator<readonly StoreKey[], void, undefined> {
    checkRange(range);
    let left = range.limit ?? Number.POSITIVE_INFINITY;
    let after: StoreKey | undefined;
    while (left > 0) {
      const some = this.someKeys(cursorRange(range, after, Math.min(left, KEYS_A_TURN)));
      yield some;
      if (some.length < KEYS_A_TURN) return;
      left -= some.length;
      after = some.at(-1);
    }
  }

  /** Keys and records of a part of a range, of the newest state. */
  someRecords(range: CursorRange): KeyedRecord[] {
    this.env.refresh();
    return readLmdb(() => [...this.#records.getRange(range)]);
  }

  someKeys(range: CursorRange): StoreKey[] {
    this.env.refresh();
    return this.keysWithin(range);
  }

  /** Within a write or a turn: keys of a range. */
  keysWithin(range: CursorRange): StoreKey[] {
    return readLmdb(() => [...this.#records.getKeys(range)]);
  }

  /** Within a write: all keys. */
  keysNow(): StoreKey[] {
    return readLmdb(() => [...this.#records.getKeys()]);
  }

  /** Within a write: all keys and records. */
  recordsNow(): KeyedRecord[] {
    return readLmdb(() => [...this.#records.getRange()]);
  }

  /** Within a write or a turn: the number after the highest one that is a key. */
  nextIndex(): number {
    const [last] = this.keysWithin({ start: Number.MAX_SAFE_INTEGER, reverse: true, limit: 1 });
    return typeof last === "number" ? last + 1 : 0;
  }

  /**
   * Keeps what was prepared under the key that `choose` gives within the write; resolves to that key.
   * @throws AbortError, StoreError
   */
  async keep(choose: () => StoreKey, prepared: Prepared, signal?: AbortSignal): Promise<StoreKey> {
    if ("inline" in prepared || prepared.bytes.length <= ONE_STEP_BYTES) {
      return this.env.write(() => this.place(choose(), prepared));
    }
    await using staged = await StagedContent.begin(this);
    await staged.append(prepared.bytes, signal);
    await staged.finish();
    // Awaited here: what was staged is removed at the end of this block unless an entry was made of it.
    return await this.env.write(() => this.placeHead(choose(), { ...prepared.head, content: staged.adopt() }));
  }

  /** Within a write. */
  place(key: StoreKey, prepared: Prepared): StoreKey {
    if ("inline" in prepared) {
      this.#clear(key);
      this.#records.putSync(key, prepared.inline);
      return key;
    }
    const id = newContentId(this.contents);
    writePieces(this.contents, id, prepared.bytes);
    return this.placeHead(key, { ...prepared.head, content: { id, length: prepared.bytes.length } });
  }

  /** Within a write: a head whose content is there. */
  placeHead(key: StoreKey, head: StoredHead): StoreKey {
    this.#clear(key, head.content.id);
    this.#records.putSync(key, headRecord(head));
    return key;
  }

  /** Within a write: whether there was such an entry. */
  remove(key: StoreKey): boolean {
    this.#clear(key);
    return this.#records.removeSync(key) as unknown as boolean;
  }

  /** Removes all. */
  async clear(): Promise<void> {
    const staging = stagingOf(this.env);
    await this.env.write(() => {
      if (isStaged(staging, this.name)) for (const key of this.keysNow()) this.remove(key);
      else for (const pages of [this.#records, this.contents]) pages.clearSync();
    });
  }

  /** Removes the bytes of what is under a key, unless they stay. */
  #clear(key: StoreKey, stays?: number): void {
    const bytes = fastBytes(this.#records, key, {});
    if (bytes === undefined || isInline(bytes)) return;
    const old = recordUnlessDamaged(bytes);
    if (old !== undefined && old.kind !== "inline" && old.content.id !== stays)
      removePieces(this.contents, old.content.id);
  }

  async #loadInTurns(record: StoredRecord, snapshot: Snapshot, signal: AbortSignal | undefined): Promise<Loaded> {
    if (record.kind === "inline") return { record, bytes: NO_BYTES };
    const reader = new ContentReader(this.contents, record.content.id, { snapshot, signal });
    return { record, bytes: await readInTurns(reader, record.content.length) };
  }
}

/** A damaged record does not keep another from its place. */
function recordUnlessDamaged(bytes: Uint8Array): StoredRecord | undefined {
  try {
    return readRecord(bytes, "An entry");
  } catch {
    return undefined;
  }
}

const NO_BYTES = new Uint8Array(0);
