/** Uses of kept values, in their order, on their way into the store: many are noted by one write. */
import { inBackground } from "../../flow/failures.js";
import type { Environment } from "../records/environment.js";

/** Milliseconds between two writes for nothing else. */
const EVERY = 100;

export class NotedUses {
  readonly #env: Environment;
  readonly #note: () => unknown;
  readonly #waiting = new Map<string, number>();
  #written = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param note notes, within a write, what it takes */
  constructor(env: Environment, note: () => unknown) {
    this.#env = env;
    this.#note = note;
    env.beforeClose(() => this.#write());
  }

  /** @param made tells the value from those that have replaced it */
  add(name: string, made: number): void {
    if (this.#env.readOnly) return;
    this.#waiting.delete(name);
    this.#waiting.set(name, made);
    const wait = this.#written + EVERY - performance.now();
    if (wait <= 0) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), wait);
  }

  /** What was used since this was called last, the last at the end. */
  take(): [string, number][] {
    const taken = [...this.#waiting];
    this.#waiting.clear();
    return taken;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    this.#written = performance.now();
    inBackground(this.#env.write(this.#note));
  }
}
