import { TimeoutError } from "../errors.js";
import type { Login } from "./login.js";

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

/** Milliseconds without a word from the server after which a ping has failed. */
const PING_TIMEOUT = 30_000;
/** Bytes that come or go in this time where a large message is under way, and not only signs of life. */
const BUSY_BYTES = 4096;

/**
 * Asks for a sign of life. Where the answer is late, the connection still lives while a large message is on its way in
 * or out, behind which it must wait; the transport gives up by itself on one that makes no progress.
 */
export async function ping(login: Login): Promise<void> {
  for (;;) {
    const answer = login.factory.keepAlive(null, { timeout: PING_TIMEOUT });
    const { bytesReceived, bytesSent } = login.client;
    try {
      await answer;
      return;
    } catch (error) {
      const { client } = login;
      const moved = Math.max(client.bytesReceived - bytesReceived, client.bytesSent - bytesSent);
      const busy = moved >= BUSY_BYTES || client.bytesUnsent > 0;
      if (!(error instanceof TimeoutError) || !busy) throw error;
    }
  }
}

/** Whether the session is there, and a way to it. */
export async function isAlive(login: Login): Promise<boolean> {
  try {
    await ping(login);
    return true;
  } catch {
    return false;
  }
}
