/** A line of guesses at one password: those by connections that guessed least go first. */

/** Guesses looked at at a time: a wrong one holds its place until it is refused. */
const MOST_AT_ONCE = 10;
/** Guesses that wait behind them: with 3 seconds for each wrong one, for 15 seconds at most. */
const MOST_WAITING = 50;

interface Waiting {
  /** How many guesses came by the same connection before. */
  readonly rank: number;
  readonly settle: (mayGo: boolean) => void;
}

export class GuessLine {
  #running = 0;
  /** By rank, then first come first. */
  readonly #waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.#running === 0;
  }

  /** Resolves when it is this one's turn, to false where too many wait that go before it. @param rank see {@link Waiting} */
  async enter(rank: number): Promise<boolean> {
    if (this.#running < MOST_AT_ONCE) {
      this.#running++;
      return true;
    }
    return new Promise((settle) => {
      const place = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, { rank, settle });
      if (this.#waiting.length > MOST_WAITING) this.#waiting.pop()!.settle(false);
    });
  }

  /** Ends a turn: the first of those who wait has the next. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next.settle(true);
  }
}
