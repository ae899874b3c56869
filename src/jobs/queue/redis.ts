/** Redis as far as a queue needs it: reached within a time, and found fit. */
import type * as BullMQ from "bullmq";
import type { Redis } from "ioredis";
import { ArgumentError, abortError, invalidArgument, QueueError } from "../../errors.js";
import { onAbort } from "../../flow/abort.js";
import type { OnWarning } from "../../flow/warnings.js";

/** Milliseconds in which Redis answers when a queue is opened. */
const OPENING = 10_000;
const CONNECT_TIMEOUT = 5_000;
const LONGEST_PAUSE = 2_000;
/** How often a command is sent again whose connection was lost: half a minute in all. */
const MOST_SENDS = 20;

/** What a queue is opened with. */
export interface RedisOpening {
  readonly signal?: AbortSignal | undefined;
  readonly onWarning: OnWarning;
}

/** What is used of the packages. */
interface RedisPackages {
  readonly Queue: typeof BullMQ.Queue;
  readonly Worker: typeof BullMQ.Worker;
  readonly Client: typeof Redis;
}

/** The packages, which are loaded when a queue on Redis is opened. @throws ArgumentError `MISSING_PACKAGE` */
export async function loadBullMQ(): Promise<RedisPackages> {
  try {
    const [{ Queue, Worker }, { Redis: Client }] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { Queue, Worker, Client };
  } catch (cause) {
    const message = "A queue on Redis needs two more packages: npm install bullmq ioredis";
    throw new ArgumentError("MISSING_PACKAGE", message, { cause });
  }
}

/** An address of Redis without what is secret in it. @throws ArgumentError `INVALID_ARGUMENT` */
export function shownAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw invalidArgument("Write Redis as redis://host:port or rediss://user:password@host:port/database");
  }
  return `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`;
}

/**
 * A connection to Redis, which is made again whenever it is lost.
 * @param patient whether commands wait for as long as Redis is away. @throws QueueError `QUEUE_UNREACHABLE`
 */
export async function connectToRedis(
  address: string,
  patient: boolean,
  { signal, onWarning }: RedisOpening,
): Promise<Redis> {
  const { Client } = await loadBullMQ();
  const shown = shownAddress(address);
  const redis = new Client(address, {
    connectTimeout: CONNECT_TIMEOUT,
    maxRetriesPerRequest: patient ? null : MOST_SENDS,
    retryStrategy: (times) => Math.min(LONGEST_PAUSE, 50 * 2 ** Math.min(times, 10)),
  });
  let lastError: Error | undefined;
  const untrusted = new Promise<never>((_, reject) => {
    redis.on("error", (error) => {
      lastError = error;
      if (isUntrusted(error)) reject(error);
    });
  });
  try {
    await withinTime(Promise.race([checkRedis(redis, shown, onWarning), untrusted]), signal);
    return redis;
  } catch (error) {
    redis.disconnect();
    if (error !== LATE && error instanceof QueueError) throw error;
    if (signal?.aborted) throw abortError(signal, "connecting to Redis");
    throw unreachable(shown, error === LATE ? (lastError ?? new Error("it does not answer")) : error);
  }
}

const LATE = new Error("late");

function withinTime<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(LATE), OPENING);
    const release = onAbort(signal, () => reject(LATE));
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      release();
    });
  });
}

/** @throws QueueError `QUEUE_UNREACHABLE` for what is no Redis */
async function checkRedis(redis: Redis, shown: string, onWarning: OnWarning): Promise<void> {
  const information = String(await redis.info());
  const told = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(information)?.[1];
  if (told("redis_version") === undefined) throw unreachable(shown, new Error("what answers there is no Redis"));
  if (told("redis_mode") === "cluster") throw unreachable(shown, new Error(CLUSTER));
  const policy = told("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction")
    onWarning(`${shown} forgets jobs when its memory is full: set its maxmemory-policy to noeviction`);
  if (told("aof_enabled") === "0")
    onWarning(`${shown} forgets jobs when it ends: start it with appendonly yes and appendfsync always`);
}

const CLUSTER =
  "it is a cluster, over which the lists of a queue would be spread: use one Redis, with replicas if need be";

/** Whether the certificate of Redis is not trusted, which no second try changes. */
function isUntrusted({ code = "" }: NodeJS.ErrnoException): boolean {
  return /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/.test(code);
}

function unreachable(shown: string, cause: unknown): QueueError {
  const { message: why } = cause as Error;
  const advice = isUntrusted(cause as Error) ? "; NODE_EXTRA_CA_CERTS names a file of authorities to trust" : "";
  const message = why + advice;
  return new QueueError("QUEUE_UNREACHABLE", `Redis at ${shown} cannot be used: ${message}`, { cause });
}
