/** One at a time, or so many, in the order they came. */
import { abortError, throwIfAborted } from "../errors.js";
import { onAbort } from "./abort.js";

/** The right to go on, until it is ended. */
export interface Turn {
  /** Has the turn last until `promise` settles, even if it is ended before. */
  lastsUntil(promise: Promise<unknown>): void;
  /** Lets the next one go on. Only the first call counts. */
  end(): void;
}

/** A queue at something that takes one at a time, or so many. */
export class Turns {
  readonly #places: number;
  #taken = 0;
  /** Those who wait, first come first. */
  readonly #waiting = new Set<() => void>();

  /** @param places turns at a time. Default 1. */
  constructor(places = 1) {
    this.#places = places;
  }

  /** Whether nobody has a turn or waits for one. */
  get isFree(): boolean {
    return this.#taken === 0;
  }

  /**
   * A turn, once all who asked before have ended theirs. Whoever gives up waiting leaves the queue.
   * @param label names in the error what was waiting. @throws AbortError if `signal` fires before the turn comes
   */
  async take(label: string, signal?: AbortSignal | undefined): Promise<Turn> {
    throwIfAborted(signal, label);
    if (this.#taken < this.#places) this.#taken++;
    else await this.#wait(label, signal);
    return new TakenTurn(() => this.#next());
  }

  #wait(label: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        release();
        resolve();
      };
      const release = onAbort(signal, () => {
        this.#waiting.delete(go);
        reject(abortError(signal!, label));
      });
      this.#waiting.add(go);
    });
  }

  #next(): void {
    const [first] = this.#waiting;
    if (!first) {
      this.#taken--;
      return;
    }
    // The turn passes on without a moment in which someone else could take it.
    this.#waiting.delete(first);
    first();
  }
}

class TakenTurn implements Turn {
  readonly #next: () => void;
  #lasting: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(next: () => void) {
    this.#next = next;
  }

  lastsUntil(promise: Promise<unknown>): void {
    this.#lasting = Promise.allSettled([this.#lasting, promise]);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#lasting.then(this.#next);
  }
}
