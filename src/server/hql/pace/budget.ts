/** What one query may take of the server, and when it is to let others go on. */
import { HqlError } from "../grammar/syntax.js";

export interface QueryLimits {
  /** Objects looked at, parts of expressions evaluated, pieces of text compared. */
  readonly steps: number;
  /** Steps between two pauses. */
  readonly stepsAtOnce: number;
  /** Milliseconds of the processor's time, pauses left out. */
  readonly time: number;
  /** Milliseconds between two pauses. */
  readonly timeAtOnce: number;
  /** Characters of one text that a query works on. */
  readonly text: number;
  /** Characters of all texts that it makes. */
  readonly madeText: number;
}

export const QUERY_LIMITS: QueryLimits = {
  steps: 50_000_000,
  stepsAtOnce: 1_000_000,
  time: 10_000,
  timeAtOnce: 10,
  text: 1 << 20,
  madeText: 32 << 20,
};

/** Work that may be left for a while wherever it yields. */
export type Steps<T> = Generator<undefined, T>;

/** Steps after which the clock is looked at. */
const STEPS_PER_LOOK = 256;
/** Characters that count as one step. */
const CHARACTERS_PER_STEP = 16;

export class QueryBudget {
  readonly #limits: QueryLimits;
  #resumed = performance.now();
  #usage = process.cpuUsage();
  #time = 0;
  #steps = 0;
  #stepsAtOnce = 0;
  #looked = 0;
  #madeText = 0;

  constructor(limits: QueryLimits = QUERY_LIMITS) {
    this.#limits = limits;
  }

  /** @throws HqlError if one row takes too much. */
  spend(steps = 1): void {
    this.#stepsAtOnce += steps;
    const { stepsAtOnce } = this.#limits;
    if (this.#stepsAtOnce > stepsAtOnce) {
      throw new HqlError(
        `The query takes more than ${stepsAtOnce} steps at once: make it simpler, or its texts shorter`,
      );
    }
  }

  /** Looks at a text. @throws HqlError if it is too long. */
  look(text: string): string {
    const { text: most } = this.#limits;
    if (text.length > most) throw new HqlError(`A query works on texts of at most ${most} characters`);
    this.spend(text.length / CHARACTERS_PER_STEP);
    return text;
  }

  /** Has made a text. @throws HqlError if those that it has made are too long together. */
  make(text: string): string {
    this.#madeText += text.length;
    const { madeText } = this.#limits;
    if (this.#madeText > madeText) throw new HqlError(`The query makes more than ${madeText} characters of text`);
    return this.look(text);
  }

  /** Whether it is time for a pause. */
  get isDue(): boolean {
    if (this.#stepsAtOnce - this.#looked < STEPS_PER_LOOK) return false;
    this.#looked = this.#stepsAtOnce;
    return performance.now() - this.#resumed >= this.#limits.timeAtOnce;
  }

  /** To be called before a pause. @throws HqlError if it has taken too much by now. */
  pause(): void {
    this.#steps += this.#stepsAtOnce;
    const { user, system } = process.cpuUsage(this.#usage);
    this.#time += (user + system) / 1000;
    const { steps, time } = this.#limits;
    if (this.#steps > steps) throw new HqlError(`The query takes more than ${steps} steps: look at fewer objects`);
    if (this.#time > time) throw new HqlError(`The query takes more than ${time} ms of work: look at fewer objects`);
  }

  /** To be called after a pause. */
  resume(): void {
    this.#resumed = performance.now();
    this.#usage = process.cpuUsage();
    this.#stepsAtOnce = 0;
    this.#looked = 0;
  }
}
