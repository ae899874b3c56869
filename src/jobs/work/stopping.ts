/** How a worker stops: at first it takes no more jobs, and after a while it gives back those in hand. */
import { onAbort } from "../../flow/abort.js";

/** When no more jobs are taken, and when those in hand are given back. */
export class Stopping {
  readonly #soon = new AbortController();
  readonly #now = new AbortController();
  readonly #grace: number;
  readonly #release: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(signal: AbortSignal | undefined, grace: number) {
    this.#grace = grace;
    if (signal?.aborted) this.#soon.abort(signal.reason);
    this.#release = onAbort(signal, () => this.stop());
  }

  /** Fires when no more jobs are to be taken. */
  get soon(): AbortSignal {
    return this.#soon.signal;
  }

  /** Fires when jobs in hand are to be given back. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  stop(): void {
    this.#soon.abort(new Error("the worker is stopping"));
    this.#timer ??= setTimeout(() => this.#now.abort(new Error("the worker is stopping")), this.#grace);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#release();
  }
}
