/** A queue of bulk jobs, which workers on one machine or many take from: what the two implementations have in common. */
import type { BulkJob } from "../bulk-job.js";

/** What holds for all jobs of a queue, whoever does them. */
export interface QueueSettings {
  /** Address of the server that all its jobs are for, as `connectToOmero` takes it. */
  readonly server: string;
  /** Connections that all workers together may have to that server. */
  readonly connections: number;
  /** Tries a job has before it is dead. */
  readonly attempts: number;
  /** Milliseconds before the second try; before each later one twice as long. */
  readonly retryDelay: number;
}

/** Where jobs stand. A job that is dead has failed for good; a delayed one waits for its next try. */
export type JobState = "waiting" | "delayed" | "active" | "done" | "dead";

/** How many jobs there are in each state. */
export type JobCounts = Readonly<Record<JobState, number>>;

/** What came of a job. */
export interface JobResult {
  /** Whether it was done now, or before: by an earlier try, or an earlier job for the same file. */
  readonly result: "done" | "done before";
  /** OriginalFile of the table that was stored. */
  readonly fileId?: number | undefined;
  /** Annotation that attaches it. */
  readonly annotationId?: number | undefined;
  /** Rows stored or written. */
  readonly rowCount?: number | undefined;
}

/** A job with what names it. */
export interface KeyedJob {
  /** See `bulkJobId`. */
  readonly id: string;
  /** What is to be done. */
  readonly job: BulkJob;
}

/** A job as a queue tells of it. */
export interface JobEntry {
  /** What names the job. */
  readonly id: string;
  /** Where it stands. */
  readonly state: JobState;
  /** What is to be done, unless what is in the queue is no job. */
  readonly job: BulkJob | undefined;
  /** Tries that have failed. */
  readonly failures: number;
  /** Why the last try failed. */
  readonly reason?: string | undefined;
  /** What came of it. */
  readonly result?: JobResult | undefined;
}

/** How many jobs were added, and how many were there already, in whatever state. */
export interface AddedJobs {
  /** New ones. */
  readonly added: number;
  /** Those that the queue had already. */
  readonly known: number;
}

/** A job that one worker holds until it says what came of it, or its lease ends. */
export interface HeldJob {
  /** What names the job. */
  readonly id: string;
  /** As it came from the queue: parse it. */
  readonly job: unknown;
  /** Orders the times the job was taken: a later holder's is the greater text. */
  readonly ticket: string;
  /** Why it must not be tried again, if it ended its workers too often. */
  readonly doomed?: string | undefined;
  /** Makes the lease last longer. False where another has the job by now. */
  renew(): Promise<boolean>;
  /** Says that it is done. False where another has the job by now. */
  done(result: JobResult): Promise<boolean>;
  /** Says that it failed: it is tried again later, or is dead. Where the job is by now; undefined where another has it. */
  fail(reason: string, permanent: boolean): Promise<"delayed" | "dead" | undefined>;
  /** Gives it back, to be taken by another at once. */
  release(): Promise<void>;
}

/** The right to one connection to the server. */
export interface ConnectionSlot {
  /** Makes it last longer. False where it was given to another. */
  renew(): Promise<boolean>;
  /** Gives it back. */
  free(): Promise<void>;
}

/** Limits of {@link JobQueue.entries}. */
export interface ListOptions {
  /** Ends the listing. */
  readonly signal?: AbortSignal | undefined;
}

/** A queue of bulk jobs. */
export interface JobQueue extends AsyncDisposable {
  /** Where it is, without a secret. */
  readonly place: string;
  /** What holds for all its jobs; undefined where nothing was ever added. */
  settings(): Promise<QueueSettings | undefined>;
  /**
   * Sets what holds for all jobs.
   * @throws QueueError `OTHER_SERVER` where there are jobs for another server
   */
  configure(settings: QueueSettings): Promise<void>;
  /** Adds jobs; those it has already are left as they are. Memory is bounded. */
  add(jobs: AsyncIterable<KeyedJob> | Iterable<KeyedJob>, options?: ListOptions): Promise<AddedJobs>;
  /** The next job, for so many milliseconds; undefined where none can be taken now. */
  take(leaseMilliseconds: number): Promise<HeldJob | undefined>;
  /** How many jobs there are in each state, of one moment. */
  counts(): Promise<JobCounts>;
  /** The jobs in a state, one after the other. */
  entries(state: JobState, options?: ListOptions): AsyncGenerator<JobEntry, void, undefined>;
  /** Has dead jobs tried again: all, or those of the ids. How many they are. */
  retry(ids?: readonly string[], options?: ListOptions): Promise<number>;
  /** Forgets the jobs that are done, or all that nobody holds. How many they were. */
  clear(which: "done" | "all", options?: ListOptions): Promise<number>;
  /** The right to a connection for so many milliseconds, while fewer than `limit` are given; else undefined. */
  slot(limit: number, leaseMilliseconds: number): Promise<ConnectionSlot | undefined>;
  /** Ends its connections. Safe to call twice. */
  close(): Promise<void>;
}

/** A job whose workers ended so often, one after the other, is dead. */
export const MOST_STALLS = 10;
/** Jobs added or looked at in one step. */
export const JOBS_A_STEP = 1000;
const LONGEST_DELAY = 600_000;

/** Milliseconds before a job is tried again, after so many failures. */
export function delayAfter(failures: number, { retryDelay }: QueueSettings): number {
  return Math.min(LONGEST_DELAY, retryDelay * 2 ** Math.min(failures - 1, 20));
}

/** Orders the times a job was taken, over all its lives. @param added when it was added, in milliseconds */
export function ticketOf(added: number, started: number): string {
  return `${String(added).padStart(15, "0")}-${String(started).padStart(6, "0")}`;
}

/** Why a job is dead whose workers ended. */
export function stalledTooOften(): string {
  return `Its worker ended, or stood still, ${MOST_STALLS} times while it was at it`;
}

/** Jobs in lists of at most so many. */
export async function* inSteps<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let step: T[] = [];
  for await (const item of items) {
    step.push(item);
    if (step.length < size) continue;
    yield step;
    step = [];
  }
  if (step.length > 0) yield step;
}

/** Jobs that are not settled yet. */
export function unfinished({ waiting, delayed, active }: JobCounts): number {
  return waiting + delayed + active;
}
