/** Maps items side by side and yields the results in the items' order: the one read-ahead loop of this package. */
import { abortError } from "../errors.js";
import { onAbort } from "./abort.js";

/** What to map: a sequence, or a function that is given a signal which fires when no more items are wanted. */
export type ItemSequence<Item> =
  | Iterable<Item>
  | AsyncIterable<Item>
  | ((signal: AbortSignal) => AsyncIterable<Item> | AsyncIterator<Item>);

export interface MapInOrderOptions {
  /** Items being mapped at once; a function is asked before each. Default 1. */
  readonly concurrency?: number | (() => number);
  /**
   * Items being mapped and results waiting to be taken, together: what bounds memory while the first item or the
   * consumer is slow. Default: `concurrency`, or 1 where that is a function.
   */
  readonly window?: number;
  readonly signal?: AbortSignal | undefined;
  /** Names, in the error thrown when `signal` fires, what is going on: `Reading the table`. */
  readonly label: string;
}

/**
 * Yields the result of `fn` for each item, in order. An item is taken when fewer than `concurrency` are being mapped and
 * the window has room, so a slow item holds up those behind it no longer than the window allows, and a slow consumer
 * stops all. The first failure is thrown in its place. However the iteration ends, the signal given to `items` and `fn`
 * has then fired and all that was started has settled.
 *
 * @throws AbortError as soon as `signal` fires
 * @example
 * for await (const page of mapInOrder(urls, (url, signal) => fetch(url, { signal }), { concurrency: 4, label: "Fetching" })) {}
 */
export async function* mapInOrder<Item, Result>(
  items: ItemSequence<Item>,
  fn: (item: Item, signal: AbortSignal) => Promise<Result>,
  options: MapInOrderOptions,
): AsyncGenerator<Result, void, undefined> {
  const mapping = new Mapping(items, fn, options);
  const { signal } = options;
  const abort = () => mapping.fail(abortError(signal!, options.label));
  if (signal?.aborted) abort();
  const release = onAbort(signal, abort);
  try {
    for (;;) {
      const next = await mapping.take();
      if (next === undefined) return;
      yield next.result;
    }
  } finally {
    release();
    await mapping.stop();
  }
}

/** `start`, and every `step` after it, up to but not `stop`: where parts of something long begin. */
export function* steps(start: number, stop: number, step: number): Generator<number, void, undefined> {
  for (let at = start; at < stop; at += step) yield at;
}

/** The items of a sequence in their order, the next one being made while one is used. */
export function prefetch<Item>(
  items: ItemSequence<Item>,
  options: MapInOrderOptions,
): AsyncGenerator<Item, void, undefined> {
  return mapInOrder(items, async (item) => item, options);
}

function iteratorOf<Item>(items: ItemSequence<Item>, signal: AbortSignal): AsyncIterator<Item> | Iterator<Item> {
  const sequence = typeof items === "function" ? items(signal) : items;
  if (Symbol.asyncIterator in sequence) return sequence[Symbol.asyncIterator]();
  if (Symbol.iterator in sequence) return sequence[Symbol.iterator]();
  return sequence;
}

interface Slot<Result> {
  outcome?: { readonly result: Result } | { readonly error: unknown };
}

class Mapping<Item, Result> {
  readonly #items: AsyncIterator<Item> | Iterator<Item>;
  readonly #fn: (item: Item, signal: AbortSignal) => Promise<Result>;
  readonly #concurrency: () => number;
  readonly #window: number;
  readonly #stop = new AbortController();
  readonly #unsettled = new Set<Promise<void>>();
  #slots: Slot<Result>[] = [];
  #running = 0;
  #pulling = false;
  #exhausted = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(
    items: ItemSequence<Item>,
    fn: (item: Item, signal: AbortSignal) => Promise<Result>,
    { concurrency = 1, window = typeof concurrency === "number" ? concurrency : 1 }: MapInOrderOptions,
  ) {
    this.#items = iteratorOf(items, this.#stop.signal);
    this.#fn = fn;
    this.#concurrency = typeof concurrency === "number" ? () => concurrency : concurrency;
    this.#window = window;
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

  /** Ends all with an error that does not wait for its turn. */
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
    await this.#items.return?.();
  }

  /** Takes an item if there is room for it. */
  #pull(): void {
    if (this.#pulling || this.#exhausted) return;
    if (this.#running >= this.#concurrency() || this.#slots.length >= this.#window) return;
    this.#pulling = true;
    this.#track(
      (async () => this.#items.next())().then(
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

  #start(item: Item): void {
    const slot: Slot<Result> = {};
    this.#slots.push(slot);
    this.#running++;
    const running = (async () => this.#fn(item, this.#stop.signal))();
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

  #track(promise: Promise<void>, settled: () => void): void {
    const tracked: Promise<void> = promise.then(() => {
      this.#unsettled.delete(tracked);
      settled();
      this.#pull();
      this.#wake();
    });
    this.#unsettled.add(tracked);
  }
}
