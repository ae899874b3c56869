/** Work that several wait for, and that ends when none of them does any more. */
import { unlessAborted } from "../../flow/abort.js";

export class SharedWork<Result> {
  readonly #ending = new AbortController();
  readonly #result: Promise<Result>;
  #waiting = 0;
  #isDone = false;
  #lost: (() => void) | undefined;

  /** @param work ends with the signal that it gets */
  constructor(work: (signal: AbortSignal) => Promise<Result>) {
    this.#result = work(this.#ending.signal).finally(() => {
      this.#isDone = true;
    });
    this.#result.catch(() => this.#lost?.());
  }

  /** Says what is done when there will be no result. */
  whenLost(lost: () => void): void {
    this.#lost = lost;
  }

  /** The result, unless `signal` fires before. */
  async wait(signal: AbortSignal): Promise<Result> {
    this.#waiting++;
    try {
      return await unlessAborted(this.#result, signal, "reading");
    } finally {
      this.#waiting--;
      if (this.#waiting === 0 && !this.#isDone) {
        this.#lost?.();
        this.#ending.abort();
      }
    }
  }
}
