/** Seconds between pings unless a connection is made with another value. */
export const DEFAULT_KEEP_ALIVE = 60;

export interface KeepAliveOptions {
  /** Milliseconds between pings. */
  readonly interval: number;
  /** One ping; rejects when the connection or the session is gone. Calls of tables do not touch the session, pings do. */
  readonly ping: () => Promise<void>;
  /** Called with why a ping failed. */
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Pings at an interval, one at a time, until stopped or until a ping fails. The timer does not keep the process alive.
 */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #timer: NodeJS.Timeout;
  #pinging = false;
  #stopped = false;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#tick(), options.interval);
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    if (this.#pinging) return;
    this.#pinging = true;
    try {
      await this.#options.ping();
    } catch (error) {
      if (this.#stopped) return;
      this.stop();
      this.#options.onFailure(error);
    } finally {
      this.#pinging = false;
    }
  }
}
