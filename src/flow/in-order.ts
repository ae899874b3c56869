/** Runs jobs side by side and yields their results in the jobs' order. */
import { abortError } from "../errors.js";

export interface InOrderOptions {
  /** Jobs running at once; asked for before each. */
  readonly concurrency: () => number;
  /** Jobs running and results waiting to be taken, together: what bounds memory while the first job or the consumer is slow. */
  readonly window: number;
  readonly signal?: AbortSignal | undefined;
  /** Names the work in the error thrown when `signal` fires. */
  readonly what: string;
}

/**
 * Yields the result of each job, in order. A job starts when fewer than `concurrency` run and the window has room, so
 * a slow job holds up the jobs behind it no longer than the window allows, and a slow consumer stops all. The first
 * failure is thrown in its place. However the iteration ends, the signal given to `jobs` and `run` has then fired and
 * all that was started has settled.
 */
export async function* runInOrder<Job, Result>(
  jobs: (signal: AbortSignal) => AsyncIterator<Job>,
  run: (job: Job, signal: AbortSignal) => Promise<Result>,
  options: InOrderOptions,
): AsyncGenerator<Result, void, undefined> {
  const queue = new JobQueue(jobs, run, options);
  const { signal } = options;
  const abort = () => queue.fail(abortError(signal!, options.what));
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    for (;;) {
      const next = await queue.take();
      if (next === undefined) return;
      yield next.result;
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    await queue.stop();
  }
}

interface Slot<Result> {
  outcome?: { readonly result: Result } | { readonly error: unknown };
}

class JobQueue<Job, Result> {
  readonly #jobs: AsyncIterator<Job>;
  readonly #run: (job: Job, signal: AbortSignal) => Promise<Result>;
  readonly #options: InOrderOptions;
  readonly #stop = new AbortController();
  readonly #unsettled = new Set<Promise<void>>();
  #slots: Slot<Result>[] = [];
  #running = 0;
  #pulling = false;
  #exhausted = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(
    jobs: (signal: AbortSignal) => AsyncIterator<Job>,
    run: (job: Job, signal: AbortSignal) => Promise<Result>,
    options: InOrderOptions,
  ) {
    this.#jobs = jobs(this.#stop.signal);
    this.#run = run;
    this.#options = options;
  }

  /** The next result in order, or undefined after the last. */
  async take(): Promise<{ readonly result: Result } | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      this.#pull();
      const outcome = this.#slots[0]?.outcome;
      if (outcome) {
        if ("error" in outcome) throw outcome.error;
        this.#slots.shift();
        this.#pull();
        return outcome;
      }
      if (this.#exhausted && this.#slots.length === 0) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends the work with an error that does not wait for its turn. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort(error);
    this.#wake();
  }

  /** Starts nothing more, and waits until everything started has settled. */
  async stop(): Promise<void> {
    this.#exhausted = true;
    this.#stop.abort();
    while (this.#unsettled.size > 0) await Promise.all(this.#unsettled);
    await this.#jobs.return?.();
  }

  /** Takes jobs while there is room for them. */
  #pull(): void {
    const { concurrency, window } = this.#options;
    if (this.#pulling || this.#exhausted || this.#running >= concurrency() || this.#slots.length >= window) return;
    this.#pulling = true;
    this.#track(
      Promise.resolve(this.#jobs.next()).then(
        (next) => {
          if (next.done) this.#exhausted = true;
          else if (!this.#stop.signal.aborted) this.#start(next.value);
        },
        (error) => {
          this.#exhausted = true;
          this.#slots.push({ outcome: { error } });
        },
      ),
      () => {
        this.#pulling = false;
      },
    );
  }

  #start(job: Job): void {
    const slot: Slot<Result> = {};
    this.#slots.push(slot);
    this.#running++;
    const running = (async () => this.#run(job, this.#stop.signal))();
    this.#track(
      running.then(
        (result) => {
          slot.outcome = { result };
        },
        (error) => {
          this.#exhausted = true;
          slot.outcome = { error };
        },
      ),
      () => {
        this.#running--;
      },
    );
  }

  #track(work: Promise<void>, settled: () => void): void {
    const tracked: Promise<void> = work.then(() => {
      this.#unsettled.delete(tracked);
      settled();
      this.#pull();
      this.#wake();
    });
    this.#unsettled.add(tracked);
  }
}
