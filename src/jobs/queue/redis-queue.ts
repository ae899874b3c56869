/** A queue on Redis, by BullMQ: any number of machines. */
import { randomUUID } from "node:crypto";
import type { Job, JobType, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { invalidArgument, QueueError, throwIfAborted } from "../../errors.js";
import { clearUp, ifPossible } from "../../flow/failures.js";
import { BullHolding } from "./bull-holding.js";
import {
  type AddedJobs,
  type ConnectionSlot,
  type HeldJob,
  inSteps,
  JOBS_A_STEP,
  type JobCounts,
  type JobEntry,
  type JobQueue,
  type JobState,
  type KeyedJob,
  type ListOptions,
  MOST_STALLS,
  type QueueSettings,
} from "./job-queue.js";
import { checkedSettings, checkSameServer, entryOf } from "./queue-rules.js";
import { connectToRedis, loadBullMQ, type RedisOpening, shownAddress } from "./redis.js";
import { redisSlot } from "./redis-slots.js";

const PREFIX = "omero2frame";
const TYPES: Readonly<Record<JobState, JobType>> = {
  waiting: "waiting",
  delayed: "delayed",
  active: "active",
  done: "completed",
  dead: "failed",
};

interface Parts {
  readonly queue: Queue;
  readonly redis: Redis;
  readonly address: string;
  readonly opening: RedisOpening;
}

export class RedisQueue implements JobQueue {
  readonly place: string;
  readonly #parts: Parts;
  readonly #name: string;
  #worker: Promise<{ readonly worker: Worker; readonly redis: Redis }> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(name: string, parts: Parts) {
    this.#name = name;
    this.#parts = parts;
    this.place = `${shownAddress(parts.address)}, queue "${name}"`;
  }

  /** @throws QueueError `QUEUE_UNREACHABLE`; ArgumentError `MISSING_PACKAGE`, `INVALID_ARGUMENT` */
  static async open(address: string, name: string, opening: RedisOpening): Promise<RedisQueue> {
    const { Queue: BullQueue } = await loadBullMQ();
    const redis = await connectToRedis(address, false, opening);
    const queue = new BullQueue(name, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
    queue.on("error", () => {}); // whoever calls is told
    return new RedisQueue(name, { queue, redis, address, opening });
  }

  async settings(): Promise<QueueSettings | undefined> {
    const text = await this.#asked((redis) => redis.get(this.#key("settings")));
    return text === null ? undefined : this.#parsed(text);
  }

  async configure(given: QueueSettings): Promise<void> {
    const settings = checkedSettings(given);
    const before = await this.settings();
    const counts = await this.counts();
    if (Object.values(counts).some((count) => count > 0)) checkSameServer(before, settings.server, this.place);
    await this.#asked((redis) => redis.set(this.#key("settings"), JSON.stringify(settings)));
  }

  async add(jobs: AsyncIterable<KeyedJob> | Iterable<KeyedJob>, { signal }: ListOptions = {}): Promise<AddedJobs> {
    const settings = await this.settings();
    if (settings === undefined) throw invalidArgument("Configure the queue before jobs are added");
    const counts = { added: 0, known: 0 };
    for await (const step of inSteps(jobs, JOBS_A_STEP)) {
      throwIfAborted(signal, "adding jobs");
      const known = await this.#knownOf(step);
      const { attempts, retryDelay: delay } = settings;
      const opts = { attempts, backoff: { type: "exponential", delay }, stackTraceLimit: 0 };
      await this.#asked(() =>
        this.#parts.queue.addBulk(
          step.map(({ id, job }) => ({ name: job.kind, data: job, opts: { ...opts, jobId: id } })),
        ),
      );
      counts.added += step.length - known;
      counts.known += known;
    }
    return counts;
  }

  async take(leaseMilliseconds: number): Promise<HeldJob | undefined> {
    const { worker } = await this.#workerOf(leaseMilliseconds);
    const token = randomUUID();
    const job = await this.#asked(() => worker.getNextJob(token, { block: false }));
    return job && new BullHolding(job, token, leaseMilliseconds, () => this.#parts.queue.getJob(job.id!));
  }

  async counts(): Promise<JobCounts> {
    const counts = await this.#asked(() => this.#parts.queue.getJobCounts(...Object.values(TYPES)));
    const states = Object.entries(TYPES).map(([state, type]) => [state, counts[type] ?? 0]);
    return Object.fromEntries(states) as unknown as JobCounts;
  }

  async *entries(state: JobState, { signal }: ListOptions = {}): AsyncGenerator<JobEntry, void, undefined> {
    for (let start = 0; ; start += JOBS_A_STEP) {
      throwIfAborted(signal, "listing jobs");
      const stop = start + JOBS_A_STEP - 1;
      const jobs: (Job | undefined)[] = await this.#asked(() =>
        this.#parts.queue.getJobs([TYPES[state]], start, stop, true),
      );
      for (const job of jobs) if (job?.id !== undefined) yield entryOfBull(job, state);
      if (jobs.length < JOBS_A_STEP) return;
    }
  }

  async retry(ids?: readonly string[], { signal }: ListOptions = {}): Promise<number> {
    let count = 0;
    for await (const step of inSteps(ids ?? this.#idsOf("dead"), JOBS_A_STEP)) {
      throwIfAborted(signal, "having jobs tried again");
      for (const id of step) if (await this.#revived(id)) count++;
    }
    return count;
  }

  async clear(which: "done" | "all", { signal }: ListOptions = {}): Promise<number> {
    let count = 0;
    const types = which === "done" ? (["completed"] as const) : (["completed", "failed", "delayed", "wait"] as const);
    for (const type of types) {
      for (let removed = -1; removed !== 0; count += removed) {
        throwIfAborted(signal, "forgetting jobs");
        removed = (await this.#asked(() => this.#parts.queue.clean(0, JOBS_A_STEP, type))).length;
      }
    }
    return count;
  }

  slot(limit: number, leaseMilliseconds: number): Promise<ConnectionSlot | undefined> {
    return redisSlot((run) => this.#asked(run), this.#key("slots"), limit, leaseMilliseconds);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const made = this.#worker && (await ifPossible(this.#worker));
    await clearUp(
      () => made?.worker.close(true),
      () => made?.redis.disconnect(),
      () => this.#parts.queue.close(),
      () => this.#parts.redis.disconnect(),
    );
  }

  #key(what: string): string {
    return `${PREFIX}:${this.#name}:${what}`;
  }

  /** What takes jobs, made when the first is wanted; it looks for jobs whose workers have ended. */
  #workerOf(leaseMilliseconds: number) {
    this.#worker ??= this.#makeWorker(leaseMilliseconds);
    return this.#worker;
  }

  async #makeWorker(lockDuration: number) {
    const { Worker: BullWorker } = await loadBullMQ();
    const redis = await connectToRedis(this.#parts.address, true, { ...this.#parts.opening, onWarning: () => {} });
    const worker = new BullWorker(this.#name, undefined, {
      connection: redis,
      prefix: PREFIX,
      autorun: false,
      lockDuration,
      stalledInterval: Math.max(100, lockDuration / 3),
      maxStalledCount: MOST_STALLS - 1,
      skipVersionCheck: true,
    });
    worker.on("error", () => {}); // the connection is made again
    await worker.startStalledCheckTimer();
    return { worker, redis };
  }

  async #knownOf(step: readonly KeyedJob[]): Promise<number> {
    const pipeline = this.#parts.redis.pipeline();
    for (const { id } of step) pipeline.exists(this.#parts.queue.toKey(id));
    const answers = (await this.#asked(() => pipeline.exec())) ?? [];
    const isTwice = step.length - new Set(step.map(({ id }) => id)).size;
    return isTwice + answers.filter(([, exists]) => exists === 1).length;
  }

  /** Ids first: jobs leave the list while they are looked at. */
  async *#idsOf(state: JobState): AsyncGenerator<string, void, undefined> {
    const ids: string[] = [];
    for await (const { id } of this.entries(state)) ids.push(id);
    yield* ids;
  }

  async #revived(id: string): Promise<boolean> {
    const job = await this.#asked(() => this.#parts.queue.getJob(id));
    if (job === undefined || !(await this.#asked(() => job.isFailed()))) return false;
    await this.#asked(() => job.retry("failed", { resetAttemptsMade: true }));
    return true;
  }

  #parsed(text: string): QueueSettings {
    try {
      return checkedSettings(JSON.parse(text));
    } catch (cause) {
      throw new QueueError("QUEUE_FAILED", `The settings of ${this.place} are damaged`, { cause });
    }
  }

  /** @throws QueueError `QUEUE_UNREACHABLE`, `QUEUE_FAILED` */
  async #asked<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#parts.redis);
    } catch (cause) {
      const { message, name } = cause as Error;
      const isAway = name === "MaxRetriesPerRequestError" || /connection is closed/i.test(message);
      const code = isAway ? "QUEUE_UNREACHABLE" : "QUEUE_FAILED";
      throw new QueueError(code, `${this.place} ${isAway ? "does not answer" : "failed"}: ${message}`, { cause });
    }
  }
}

function entryOfBull(job: Job, state: JobState): JobEntry {
  const { id, data, attemptsMade, failedReason, returnvalue } = job;
  const reason = failedReason === undefined || failedReason === "" ? {} : { reason: failedReason };
  const { ticket: _, ...result } = returnvalue ?? {};
  return entryOf({
    id: id!,
    state,
    job: data,
    // BullMQ counts the try that was good as well.
    failures: state === "done" ? attemptsMade - 1 : attemptsMade,
    ...reason,
    ...(returnvalue ? { result } : {}),
  } as never);
}
