/** A job of a queue on Redis in the hands of a worker. */
import type { Job } from "bullmq";
import { QueueError } from "../../errors.js";
import { type HeldJob, type JobResult, stalledTooOften, ticketOf } from "./job-queue.js";

/** BullMQ's numbers for a job that is another's by now: no lock, not active, another's lock, no such job. */
const LOST = new Set([-1, -2, -3, -6]);

export class BullHolding implements HeldJob {
  readonly id: string;
  readonly job: unknown;
  readonly ticket: string;
  readonly doomed: string | undefined;
  readonly #job: Job;
  readonly #token: string;
  readonly #leaseMilliseconds: number;
  readonly #find: () => Promise<Job | undefined>;

  /** @param find the job as it is now */
  constructor(job: Job, token: string, leaseMilliseconds: number, find: () => Promise<Job | undefined>) {
    this.id = job.id!;
    this.job = job.data;
    this.ticket = ticketOf(job.timestamp, job.attemptsStarted);
    this.doomed = job.deferredFailure ? stalledTooOften() : undefined;
    this.#job = job;
    this.#token = token;
    this.#leaseMilliseconds = leaseMilliseconds;
    this.#find = find;
  }

  async renew(): Promise<boolean> {
    const answer = await this.#ifHeld(() => this.#job.extendLock(this.#token, this.#leaseMilliseconds));
    return answer === 1;
  }

  async done(result: JobResult): Promise<boolean> {
    const { ticket } = this;
    const answer = await this.#ifHeld(() => this.#job.moveToCompleted({ ...result, ticket }, this.#token, false));
    return answer !== undefined || this.#isNoted(ticket);
  }

  async fail(reason: string, permanent: boolean): Promise<"delayed" | "dead" | undefined> {
    const { attempts = 1 } = this.#job.opts;
    const isLast = permanent || this.#job.attemptsMade + 1 >= attempts;
    const error = new Error(reason);
    // By this name BullMQ knows what is not to be tried again.
    if (permanent) error.name = "UnrecoverableError";
    error.stack = "";
    const answer = await this.#ifHeld(() => this.#job.moveToFailed(error, this.#token, false));
    if (answer === undefined) return undefined;
    return isLast ? "dead" : "delayed";
  }

  async release(): Promise<void> {
    await this.#ifHeld(() => this.#job.moveToWait(this.#token));
  }

  /** What is said a second time, as the answer to the first was lost, is refused. */
  async #isNoted(ticket: string): Promise<boolean> {
    return (await this.#find())?.returnvalue?.ticket === ticket;
  }

  /** What BullMQ answers; undefined where another has the job by now. @throws QueueError `QUEUE_FAILED` */
  async #ifHeld<T>(ask: () => Promise<T>): Promise<T | { readonly nothing: true } | undefined> {
    try {
      return (await ask()) ?? { nothing: true };
    } catch (cause) {
      const { code, message } = cause as Error & { readonly code?: number };
      if (code !== undefined && LOST.has(code)) return undefined;
      throw new QueueError("QUEUE_FAILED", `Redis does not take what came of job ${this.id}: ${message}`, { cause });
    }
  }
}
