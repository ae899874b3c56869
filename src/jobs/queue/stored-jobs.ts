/** What happens to the jobs of a queue in a store, within one change of it. */
import type { ChangedEntries, StoreKey } from "../../store/index.js";
import type { BulkJob } from "../bulk-job.js";
import {
  delayAfter,
  type HeldJob,
  type JobResult,
  type KeyedJob,
  MOST_STALLS,
  type QueueSettings,
  stalledTooOften,
  ticketOf,
} from "./job-queue.js";

/** What is kept of a job. */
export interface StoredJob {
  readonly job: BulkJob;
  /** When it was added. */
  readonly added: number;
  /** How often it was taken. */
  readonly started: number;
  readonly failures: number;
  /** How often its worker ended without a word. */
  readonly stalls: number;
  readonly reason?: string | undefined;
  readonly result?: JobResult | undefined;
}

/** The dictionaries of a queue. */
export interface JobLists {
  /** By id. */
  readonly jobs: ChangedEntries;
  /** Ids by their place. */
  readonly waiting: ChangedEntries;
  /** Ids by the time they are due, in an order of text. */
  readonly delayed: ChangedEntries;
  /** Who holds them until when, by id. */
  readonly active: ChangedEntries;
  readonly done: ChangedEntries;
  readonly dead: ChangedEntries;
}

interface Lease {
  readonly holder: string;
  readonly until: number;
}

/** A job that was taken. */
export interface TakenJob {
  readonly id: string;
  readonly stored: StoredJob;
}

/** Places begin here, so that there is room in front of them. */
const FIRST_PLACE = 2 ** 40;
const DUE_DIGITS = 15;

/** How many of the jobs are new; they wait now. */
export function addAll(lists: JobLists, jobs: readonly KeyedJob[]): number {
  const added = Date.now();
  let count = 0;
  for (const { id, job } of jobs) {
    if (lists.jobs.get(id) !== undefined) continue;
    keep(lists, id, { job, added, started: 0, failures: 0, stalls: 0 });
    toWaiting(lists, id, "last");
    count++;
  }
  return count;
}

function keep({ jobs }: JobLists, id: string, stored: StoredJob): void {
  jobs.set(id, stored as never); // it is plain JSON
}

/** Has jobs wait whose time has come, or whose holder has let the lease end. */
export function wake(lists: JobLists, now: number): void {
  for (const key of lists.delayed.keys({ to: dueKey(now + 1) })) {
    toWaiting(lists, lists.delayed.get<string>(key)!, "last");
    lists.delayed.delete(key);
  }
  for (const id of lists.active.keys() as string[]) {
    if (lists.active.get<Lease>(id)!.until >= now) continue;
    lists.active.delete(id);
    const stored = lists.jobs.get<StoredJob>(id)!;
    keep(lists, id, { ...stored, stalls: stored.stalls + 1 });
    toWaiting(lists, id, "first");
  }
}

/** Gives the first job that waits to a holder. */
export function takeFirst(lists: JobLists, holder: string, until: number): TakenJob | undefined {
  const [place] = lists.waiting.keys({ limit: 1 });
  if (place === undefined) return undefined;
  const id = lists.waiting.get<string>(place)!;
  lists.waiting.delete(place);
  const stored = lists.jobs.get<StoredJob>(id)!;
  const taken = { ...stored, started: stored.started + 1 };
  keep(lists, id, taken);
  lists.active.set(id, { holder, until });
  return { id, stored: taken };
}

/** Whether a dead job is to be tried again now. */
export function revive(lists: JobLists, id: string): boolean {
  if (!lists.dead.delete(id)) return false;
  const { reason: _, ...stored } = lists.jobs.get<StoredJob>(id)!;
  keep(lists, id, { ...stored, failures: 0, stalls: 0 });
  toWaiting(lists, id, "last");
  return true;
}

/** Whether a job was forgotten that stood in a list. */
export function forget(lists: JobLists, state: "done" | "dead" | "delayed" | "waiting", key: StoreKey): boolean {
  const list = lists[state];
  const id = state === "waiting" || state === "delayed" ? list.get<string>(key) : String(key);
  if (id === undefined || !list.delete(key)) return false;
  return lists.jobs.delete(id);
}

function toWaiting({ waiting }: JobLists, id: string, where: "first" | "last"): void {
  const [end] = waiting.keys({ limit: 1, reverse: where === "last" }) as number[];
  waiting.set(end === undefined ? FIRST_PLACE : where === "last" ? end + 1 : end - 1, id);
}

function dueKey(due: number, id = ""): string {
  return `${String(due).padStart(DUE_DIGITS, "0")}/${id}`;
}

/** When the first delayed job is due, by its key. */
export function dueTime(key: StoreKey): number {
  return Number(String(key).slice(0, DUE_DIGITS));
}

/** Who holds a job, and how the queue is changed. */
interface Holder {
  readonly holder: string;
  readonly leaseMilliseconds: number;
  readonly settings: QueueSettings;
  change<T>(make: (lists: JobLists) => T): Promise<T>;
}

/** A job in the hands of a worker. */
export class StoredHolding implements HeldJob {
  readonly id: string;
  readonly job: unknown;
  readonly ticket: string;
  readonly doomed: string | undefined;
  readonly #holder: Holder;

  constructor({ id, stored }: TakenJob, holder: Holder) {
    this.id = id;
    this.job = stored.job;
    this.ticket = ticketOf(stored.added, stored.started);
    this.doomed = stored.stalls >= MOST_STALLS ? stalledTooOften() : undefined;
    this.#holder = holder;
  }

  renew(): Promise<boolean> {
    const { holder, leaseMilliseconds } = this.#holder;
    return this.#ifHeld(false, ({ active }) => {
      active.set(this.id, { holder, until: Date.now() + leaseMilliseconds });
      return true;
    });
  }

  done(result: JobResult): Promise<boolean> {
    return this.#ifHeld(false, (lists) => {
      const { reason: _, ...stored } = this.#settle(lists);
      keep(lists, this.id, { ...stored, result });
      lists.done.set(this.id, true);
      return true;
    });
  }

  fail(reason: string, permanent: boolean): Promise<"delayed" | "dead" | undefined> {
    return this.#ifHeld(undefined, (lists) => {
      const stored = this.#settle(lists);
      const failures = stored.failures + 1;
      keep(lists, this.id, { ...stored, failures, reason });
      if (permanent || failures >= this.#holder.settings.attempts) {
        lists.dead.set(this.id, true);
        return "dead";
      }
      lists.delayed.set(dueKey(Date.now() + delayAfter(failures, this.#holder.settings), this.id), this.id);
      return "delayed";
    });
  }

  async release(): Promise<void> {
    await this.#ifHeld(undefined, (lists) => {
      this.#settle(lists);
      toWaiting(lists, this.id, "first");
    });
  }

  #settle({ active, jobs }: JobLists): StoredJob {
    active.delete(this.id);
    return jobs.get<StoredJob>(this.id)!;
  }

  #ifHeld<T>(otherwise: T, make: (lists: JobLists) => T): Promise<T> {
    return this.#holder.change((lists) => {
      const isHeld = lists.active.get<Lease>(this.id)?.holder === this.#holder.holder;
      return isHeld ? make(lists) : otherwise;
    });
  }
}
