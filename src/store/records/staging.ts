/**
 * Long contents on their way into the store: written in steps, seen by nobody, and taken over at the end by the one
 * write that makes the entry. What a killed process left is removed when the store is next opened.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { StoreError, throwIfAborted } from "../../errors.js";
import { type ContentPages, newContentId, PIECE_BYTES, removePieces, writePieces } from "./contents.js";
import { type Environment, type Pages, readLmdb } from "./environment.js";
import type { Content } from "./record.js";

const STAGING = "staging";
/** Names of a dictionary's databases. */
export const RECORDS = "records:";
export const CONTENTS = "contents:";

const STEP_BYTES = 8 * PIECE_BYTES;

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
  #length = 0;
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  #adopted = false;

  private constructor(place: StagingPlace, staging: Pages, id: number) {
    this.#place = place;
    this.#staging = staging;
    this.#id = id;
  }

  static async begin(place: StagingPlace): Promise<StagedContent> {
    const staging = place.env.database<string>(STAGING) as Pages;
    const id = await place.env.write(() => {
      const free = newContentId(place.contents);
      place.contents.putSync([free, 0], new Uint8Array(0));
      staging.putSync(mark(place.name, free), Buffer.from(String(process.pid)));
      return free;
    });
    return new StagedContent(place, staging, id);
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
    const key = mark(this.#place.name, this.#id);
    if (this.#staging.getBinary(key) === undefined) {
      throw new StoreError(
        "STORE_FAILED",
        `Another process took what was being written to ${this.#place.env.path} for left behind`,
      );
    }
    this.#staging.removeSync(key);
    this.#adopted = true;
    return { id: this.#id, length: this.#length };
  }

  /** Removes what no entry was made of. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#adopted) return;
    await this.#place.env.write(() => {
      removePieces(this.#place.contents, this.#id);
      this.#staging.removeSync(mark(this.#place.name, this.#id));
    });
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
    await this.#place.env.write(() => writePieces(this.#place.contents, this.#id, bytes, first));
    this.#length += bytes.length;
    await nextTurn();
  }
}

/** Removes what processes that have ended were writing. */
export async function removeLeftBehind(env: Environment): Promise<void> {
  const staging = env.database<string>(STAGING) as Pages;
  const marks = readLmdb(() => [...staging.getRange()]).filter(
    ({ value }) => !isAlive(Number(Buffer.from(value).toString())),
  );
  for (const { key } of marks) {
    const [id, ...name] = String(key).split(" ");
    const contents = env.database<[number, number]>(CONTENTS + name.join(" "))!;
    await env.write(() => {
      removePieces(contents, Number(id));
      staging.removeSync(key);
    });
  }
}

function mark(name: string, id: number): string {
  return `${id} ${name}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
