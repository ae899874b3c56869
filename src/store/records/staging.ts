/**
 * Long contents on their way into the store: written in steps, seen by nobody, and taken over at the end by the one
 * write that makes the entry. What a killed process left is removed when the store is next opened.
 */
import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { StoreError, throwIfAborted } from "../../errors.js";
import { writersOf } from "../sharing/process-files.js";
import { markIn, ownerOfMark, ownMark } from "../sharing/process-mark.js";
import { type ContentPages, newContentId, PIECE_BYTES, removePieces, writePieces } from "./contents.js";
import { type Environment, type Pages, readLmdb } from "./environment.js";
import type { Content } from "./heads.js";

const STAGING = "staging";
/** Names of a dictionary's databases. */
export const RECORDS = "records:";
export const CONTENTS = "contents:";

const STEP_BYTES = 8 * PIECE_BYTES;
/** So many contents are removed in one write, so that other writers wait for none of them long. */
const AT_ONCE = 256;

/** The dictionary whose entry is to have the content. */
export interface StagingPlace {
  readonly env: Environment;
  readonly name: string;
  readonly contents: ContentPages;
}

export class StagedContent implements AsyncDisposable {
  readonly #place: StagingPlace;
  readonly #staging: Pages;
  readonly #id: number;
  readonly #owner: Uint8Array;
  #length = 0;
  #pending: Uint8Array[] = [];
  #pendingLength = 0;

  private constructor(place: StagingPlace, staging: Pages, id: number, owner: Uint8Array, length = 0) {
    this.#place = place;
    this.#staging = staging;
    this.#id = id;
    this.#owner = owner;
    this.#length = length;
  }

  static async begin(place: StagingPlace): Promise<StagedContent> {
    const staging = stagingOf(place.env);
    const owner = newOwner();
    const id = await place.env.write(() => {
      const free = newContentId(place.contents);
      place.contents.putSync([free, 0], new Uint8Array(0));
      staging.putSync(mark(place.name, free), owner);
      return free;
    });
    return new StagedContent(place, staging, id, owner);
  }

  /** Several contents, each of a byte or more and whole, in one write. */
  static async whole(place: StagingPlace, contents: readonly Uint8Array[]): Promise<StagedContent[]> {
    const staging = stagingOf(place.env);
    const owner = newOwner();
    const first = await place.env.write(() => {
      const free = newContentId(place.contents);
      for (const [index, bytes] of contents.entries()) {
        writePieces(place.contents, free + index, bytes);
        staging.putSync(mark(place.name, free + index), owner);
      }
      return free;
    });
    return contents.map(({ length }, index) => new StagedContent(place, staging, first + index, owner, length));
  }

  /** Removes those of one dictionary that no entries were made of. */
  static async discard(all: readonly StagedContent[]): Promise<void> {
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const left = all.slice(start, start + AT_ONCE).filter((staged) => staged.#isLeft());
      if (left.length > 0) await left[0]!.#place.env.write(() => left.forEach((staged) => void staged.#remove()));
    }
  }

