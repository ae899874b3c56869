/** A worker: does the jobs of a queue, some side by side, until none is left or it is told to stop. */
import { CONNECT_OPTIONS, type ConnectOptions } from "../../connect/connect-to-omero.js";
import { QueueError } from "../../errors.js";
import { checkOptions, type OptionNames, pickOptions } from "../../flow/options.js";
import { beginCleaning } from "../../flow/process/cleaning.js";
import { emitWarning, type OnWarning } from "../../flow/warnings.js";
import type { JobQueue } from "../queue/job-queue.js";
import { checkCounts } from "../queue/queue-rules.js";
import { RootFolder } from "../root-folder.js";
import { Lane } from "./lane.js";
import type { JobOutcome } from "./outcome.js";
import { Stopping } from "./stopping.js";

/** Who logs in, and how much is done at once. */
export interface WorkOptions extends ConnectOptions {
  /** Where jobs come from. It stays open. */
  readonly queue: JobQueue;
  /** The folder that jobs name files in; nothing outside of it is read or written. Default: the process's. */
  readonly root?: string | undefined;
  /** Jobs done at once, each over a connection of its own. Default 4. */
  readonly concurrency?: number | undefined;
  /** Whether to wait for more when all jobs are settled. Default false. */
  readonly stay?: boolean | undefined;
  /** Milliseconds after which a job of a worker that has ended is given to another. Default 30,000. */
  readonly lease?: number | undefined;
  /** Milliseconds that jobs in hand may still take when `signal` fires; then they are undone and given back. Default 20,000. */
  readonly grace?: number | undefined;
  /** Told what came of each job, before the next is taken. */
  readonly onOutcome?: ((outcome: JobOutcome) => void | Promise<void>) | undefined;
  /** Told what is worth knowing but no error; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
  /** Has the worker take no more jobs, and end when those in hand are done or given back. */
  readonly signal?: AbortSignal | undefined;
}

/** How many jobs a worker has brought to an end, and how. */
export interface WorkSummary {
  /** Done now. */
  readonly done: number;
  /** Found to be done before. */
  readonly before: number;
  /** Tries that failed, of jobs that are tried again. */
  readonly failed: number;
  /** Jobs that failed for good. */
  readonly dead: number;
  /** Given back, or another's by the time they were done. */
  readonly returned: number;
}

const WORK_OPTIONS: OptionNames<WorkOptions> = {
  ...CONNECT_OPTIONS,
  queue: true,
  root: true,
  concurrency: true,
  stay: true,
  lease: true,
  grace: true,
  onOutcome: true,
  onWarning: true,
};

/**
 * Does jobs of a queue until none is left. Any number of workers, in as many processes and on as many machines as the queue reaches,
 * share the jobs; what one leaves that ends is done by another. A table is made once, whoever tries, and what an ended try left is
 * removed. Failures that may pass are tried again later; others make a job dead.
 *
 * @throws QueueError `NO_SUCH_QUEUE` where nothing was ever added, `OTHER_SERVER` where the jobs are for another server
 * @throws LoginError, ConnectionError where nobody can log in at the beginning
 *
 * @example
 * ```ts
 * await using queue = await openJobQueue({ redis: "redis://queue.example.org" });
 * const { done, dead } = await workJobs({ queue, root: "/data/plates", username: "ann", password, server: "omero.example.org" });
 * ```
 */
export async function workJobs(options: WorkOptions): Promise<WorkSummary> {
  checkOptions(options, WORK_OPTIONS, "workJobs");
  const { queue, concurrency = 4, lease = 30_000, grace = 20_000, stay = false, signal } = options;
  checkCounts({ concurrency, lease });
  const root = await RootFolder.open(options.root ?? ".");
  const settings = await queue.settings();
  if (settings === undefined)
    throw new QueueError("NO_SUCH_QUEUE", `There are no jobs in ${queue.place}: add some first`);
  const { onWarning = emitWarning, onOutcome } = options;
  const counts = { done: 0, before: 0, failed: 0, dead: 0, returned: 0 };
  const stopping = new Stopping(signal, grace);
  const endCleaning = beginCleaning();
  const login = { ...pickOptions<ConnectOptions>(options, CONNECT_OPTIONS), signal: stopping.now };
  const told = async (outcome: JobOutcome) => {
    counts[COUNTED[outcome.result]]++;
    await onOutcome?.(outcome);
  };
  try {
    const lane = { queue, settings, root, login, lease, stay, stopping, onWarning, onOutcome: told };
    await allOrNone(
      Array.from({ length: concurrency }, () => new Lane(lane)),
      stopping,
    );
    return counts;
  } finally {
    stopping.end();
    endCleaning();
  }
}

const COUNTED = {
  done: "done",
  "done before": "before",
  failed: "failed",
  dead: "dead",
  returned: "returned",
} as const satisfies Record<JobOutcome["result"], keyof WorkSummary>;

/** Runs lanes until all have ended; where one fails, the others stop. */
async function allOrNone(lanes: readonly Lane[], stopping: Stopping): Promise<void> {
  const ended = await Promise.allSettled(
    lanes.map((lane) =>
      lane.run().catch((error) => {
        stopping.stop();
        throw error;
      }),
    ),
  );
  const failed = ended.find((one): one is PromiseRejectedResult => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
