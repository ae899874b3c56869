/** Signals and time limits of calls. */
import { ArgumentError, abortError, type OmeroError, TimeoutError, throwIfAborted } from "../../../errors.js";
import { onAbort } from "../../../flow/abort.js";
import type { CallLimits } from "./call.js";

/** What is left of a call's limits once a part of it is done. */
export interface RemainingLimits extends CallLimits {
  /** The time that the call was given in all, for messages. */
  given?: number | undefined;
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** @throws AbortError if the signal has fired; ArgumentError `INVALID_ARGUMENT` for a time limit that is none. */
export function checkLimits({ signal, timeout }: CallLimits, label: string): void {
  throwIfAborted(signal, label);
  if (timeout !== undefined && !(timeout >= 0)) {
    const text = `${label}: a timeout of ${timeout} ms: give 0 or more`;
    throw new ArgumentError("INVALID_ARGUMENT", text, { operation: label });
  }
}

/** The limits of a call, each time with what is left of its time. */
export function remainingLimits(limits: CallLimits): () => RemainingLimits {
  const { timeout } = limits;
  if (timeout === undefined) return () => limits;
  const start = performance.now();
  return () => ({ ...limits, given: timeout, timeout: Math.max(0, timeout - (performance.now() - start)) });
}

/** Settles as `promise` does, unless the signal or the time limit comes first; what it stands for goes on then. */
export function withinLimits<T>(promise: Promise<T>, label: string, limits: RemainingLimits): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = limitWaiting(label, limits, reject);
    promise.then(resolve, reject).finally(release);
  });
}

/** Calls `giveUp` when the signal fires or time is over, until the returned function is called. */
export function limitWaiting(
  label: string,
  { signal, timeout, given = timeout }: RemainingLimits,
  giveUp: (error: OmeroError) => void,
): () => void {
  const overdue = () => giveUp(timeoutError(label, given));
  const timer = timeout === undefined || timeout > LONGEST_TIMER ? undefined : setTimeout(overdue, timeout);
  const release = onAbort(signal, () => giveUp(abortError(signal!, label)));
  return () => {
    clearTimeout(timer);
    release();
  };
}

/** One signal for what ends a call: its own, or the end of its time. */
export class CallDeadline {
  readonly signal: AbortSignal | undefined;
  readonly #given: CallLimits;
  readonly #label: string;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  /** The time begins now. */
  constructor(limits: CallLimits, label: string) {
    const { signal, timeout } = limits;
    this.#given = limits;
    this.#label = label;
    if (timeout === undefined) {
      this.signal = signal;
      return;
    }
    this.signal = signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal;
    // `AbortSignal.timeout` cannot be cleared: of many short calls with a long limit each would leave a timer.
    this.#timer = setTimeout(() => this.#over.abort(), Math.min(timeout, LONGEST_TIMER)).unref();
  }

  /** Whether time is over, and it was not the caller who gave up. */
  get isOver(): boolean {
    return this.#over.signal.aborted && !this.#given.signal?.aborted;
  }

  error(): TimeoutError {
    return timeoutError(this.#label, this.#given.timeout);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

function timeoutError(label: string, milliseconds: number | undefined): TimeoutError {
  return new TimeoutError("TIMEOUT", `${label}: no answer within ${milliseconds} ms`, { operation: label });
}
