/** A queue in a local store: one machine, any number of processes. */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { throwIfAborted } from "../../errors.js";
import type { ChangedEntries, Store, StoreKey } from "../../store/index.js";
import { openStore } from "../../store/open-store.js";
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
  type QueueSettings,
} from "./job-queue.js";
import { checkPrivateFolder } from "./private-folder.js";
import { checkedSettings, checkSameServer, entryOf } from "./queue-rules.js";
import {
  addAll,
  dueTime,
  forget,
  type JobLists,
  revive,
  StoredHolding,
  type StoredJob,
  takeFirst,
  wake,
} from "./stored-jobs.js";

/** Dictionaries of a queue, in the order in which they are changed together. */
const LISTS = ["jobs", "waiting", "delayed", "active", "done", "dead"] as const;

export class StoreQueue implements JobQueue {
  readonly place: string;
  readonly #store: Store;
  readonly #name: string;

  private constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
    this.place = `${store.path}, queue "${name}"`;
  }

  /** @throws QueueError `QUEUE_NOT_PRIVATE`, `NO_SUCH_QUEUE`; StoreError */
  static async open(path: string, name: string, { make }: { readonly make: boolean }): Promise<StoreQueue> {
    await checkPrivateFolder(path, make);
    return new StoreQueue(await openStore(path), name);
  }

  settings(): Promise<QueueSettings | undefined> {
    return this.#store.open(this.#nameOf("settings")).get<QueueSettings>("settings");
  }

  async configure(given: QueueSettings): Promise<void> {
    const settings = checkedSettings(given);
    await this.#store.change([this.#nameOf("settings"), this.#nameOf("jobs")], (kept, jobs) => {
      const before = kept!.get<QueueSettings>("settings");
      if (jobs!.keys({ limit: 1 }).length > 0) checkSameServer(before, settings.server, this.place);
      kept!.set("settings", { ...settings });
    });
  }

  async add(jobs: AsyncIterable<KeyedJob> | Iterable<KeyedJob>, { signal }: ListOptions = {}): Promise<AddedJobs> {
    const counts = { added: 0, known: 0 };
    for await (const step of inSteps(jobs, JOBS_A_STEP)) {
      throwIfAborted(signal, "adding jobs");
      const added = await this.#change((lists) => addAll(lists, step));
      counts.added += added;
      counts.known += step.length - added;
    }
    return counts;
  }

  async take(leaseMilliseconds: number): Promise<HeldJob | undefined> {
    // To look costs nothing; while one writes, others wait.
    if (!(await this.#mayTake())) return undefined;
    const settings = await this.settings();
    if (settings === undefined) return undefined;
    const holder = randomUUID();
    const taken = await this.#change((lists) => {
      wake(lists, Date.now());
      return takeFirst(lists, holder, Date.now() + leaseMilliseconds);
    });
    const change = <T>(make: (lists: JobLists) => T) => this.#change(make);
    return taken && new StoredHolding(taken, { holder, leaseMilliseconds, settings, change });
  }

  async counts(): Promise<JobCounts> {
    let counts = this.#sizes();
    // Jobs that go from one list to another meanwhile would be missed, or counted twice.
    for (let look = this.#sizes(); !isDeepStrictEqual(look, counts); look = this.#sizes()) counts = look;
    return counts;
  }

  #sizes(): JobCounts {
    const size = (list: JobState) => this.#store.open(this.#nameOf(list)).size;
    const [waiting, delayed, active] = [size("waiting"), size("delayed"), size("active")];
    return { waiting, delayed, active, done: size("done"), dead: size("dead") };
  }

  async *entries(state: JobState, { signal }: ListOptions = {}): AsyncGenerator<JobEntry, void, undefined> {
    const jobs = this.#store.open(this.#nameOf("jobs"));
    for await (const [key, value] of this.#store.open(this.#nameOf(state)).entries()) {
      throwIfAborted(signal, "listing jobs");
      const id = state === "waiting" || state === "delayed" ? String(value) : String(key);
      const stored = await jobs.get<StoredJob>(id);
      if (stored !== undefined) yield entryOf({ ...stored, id, state });
    }
  }

  async retry(ids?: readonly string[], { signal }: ListOptions = {}): Promise<number> {
    let count = 0;
    for await (const step of inSteps(ids ?? this.#keys("dead"), JOBS_A_STEP)) {
      throwIfAborted(signal, "having jobs tried again");
      count += await this.#change((lists) => step.filter((id) => revive(lists, String(id))).length);
    }
    return count;
  }

  async clear(which: "done" | "all", { signal }: ListOptions = {}): Promise<number> {
    let count = 0;
    const states = which === "done" ? (["done"] as const) : (["done", "dead", "delayed", "waiting"] as const);
    for (const state of states) {
      for await (const step of inSteps(this.#keys(state), JOBS_A_STEP)) {
        throwIfAborted(signal, "forgetting jobs");
        count += await this.#change((lists) => step.filter((key) => forget(lists, state, key)).length);
      }
    }
    return count;
  }

  async slot(limit: number, leaseMilliseconds: number): Promise<ConnectionSlot | undefined> {
    const holder = randomUUID();
    const until = () => Date.now() + leaseMilliseconds;
    const isGiven = await this.#slots((slots) => {
      for (const key of slots.keys()) if (slots.get<number>(key)! < Date.now()) slots.delete(key);
      if (slots.keys().length >= limit) return false;
      slots.set(holder, until());
      return true;
    });
    if (!isGiven) return undefined;
    const renew = () =>
      this.#slots((slots) => {
        if (slots.get(holder) === undefined) return false;
        slots.set(holder, until());
        return true;
      });
    return { renew, free: async () => void (await this.#slots((slots) => slots.delete(holder))) };
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #nameOf(list: string): string {
    return `${this.#name}/${list}`;
  }

  #keys(state: JobState): AsyncGenerator<StoreKey, void, undefined> {
    return this.#store.open(this.#nameOf(state)).keys();
  }

  /** Whether there seems to be a job to take. */
  async #mayTake(): Promise<boolean> {
    const { waiting, active } = this.#sizes();
    if (waiting > 0) return true;
    const now = Date.now();
    for await (const due of this.#keys("delayed")) {
      if (dueTime(due) <= now) return true;
      break;
    }
    if (active === 0) return false;
    for await (const { until } of this.#store.open(this.#nameOf("active")).values<{ until: number }>()) {
      if (until < now) return true;
    }
    return false;
  }

  #slots<T>(make: (slots: ChangedEntries) => T): Promise<T> {
    return this.#store.change([this.#nameOf("slots")], (slots) => make(slots!));
  }

  #change<T>(make: (lists: JobLists) => T): Promise<T> {
    const names = LISTS.map((list) => this.#nameOf(list));
    return this.#store.change(names, (...changed) => {
      const lists = Object.fromEntries(LISTS.map((list, index) => [list, changed[index]!]));
      return make(lists as unknown as JobLists);
    });
  }
}
