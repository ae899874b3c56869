/**
 * How many requests a reader has in flight: one more is tried now and then, and kept where rows come markedly faster for it,
 * as on a network whose round trip takes longer than the server's work.
 */

/** Answers, for each request in flight, over which a rate is measured. */
const ANSWERS_MEASURED = 3;
/** Answers, for each request in flight, for which a number stays that could not be bettered. */
const ANSWERS_HELD = 12;
/** What another request in flight must bring: queueing at a busy server brings nothing. */
const GAIN = 1.15;

export class InFlight {
  /** Requests to have in flight. */
  count: number;
  readonly #most: number;
  /** Rows a millisecond before one more was tried; undefined while nothing is tried. */
  #rateBefore: number | undefined;
  /** Answers to wait for before the next trial. */
  #held = 0;
  #answers = 0;
  #rows = 0;
  #since: number | undefined;

  /** @param least to begin with, and at all times */
  constructor(least: number, most: number) {
    this.count = least;
    this.#most = most;
  }

  /** Takes into account an answer of `rows` rows that arrived at `now` (milliseconds). */
  observe(rows: number, now: number): void {
    if (this.#since === undefined) {
      this.#since = now;
      return;
    }
    this.#answers++;
    this.#rows += rows;
    if (this.#answers < ANSWERS_MEASURED * this.count) return;
    const rate = this.#rows / Math.max(now - this.#since, 0.01);
    if (this.#rateBefore !== undefined && rate < GAIN * this.#rateBefore) this.#giveUp();
    else if (this.#answers >= this.#held) this.#tryOneMore(rate);
    else return;
    this.#answers = 0;
    this.#rows = 0;
    this.#since = now;
  }

  #tryOneMore(rate: number): void {
    this.#held = 0;
    this.#rateBefore = this.count < this.#most ? rate : undefined;
    this.count = Math.min(this.count + 1, this.#most);
  }

  #giveUp(): void {
    this.count--;
    this.#rateBefore = undefined;
    this.#held = ANSWERS_HELD * this.count;
  }
}
