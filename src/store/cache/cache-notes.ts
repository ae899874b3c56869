/** What a cache notes beside its values: their stamps, sizes, and when each was used last. */

import { inBackground } from "../../flow/failures.js";
import { prepareValue } from "../dictionary/prepare.js";
import type { Entries } from "../records/entries.js";
import type { Snapshot } from "../records/environment.js";
import type { StoredRecord } from "../records/heads.js";
import { readValues, UNREAD } from "../records/record-group.js";

export type Note = {
  readonly stamp: string;
  readonly bytes: number;
  readonly used: number;
  /** Tells a value from the one it replaced. */
  readonly made: number;
};

/** A use is noted again when so many milliseconds have passed. */
const NOTED_EVERY = 1_000;
/** Bytes of a note, and of what LMDB adds to it and to a value. */
const OVERHEAD = 512;
/** Of more values than this a part of the bytes is freed at once, as to sort so many each time would take long. */
const MANY = 200;
const SPARE = 0.05;
/** Where the bytes of all values are noted. Values have texts as keys. */
const TOTAL = 0;

export class CacheNotes {
  readonly #notes: Entries;
  readonly #values: Entries;
  readonly #maxBytes: number;
  readonly #now: () => number;

  constructor(notes: Entries, values: Entries, maxBytes: number, now: () => number) {
    this.#notes = notes;
    this.#values = values;
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  get usedBytes(): number {
    return numberOf(this.#notes.newest(TOTAL));
  }

  fits(bytes: number): boolean {
    return bytes + OVERHEAD <= this.#maxBytes;
  }

  newest(name: string): Note | undefined {
    return noteOf(this.#notes.newest(name));
  }

  find(name: string, snapshot?: Snapshot): Note | undefined {
    return noteOf(this.#notes.find(name, snapshot));
  }

  /** Notes that a value was used; nobody waits for that. */
  use(name: string, { used, made }: Note): void {
    const { env } = this.#notes;
    if (env.readOnly || this.#now() - used < NOTED_EVERY) return;
    const write = () => {
      const note = noteOf(this.#notes.find(name));
      if (note?.made === made) this.#put(name, { ...note, used: this.#now() });
    };
    inBackground(env.write(write));
  }

  /** Within the write that keeps a value: notes it, and removes the values that are over the limit. Returns its name. */
  add(name: string, stamp: string, bytes: number): string {
    const old = noteOf(this.#notes.find(name));
    const size = bytes + OVERHEAD;
    let total = numberOf(this.#notes.find(TOTAL)) - (old?.bytes ?? 0) + size;
    if (total > this.#maxBytes) total -= this.#makeRoom(total - this.#maxBytes, name);
    this.#put(name, { stamp, bytes: size, used: this.#now(), made: (old?.made ?? 0) + 1 + Math.random() });
    this.#notes.place(TOTAL, prepareValue(total));
    return name;
  }

  /** Removes the values that were not used for longest, until so many bytes are free. Returns how many were freed. */
  #makeRoom(needed: number, except: string): number {
    const notes = this.#byLastUse();
    const wanted = notes.length > MANY ? needed + this.#maxBytes * SPARE : needed;
    let freed = 0;
    for (const [name, { bytes }] of notes) {
      if (freed >= wanted) break;
      if (name === except) continue;
      this.#values.remove(name);
      this.#notes.remove(name);
      freed += bytes;
    }
    return freed;
  }

  #byLastUse(): [string, Note][] {
    const records = this.#notes.recordsNow();
    const values = readValues(records);
    const all = records.map(({ key }, at) => [key, values[at]] as const);
    const notes = all.filter((one): one is [string, Note] => typeof one[0] === "string" && one[1] !== UNREAD);
    return notes.sort(([, one], [, other]) => one.used - other.used);
  }

  #put(name: string, note: Note): void {
    this.#notes.place(name, prepareValue(note));
  }
}

function noteOf(record: StoredRecord | undefined): Note | undefined {
  return record?.kind === "inline" ? (record.value as Note) : undefined;
}

function numberOf(record: StoredRecord | undefined): number {
  return record?.kind === "inline" ? Number(record.value) : 0;
}
