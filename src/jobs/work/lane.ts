/** One of the ways side by side on which a worker does jobs: a connection of its own, and one job at a time. */
import { connectToOmero } from "../../connect/connect-to-omero.js";
import type { OmeroConnection } from "../../connect/index.js";
import { formatAddress } from "../../connect/server-address.js";
import { ConnectionError, LoginError, TimeoutError } from "../../errors.js";
import { sleepUnlessAborted } from "../../flow/abort.js";
import { clearUp, ifPossible } from "../../flow/failures.js";
import { type JobQueue, unfinished } from "../queue/job-queue.js";
import { checkSameServer } from "../queue/queue-rules.js";
import type { LaneOptions } from "./lane-options.js";
import { Renewal } from "./renewal.js";
import { tryJob } from "./try-job.js";

/** Milliseconds between two looks for a job, a slot or the end; a little different each time, so that lanes do not look at once. */
const PAUSE = 300;
const LONGEST_PAUSE = 30_000;

export class Lane {
  readonly #options: LaneOptions;
  /** Times in a row that the queue or the server could not be reached. */
  #misses = 0;
  #wasConnected = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Until nothing is left to do, or the worker stops. @throws LoginError, QueueError `OTHER_SERVER` */
  async run(): Promise<void> {
    const { stopping, stay } = this.#options;
    while (!stopping.soon.aborted) {
      const left = await this.#asked((queue) => queue.counts());
      if (left !== undefined && unfinished(left) === 0) {
        if (!stay) return;
        await this.#pause();
      } else if (left !== undefined && !(await this.#serve())) await this.#pause();
    }
  }

  /** Does jobs over one connection, until there are none or it is lost. Whether it had one. */
  async #serve(): Promise<boolean> {
    const { settings, lease } = this.#options;
    const slot = await this.#asked((queue) => queue.slot(settings.connections, lease));
    if (slot === undefined) return false;
    const renewal = new Renewal(() => slot.renew(), lease);
    try {
      const connection = await this.#connect();
      if (connection === undefined) return false;
      try {
        await this.#doJobs(connection, renewal.lost);
      } finally {
        await connection.close();
      }
      return true;
    } finally {
      await renewal.end();
      await clearUp(() => slot.free());
    }
  }

  async #doJobs(connection: OmeroConnection, slotLost: AbortSignal): Promise<void> {
    const { stopping, lease } = this.#options;
    while (!stopping.soon.aborted && !slotLost.aborted && connection.state !== "closed") {
      const held = await this.#asked((queue) => queue.take(lease));
      if (held !== undefined) {
        const outcome = await tryJob(held, connection, this.#options);
        await this.#options.onOutcome(outcome);
        continue;
      }
      const left = await this.#asked((queue) => queue.counts());
      if (left !== undefined && unfinished(left) === 0) return;
      await this.#pause();
    }
  }

  /** A connection, if the server can be reached now. @throws LoginError; ConnectionError at the first time */
  async #connect(): Promise<OmeroConnection | undefined> {
    const { login, settings, queue, onWarning, stopping } = this.#options;
    try {
      const connection = await connectToOmero(login);
      this.#misses = 0;
      this.#wasConnected = true;
      try {
        checkSameServer(settings, formatAddress(connection.server), queue.place);
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    } catch (error) {
      if (stopping.soon.aborted) return undefined;
      if (!isPassing(error) || !this.#wasConnected) throw error;
      this.#misses++;
      onWarning(`The server cannot be reached, and is tried again: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** What the queue answers; undefined where it cannot be asked now, which is said once. */
  async #asked<T>(ask: (queue: JobQueue) => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask(this.#options.queue);
      this.#misses = 0;
      return answer;
    } catch (error) {
      if (this.#misses++ === 0) this.#options.onWarning(`The queue is tried again: ${(error as Error).message}`);
      await this.#pause();
      return undefined;
    }
  }

  async #pause(): Promise<void> {
    const usual = Math.min(LONGEST_PAUSE, PAUSE * 2 ** Math.min(this.#misses, 10));
    const pause = usual * (0.75 + Math.random() / 2);
    await ifPossible(sleepUnlessAborted(pause, this.#options.stopping.soon, "the worker"));
  }
}

/** Whether the server may be reached later. */
function isPassing(error: unknown): boolean {
  if (error instanceof LoginError) return error.code === "LOGIN_REFUSED";
  return error instanceof ConnectionError || error instanceof TimeoutError;
}