  /** Adds bytes. They may change once this has resolved. */
  async append(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    for (let start = 0; start < bytes.length; start += STEP_BYTES) {
      throwIfAborted(signal, "writing to the store");
      await this.#add(bytes.subarray(start, start + STEP_BYTES));
    }
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (this.#pendingLength > 0) await this.#writeStep(this.#take(this.#pendingLength));
  }

  /**
   * Within a write: where all that was appended is. From now on it belongs to the entry that is made of it.
   * @throws StoreError `STORE_FAILED`
   */
  adopt(): Content {
    this.#checkOwner();
    this.#staging.removeSync(mark(this.#place.name, this.#id));
    return { id: this.#id, length: this.#length };
  }

  /** Removes it, unless an entry was made of it. */
  [Symbol.asyncDispose](): Promise<void> {
    return StagedContent.discard([this]);
  }

  /** Whether it is still staged, as it is where the write that was to adopt it has failed. */
  #isLeft(): boolean {
    this.#place.env.refresh();
    return isOwned(this.#staging, mark(this.#place.name, this.#id), this.#owner);
  }

  #remove(): void {
    remove(this.#place, this.#staging, this.#id, this.#owner);
  }

  async #add(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes.slice());
    this.#pendingLength += bytes.length;
    const whole = this.#pendingLength - (this.#pendingLength % PIECE_BYTES);
    if (whole >= STEP_BYTES) await this.#writeStep(this.#take(whole));
  }

  #take(length: number): Uint8Array {
    const all = Buffer.concat(this.#pending, this.#pendingLength);
    this.#pending = length === all.length ? [] : [all.subarray(length)];
    this.#pendingLength -= length;
    return all.subarray(0, length);
  }

  async #writeStep(bytes: Uint8Array): Promise<void> {
    const first = this.#length / PIECE_BYTES;
    await this.#place.env.write(() => {
      this.#checkOwner();
      writePieces(this.#place.contents, this.#id, bytes, first);
    });
    this.#length += bytes.length;
    await nextTurn();
  }

  #checkOwner(): void {
    if (isOwned(this.#staging, mark(this.#place.name, this.#id), this.#owner)) return;
    const message = `Another process took what was being written to ${this.#place.env.path} for left behind`;
    throw new StoreError("STORE_FAILED", message);
  }
}

/** Removes what processes that have ended were writing. */
export async function removeLeftBehind(env: Environment): Promise<void> {
  const staging = stagingOf(env);
  const staged = readLmdb(() => [...staging.getRange()]);
  if (staged.length === 0) return;
  const writers = writersOf(env.path);
  const marks = staged.filter(({ value }) => isLeftBehind(value, writers));
  for (let start = 0; start < marks.length; start += AT_ONCE) {
    const left = marks.slice(start, start + AT_ONCE).map(({ key, value }) => ({ ...placeOf(env, String(key)), value }));
    await env.write(() => {
      for (const { id, value, ...place } of left) remove(place, staging, id, value);
    });
  }
}

/** What a mark is of. */
function placeOf(env: Environment, marked: string) {
  const [id, ...words] = marked.split(" ");
  const name = words.join(" ");
  return { id: Number(id), name, contents: env.database<[number, number]>(CONTENTS + name)! };
}

function newOwner(): Uint8Array {
  return Buffer.from(`${ownMark()}-${randomUUID()}`);
}

/** Where it is noted what is staged. */
export function stagingOf(env: Environment): Pages {
  return env.database<string>(STAGING) as Pages;
}

/** Within a write: whether something is staged for a dictionary. */
export function isStaged(staging: Pages, dictionary: string): boolean {
  return readLmdb(() => [...staging.getKeys()]).some((key) => String(key).endsWith(` ${dictionary}`));
}

/** Within a write: removes what is staged, unless its number is another's by now, whose content would be lost. */
function remove(
  { name, contents }: Pick<StagingPlace, "name" | "contents">,
  staging: Pages,
  id: number,
  owner: Uint8Array,
): void {
  if (!isOwned(staging, mark(name, id), owner)) return;
  removePieces(contents, id);
  staging.removeSync(mark(name, id));
}

function isOwned(staging: Pages, key: string, owner: Uint8Array): boolean {
  const found = staging.getBinary(key);
  return found !== undefined && Buffer.compare(found, owner) === 0;
}

function mark(name: string, id: number): string {
  return `${id} ${name}`;
}

/** Of processes in other namespaces it is only known whether they have the store open. */
function isLeftBehind(owner: Uint8Array, writers: ReadonlySet<string>): boolean {
  const mark = Buffer.from(owner).toString();
  const found = ownerOfMark(mark);
  return found === undefined || (found === "unseen" && !writers.has(markIn(mark)));
}
