/** Keeps a lease as long as it is wanted, and tells when it was lost. */
import { ifPossible } from "../../flow/failures.js";

export class Renewal {
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<unknown> = Promise.resolve();
  #lastRenewed = Date.now();

  /** @param renew false means that another has it @param lease milliseconds that it lasts */
  constructor(renew: () => Promise<boolean>, lease: number) {
    let isBusy = false;
    const tick = async () => {
      const begun = Date.now();
      const isHeld = await ifPossible(renew());
      if (isHeld) this.#lastRenewed = begun;
      // Where the queue cannot be asked, it counts as long as nobody else can have it.
      if (isHeld === false || Date.now() - this.#lastRenewed > lease) this.#lost.abort(new Error("the lease was lost"));
    };
    this.#timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      this.#renewing = tick().finally(() => {
        isBusy = false;
      });
    }, lease / 3);
  }

  /** Fires when another has it, or may have. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Renews no more; returns when nothing is under way. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
  }
}
