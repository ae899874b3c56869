/** Guesses at passwords: each name's from one address one after another, wrong ones slow, and few waiting. */
import { setTimeout as sleep } from "node:timers/promises";
import { Turns } from "../flow/turns.js";
import { isPermissionDenied, permissionDenied } from "./exceptions.js";

/** Guesses at a name that was guessed wrongly more than once which may wait for each other. */
const MOST_WAITING = 10;
/** Wrong guesses from one address, at whatever names, after which each of them is slow. */
const QUICK_FAILURES = 100;
/** Milliseconds after which they are counted anew. */
const FORGOTTEN = 600_000;
/** Addresses that wrong guesses came from lately. */
const REMEMBERED = 10_000;

interface Queue {
  readonly turns: Turns;
  length: number;
}

export class Guesses {
  readonly #delay: number;
  /** By address and name. */
  readonly #queues = new Map<string, Queue>();
  /** Wrong passwords since the last right one, by name of a user there is. */
  readonly #failures = new Map<string, number>();
  readonly #failuresFrom = new Map<string, { count: number; readonly begun: number }>();

  /** @param delay milliseconds before a wrong guess after another one is refused. */
  constructor(delay: number) {
    this.#delay = delay;
  }

  /**
   * Log-ins of a name from one address are looked at one after another: else many guesses would wait at once.
   * @param isUser whether there is a user of that name.
   * @throws IceUserException PermissionDenied if too many wait, and whatever `guess` throws, later if it was wrong.
   */
  async run<T>(address: string, name: string, isUser: boolean, guess: () => T): Promise<T> {
    const whose = `${address} ${name}`;
    const queue = this.#queues.get(whose) ?? { turns: new Turns(), length: 0 };
    if (queue.length >= MOST_WAITING && (this.#failures.get(name) ?? 0) > 1) {
      throw permissionDenied("Too many log-ins wait to be looked at: try again later");
    }
    this.#queues.set(whose, queue);
    queue.length++;
    const turn = await queue.turns.take("log-in");
    try {
      return await this.#guess(address, name, isUser, guess);
    } finally {
      turn.end();
      if (--queue.length === 0) this.#queues.delete(whose);
    }
  }

  async #guess<T>(address: string, name: string, isUser: boolean, guess: () => T): Promise<T> {
    try {
      const result = guess();
      this.#failures.delete(name);
      return result;
    } catch (error) {
      if (isPermissionDenied(error) && this.#failed(address, name, isUser)) await sleep(this.#delay);
      throw error;
    }
  }

  /** Whether it was one too many. A user's first wrong password since the last log-in is refused at once, as OMERO does it. */
  #failed(address: string, name: string, isUser: boolean): boolean {
    const isSlow = this.#countFrom(address) > QUICK_FAILURES;
    if (!isUser) return isSlow;
    const failures = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, failures);
    return failures > 1 || isSlow;
  }

  #countFrom(address: string): number {
    const known = this.#failuresFrom.get(address);
    const now = performance.now();
    const from = known && now - known.begun < FORGOTTEN ? known : { count: 0, begun: now };
    from.count++;
    // The one that failed last is forgotten last.
    this.#failuresFrom.delete(address);
    this.#failuresFrom.set(address, from);
    if (this.#failuresFrom.size > REMEMBERED) this.#failuresFrom.delete(this.#failuresFrom.keys().next().value!);
    return from.count;
  }
}
