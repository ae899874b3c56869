import { ConnectionError } from "../errors.js";
import { onAbort, unlessAborted } from "../flow/abort.js";
import { awaitedLater } from "../flow/failures.js";

export interface ReconnectOptions<Link> {
  /** Makes a new link; rejects soon after `signal` fires. */
  readonly connect: (signal: AbortSignal) => Promise<Link>;
  /** Lets go of a link that is lost or no longer wanted. Must not throw. */
  readonly release: (link: Link) => void;
  /** Milliseconds during which a lost link is tried for; 0 for one attempt. */
  readonly patience: number;
  /** Whether an error of {@link connect} means that there will never be a link again. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onLost?: (cause: unknown) => void;
  readonly onReconnected?: (link: Link) => void;
}

/** Milliseconds before the second attempt; doubled each time up to the longest. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;

/** Pause before attempt `attempt` (the first is 0): exponential, between half of it and all of it, at random. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 0;
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}

/**
 * Keeps one link to a server. A lost link is re-established by one series of attempts however many wait for it; when
 * the patience ends, those who wait get the last error and the next who asks starts a new series. A final error ends
 * the series at once and for good.
 *
 * Attempts run in the background too, but only those that somebody waits for keep the process alive.
 */
export class ReconnectingLink<Link> {
  readonly #options: ReconnectOptions<Link>;
  #link: Link | undefined;
  #series: Promise<Link> | undefined;
  #waiting = 0;
  #pause: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  /** Why there will never be a link again. */
  #end: Error | undefined;

  constructor(link: Link, options: ReconnectOptions<Link>) {
    this.#link = link;
    this.#options = options;
  }

  /** The link if there is one now. */
  get current(): Link | undefined {
    return this.#link;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * The link, once there is one.
   * @throws ConnectionError `CONNECTION_CLOSED` after {@link close}; the last attempt's error when patience ends.
   */
  async get(signal?: AbortSignal | undefined): Promise<Link> {
    if (this.#link !== undefined) return this.#link;
    if (this.#end) throw this.#end;
    this.#series ??= this.#reconnect();
    this.#waiting++;
    this.#pause?.ref();
    try {
      return await unlessAborted(this.#series, signal, "waiting for the connection");
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#pause?.unref();
    }
  }

  /** Says that `link` no longer works. What is said of a link that has been replaced meanwhile is ignored. */
  lost(link: Link, cause: unknown): void {
    if (link !== this.#link || this.closed) return;
    this.#link = undefined;
    this.#options.release(link);
    this.#options.onLost?.(cause);
    if (this.#end) return;
    this.#series ??= this.#reconnect();
  }

  /** Ends everything; gives the link, if there is one, to be let go of by the caller. */
  close(): Link | undefined {
    const link = this.#link;
    this.#link = undefined;
    this.#end ??= closedError();
    this.#closing.abort(this.#end);
    return link;
  }

  #reconnect(): Promise<Link> {
    const series = this.#attempt().finally(() => {
      this.#series = undefined;
    });
    return awaitedLater(series);
  }

  async #attempt(): Promise<Link> {
    const { signal } = this.#closing;
    const deadline = performance.now() + this.#options.patience;
    for (let attempt = 0; ; attempt++) {
      // The last attempt is made when patience ends, not after.
      await this.#wait(Math.min(pauseBefore(attempt), Math.max(0, deadline - performance.now())));
      if (signal.aborted) throw signal.reason;
      try {
        return this.#established(await this.#options.connect(signal));
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (this.#options.isFinal(error)) this.#end = error as Error;
        if (this.#end || performance.now() >= deadline) throw error;
      }
    }
  }

  #established(link: Link): Link {
    if (this.closed) {
      this.#options.release(link);
      throw closedError();
    }
    this.#link = link;
    this.#options.onReconnected?.(link);
    return link;
  }

  #wait(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(this.#pause);
        release();
        this.#pause = undefined;
        resolve();
      };
      this.#pause = setTimeout(end, milliseconds);
      if (this.#waiting === 0) this.#pause.unref();
      const release = onAbort(this.#closing.signal, end);
    });
  }
}

/** The error for using a connection after it was closed. `operation` names the call. */
export function closedError(operation?: string): ConnectionError {
  const prefix = operation === undefined ? "" : `${operation}: `;
  const text = `${prefix}the connection is closed; connect again with connectToOmero`;
  return new ConnectionError("CONNECTION_CLOSED", text, { operation });
}
