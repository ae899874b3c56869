/** Turns of long work: one at a time, and between two of them everything else; users in rotation. */
import { Turns } from "../../../flow/turns.js";

export class FairTurns {
  /** By user. */
  readonly #long = new Map<unknown, Turns>();
  /** Whose turn is next comes first. */
  readonly #waiting = new Map<unknown, (() => void)[]>();
  #isScheduled = false;

  /** Resolves when it is the turn of this one of a user's works, in the order in which they asked. */
  turn(user: unknown): Promise<void> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(user);
      if (queue) queue.push(resolve);
      else this.#waiting.set(user, [resolve]);
      this.#schedule();
    });
  }

  /** Waits until no other long work of the user's is under way; to be ended when this has ended. */
  async only(user: unknown): Promise<Disposable> {
    const turns = this.#long.get(user) ?? new Turns();
    this.#long.set(user, turns);
    const turn = await turns.take("long work");
    return {
      [Symbol.dispose]: () => {
        turn.end();
        // Once whoever waits has been told.
        setImmediate(() => turns.isFree && this.#long.delete(user));
      },
    };
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isScheduled = false;
    const [user, queue] = this.#waiting.entries().next().value!;
    const go = queue.shift()!;
    this.#waiting.delete(user);
    if (queue.length > 0) this.#waiting.set(user, queue);
    this.#schedule();
    go();
  }
}
