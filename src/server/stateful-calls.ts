/** Services with a state take one call at a time: they share one database session that two calls would break. */
import type { Chance } from "./chance.js";
import { internal } from "./exceptions.js";

/** What a second call comes to on a Java server: one of its errors, or no answer for ever. */
const CLASHES = [
  "Hibernate session is not re-entrant.\nEither you have two threads operating on the same stateful object " +
    "(don't do this)\n or you have a recursive call (recurse on the unwrapped object). ",
  "could not execute query",
  "connection handle already closed",
  undefined,
] as const;

export type CallTurn = <T>(action: () => Promise<T>) => Promise<T>;

export class StatefulCalls {
  readonly #chance: Chance;
  #most = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** The most calls that were ever in work at once on one service. */
  get most(): number {
    return this.#most;
  }

  /** What all calls of one service are to run through. */
  turn(): CallTurn {
    let inWork = 0;
    return async (action) => {
      this.#most = Math.max(this.#most, ++inWork);
      try {
        if (inWork > 1) await this.#clash();
        return await action();
      } finally {
        inWork--;
      }
    };
  }

  async #clash(): Promise<never> {
    const message = this.#chance.pick(CLASHES);
    if (message !== undefined) throw internal(message);
    return new Promise(() => {});
  }
}
