/** Functions that a caller gives to be told of something: where one fails, so does the call, and not the process. */
import { AbortError, CallerError } from "../errors.js";

type Callback = ((...told: never[]) => unknown) | undefined;

/** Options with the functions a caller may give. */
export interface CallbackOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: Callback;
  readonly onWarning?: Callback;
  readonly onRoute?: Callback;
}

const NAMES = ["onProgress", "onWarning", "onRoute"] as const;

/**
 * Calls with options whose functions are watched: what one throws is thrown to whoever told it, and what a promise of
 * one rejects with aborts the call. The promises are waited for in the end.
 * @throws CallerError `CALLBACK_FAILED` with what the function failed with as its cause
 */
export async function watchingCallbacks<Options extends CallbackOptions, T>(
  options: Options,
  call: (options: Options) => Promise<T>,
): Promise<T> {
  const watch = new CallbackWatch();
  try {
    const result = await call(watch.watched(options));
    await watch.settled();
    return result;
  } catch (error) {
    throw watch.reasonOf(error);
  }
}

/** The functions of one call. */
export class CallbackWatch {
  readonly #ended = new AbortController();
  readonly #told = new Set<Promise<void>>();
  #failure: CallerError | undefined;

  /** Options as they are passed on. */
  watched<Options extends CallbackOptions>(options: Options): Options {
    const given = NAMES.filter((name) => typeof options?.[name] === "function");
    if (given.length === 0) return options;
    const { signal } = options;
    const functions = given.map((name) => [name, this.#watchedFunction(name, options[name]!)]);
    const ended = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
    return { ...options, ...Object.fromEntries(functions), signal: ended };
  }

  /** Returns when all that was told has been taken. @throws CallerError where it was not */
  async settled(): Promise<void> {
    while (this.#told.size > 0) await Promise.all(this.#told);
    if (this.#failure) throw this.#failure;
  }

  /** What to throw for an error of the work, which may have been ended because of a function. */
  reasonOf(error: unknown): unknown {
    const isSaid = error instanceof Error && !(error instanceof AbortError) && error.cause === this.#failure;
    return this.#failure === undefined || isSaid ? error : this.#failure;
  }

  #watchedFunction(name: string, tell: (...told: never[]) => unknown): (...told: never[]) => void {
    return (...told) => {
      if (this.#failure) throw this.#failure;
      let answer: unknown;
      try {
        answer = tell(...told);
      } catch (cause) {
        throw this.#fail(name, cause);
      }
      if (isPromise(answer)) this.#wait(name, answer);
    };
  }

  #wait(name: string, answer: PromiseLike<unknown>): void {
    const taken: Promise<void> = Promise.resolve(answer).then(
      () => void this.#told.delete(taken),
      (cause) => {
        this.#told.delete(taken);
        this.#ended.abort(this.#fail(name, cause));
      },
    );
    this.#told.add(taken);
  }

  #fail(name: string, cause: unknown): CallerError {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#failure ??= new CallerError("CALLBACK_FAILED", `${name}, which the caller gave, failed: ${why}`, { cause });
    return this.#failure;
  }
}

function isPromise(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === "object" && answer !== null && "then" in answer && typeof answer.then === "function";
}
