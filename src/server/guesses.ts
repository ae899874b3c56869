/** Guesses at passwords: of each name's from one address few are looked at at a time, wrong ones slow, and some wait. */
import { setTimeout as sleep } from "node:timers/promises";
import { isPermissionDenied, permissionDenied } from "./exceptions.js";
import { GuessLine } from "./guess-line.js";

/** Wrong guesses from one address, at whatever names, after which each of them is slow. */
const QUICK_FAILURES = 100;
/** Milliseconds after which they are counted anew. */
const FORGOTTEN = 600_000;
/** Addresses that wrong guesses came from lately. */
const REMEMBERED = 10_000;

export class Guesses {
  readonly #delay: number;
  /** By address and name. */
  readonly #lines = new Map<string, GuessLine>();
  /** Guesses so far, by the connection that they came by. */
  readonly #guessed = new WeakMap<object, number>();
  /** Wrong passwords since the last right one, by name of a user there is. */
  readonly #failures = new Map<string, number>();
  readonly #failuresFrom = new Map<string, { count: number; readonly begun: number }>();

  /** @param delay milliseconds before a wrong guess after another one is refused. */
  constructor(delay: number) {
    this.#delay = delay;
  }

  /**
   * Of a name's log-ins from one address few are looked at at a time: else a guesser would be told of many at once. A right
   * password waits no longer than those before it take, who came by connections that guessed as seldom.
   * @param connection that the guess came by
   * @param isUser whether there is a user of that name.
   * @throws IceUserException PermissionDenied if too many wait, and whatever `guess` throws, later if it was wrong.
   */
  async run<T>(connection: object, address: string, name: string, isUser: boolean, guess: () => T): Promise<T> {
    const whose = `${address} ${name}`;
    const line = this.#lines.get(whose) ?? new GuessLine();
    this.#lines.set(whose, line);
    const before = this.#guessed.get(connection) ?? 0;
    this.#guessed.set(connection, before + 1);
    if (!(await line.enter(before))) throw permissionDenied("Too many log-ins wait to be looked at: try again later");
    try {
      return await this.#guess(address, name, isUser, guess);
    } finally {
      line.leave();
      if (line.isEmpty) this.#lines.delete(whose);
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
