/** Opening a queue: on Redis, for many machines, or in a local store, for the processes of one. */
import { homedir } from "node:os";
import { join } from "node:path";
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { emitWarning, type OnWarning } from "../../flow/warnings.js";
import type { JobQueue } from "./job-queue.js";
import { StoreQueue } from "./store-queue.js";

/** Where a queue is. */
export interface OpenQueueOptions {
  /** Address of Redis, `redis://host:port`; it may hold a user and a password. Default: a queue in a local store. */
  readonly redis?: string | undefined;
  /** Folder of the local store, of this user alone. Default `omero2frame/jobs` in `XDG_STATE_HOME` or `~/.local/state`. */
  readonly store?: string | undefined;
  /** Name of the queue: there may be several. Default `jobs`. */
  readonly name?: string | undefined;
  /** Whether a local store is made where there is none. Default true. */
  readonly make?: boolean | undefined;
  /** Told of settings of Redis with which jobs may be lost; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
  /** Gives up connecting. */
  readonly signal?: AbortSignal | undefined;
}

const QUEUE_OPTIONS: OptionNames<OpenQueueOptions> = {
  redis: true,
  store: true,
  name: true,
  make: true,
  onWarning: true,
  signal: true,
};
const NAME = /^[\w.-]{1,60}$/;

/**
 * Opens a queue of bulk jobs. Close it, or let `await using` do so. On Redis it needs the packages bullmq and ioredis.
 * @throws QueueError `QUEUE_UNREACHABLE`, `QUEUE_NOT_PRIVATE`, `NO_SUCH_QUEUE`; StoreError
 * @throws ArgumentError `INVALID_ARGUMENT`, `MISSING_PACKAGE`
 *
 * @example
 * ```ts
 * await using queue = await openJobQueue({ redis: process.env.OMERO2FRAME_REDIS });
 * console.log(await queue.counts());
 * ```
 */
export async function openJobQueue(options: OpenQueueOptions = {}): Promise<JobQueue> {
  checkOptions(options, QUEUE_OPTIONS, "openJobQueue");
  const { redis, store, name = "jobs", make = true, signal, onWarning = emitWarning } = options;
  if (!NAME.test(name))
    throw invalidArgument("The name of a queue is 1 to 60 letters, digits, dots, dashes and underscores");
  if (redis === undefined) return StoreQueue.open(store ?? defaultStore(), name, { make });
  if (store !== undefined)
    throw invalidArgument("A queue is on Redis or in a local store: give one of redis and store");
  const { RedisQueue } = await import("./redis-queue.js");
  return RedisQueue.open(redis, name, { signal, onWarning });
}

function defaultStore(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "omero2frame", "jobs");
}
