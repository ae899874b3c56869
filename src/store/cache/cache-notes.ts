/** What a cache notes beside its values: their stamps, sizes, and in which order they were used. */

import { createHash } from "node:crypto";
import { DataError } from "../../errors.js";
import { prepareValue } from "../dictionary/prepare.js";
import type { Entries } from "../records/entries.js";
import type { Snapshot } from "../records/environment.js";
import { readValues } from "../records/record-group.js";
import { NotedUses } from "./noted-uses.js";

export type Note = {
  /** A digest: stamps of wide tables are long. */
  readonly stamp: string;
  readonly bytes: number;
  /** Greater than of what was used before: milliseconds since 1970, or more where the clock was set back. */
  readonly used: number;
  /** Tells a value from the one it replaced. */
  readonly made: number;
};

/** Bytes of all values, and the last time that something was used. */
type Sum = { readonly bytes: number; readonly used: number };

/** Bytes of a note, and of what LMDB adds to it and to a value. */
const OVERHEAD = 512;
/** Of more values than this a part of the bytes is freed at once, as to sort so many each time would take long. */
const MANY = 200;
const SPARE = 0.05;
/** Where the sum is noted. Values have texts as keys. */
const SUM = 0;

export class CacheNotes {
  readonly #notes: Entries;
  readonly #values: Entries;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #uses: NotedUses;

  constructor(notes: Entries, values: Entries, maxBytes: number, now: () => number) {
    this.#notes = notes;
    this.#values = values;
    this.#maxBytes = maxBytes;
    this.#now = now;
    this.#uses = new NotedUses(notes.env, () => this.#noteUses());
  }

  get usedBytes(): number {
    this.#notes.env.refresh();
    return this.#sum()?.bytes ?? 0;
  }

  fits(bytes: number): boolean {
    return bytes + OVERHEAD <= this.#maxBytes;
  }

  /** The note of a value that is as its stamp says. */
  newest(name: string, stamp: string): Note | undefined {
    this.#notes.env.refresh();
    return this.find(name, stamp);
  }

  find(name: string, stamp: string, snapshot?: Snapshot): Note | undefined {
    const note = this.#find(name, snapshot);
    return note?.stamp === digestOf(stamp) ? note : undefined;
  }

  /** Notes that a value was used; nobody waits for that. */
  use(name: string, { made }: Note): void {
    this.#uses.add(name, made);
  }

  /** Within the write that keeps a value: notes it, and removes the values that are over the limit. Returns its name. */
  add(name: string, stamp: string, bytes: number): string {
    const { bytes: before, used } = this.#noteUses();
    const old = this.#find(name);
    const size = bytes + OVERHEAD;
    let total = before - (old?.bytes ?? 0) + size;
    if (total > this.#maxBytes) total -= this.#makeRoom(total - this.#maxBytes, name);
    const now = this.#after(used);
    this.#put(name, {
      stamp: digestOf(stamp),
      bytes: size,
      used: now,
      made: Math.floor(old?.made ?? 0) + 1 + Math.random(),
    });
    this.#putSum({ bytes: total, used: now });
    return name;
  }

  /** Within a write. */
  #noteUses(): Sum {
    const { bytes, used } = this.#checkedSum();
    let last = used;
    for (const [name, made] of this.#uses.take()) {
      const note = this.#find(name);
      if (note?.made !== made) continue;
      last = this.#after(last);
      this.#put(name, { ...note, used: last });
    }
    if (last !== used) this.#putSum({ bytes, used: last });
    return { bytes, used: last };
  }

  #after(used: number): number {
    return Math.max(this.#now(), used + 1);
  }

  /** Removes the values that were not used for longest, until so many bytes are free. Returns how many were freed. */
  #makeRoom(needed: number, except: string): number {
    const notes = [...this.#all()].sort(([, one], [, other]) => one.used - other.used);
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

  #checkedSum(): Sum {
    const sum = this.#sum();
    const isComplete = sum !== undefined && this.#values.countNow === this.#notes.countNow - 1;
    return isComplete ? sum : this.#countAgain(sum?.used ?? 0);
  }

  /** Someone has removed values, or notes, with the store's other means. */
  #countAgain(last: number): Sum {
    const values = new Set(this.#values.keysNow());
    const kept = new Map([...this.#all()].filter(([name]) => values.has(name)));
    for (const entries of [this.#values, this.#notes]) {
      for (const key of entries.keysNow()) if (!kept.has(key as string)) entries.remove(key);
    }
    let [bytes, used] = [0, last];
    for (const note of kept.values()) [bytes, used] = [bytes + note.bytes, Math.max(used, note.used)];
    this.#putSum({ bytes, used });
    return { bytes, used };
  }

  #all(): Map<string, Note> {
    const records = this.#notes.recordsNow();
    const values = readValues(records);
    const all = records.map(({ key }, at) => [key, values[at]] as const);
    return new Map(all.filter((one): one is [string, Note] => typeof one[0] === "string" && isNote(one[1])));
  }

  #find(name: string, snapshot?: Snapshot): Note | undefined {
    const found = this.#valueOf(name, snapshot);
    return isNote(found) ? found : undefined;
  }

  #sum(): Sum | undefined {
    const found = this.#valueOf(SUM);
    return isSum(found) ? found : undefined;
  }

  /** Undefined where it is damaged, too. */
  #valueOf(key: string | number, snapshot?: Snapshot): unknown {
    try {
      const record = this.#notes.find(key, snapshot);
      return record?.kind === "inline" ? record.value : undefined;
    } catch (error) {
      if (error instanceof DataError) return undefined;
      throw error;
    }
  }

  #put(name: string, note: Note): void {
    this.#notes.place(name, prepareValue(note));
  }

  #putSum(sum: Sum): void {
    this.#notes.place(SUM, prepareValue(sum));
  }
}

/** Anyone may write to a store. */
function isSum(value: unknown): value is Sum {
  const { bytes, used } = (value ?? {}) as Partial<Sum>;
  return typeof bytes === "number" && typeof used === "number";
}

function isNote(value: unknown): value is Note {
  return isSum(value) && "stamp" in value && "made" in value;
}

function digestOf(stamp: string): string {
  return createHash("sha256").update(stamp).digest("base64");
}
