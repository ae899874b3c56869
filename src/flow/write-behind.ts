import { awaitedLater, clearUp } from "./failures.js";

/** Writes one after another, each behind its caller's back: while one is under way, the next is made ready. */
export class WriteBehind {
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * Begins `write` once the one before is done. What it writes must stay as it is until the next call, or {@link done},
   * resolves.
   * @throws what the write before failed with; `write` is not begun then
   */
  async next(write: () => Promise<unknown>): Promise<void> {
    await this.#writing;
    this.#writing = awaitedLater(write());
  }

  /** Waits for the last write. @throws what it failed with */
  async done(): Promise<void> {
    await this.#writing;
  }

  /** Waits until nothing is written any more, after a failure that counts more than one of the last write. */
  settled(): Promise<void> {
    return clearUp(() => this.#writing);
  }
}
