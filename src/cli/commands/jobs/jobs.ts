/** `omero2frame jobs`: thousands of files to tables, and back, by many workers. */
import { setTimeout as pause } from "node:timers/promises";
import { type Command, Option } from "commander";
import { QueueError, throwIfAborted } from "../../../errors.js";
import { beginCleaning } from "../../../flow/process/cleaning.js";
import type { JobCounts, JobEntry, JobQueue, JobState } from "../../../jobs/index.js";
import { EXIT } from "../../failure.js";
import { type JsonFlag, jsonOption } from "../../options/tables.js";
import { duration, positive } from "../../options/values.js";
import { counted, print, printCells, printJson, warn, withBar } from "../../output.js";
import { addressOf, type JobFlags, jobOptions, plannedJobs } from "./job-choice.js";
import { endWith, openQueue, type QueueFlags, queueOptions } from "./queue-options.js";
import { addRun, addWork } from "./work.js";

const STATES = ["waiting", "delayed", "active", "done", "dead"] as const satisfies JobState[];
/** Milliseconds between two looks of `jobs watch`. */
const LOOK = 500;

export function addJobs(root: Command, signal: AbortSignal): void {
  const jobs = root
    .command("jobs")
    .description("store thousands of files as tables, or the other way, by many workers");
  addAdd(jobs, signal);
  addWork(jobs, signal);
  addStatus(jobs, signal);
  addWatch(jobs, signal);
  addRetry(jobs, signal);
  addClear(jobs, signal);
  addRun(jobs, signal);
}

interface AddFlags extends JobFlags, QueueFlags, JsonFlag {
  maxConnections: number;
  attempts: number;
  retryDelay: number;
}

function addAdd(jobs: Command, signal: AbortSignal): void {
  queueOptions(jsonOption(jobOptions(jobs.command("add"))))
    .description("add jobs to a queue; those that it has already are left as they are")
    .argument("[names...]", "files or patterns such as 'plates/*.csv', which the map has; with --download tables")
    .option("--max-connections <number>", "connections that all workers together may have", positive, 8)
    .option("--attempts <number>", "tries that each job has", positive, 5)
    .option("--retry-delay <time>", "before the second try; twice as long before each later one", duration, 2000)
    .action(async (names: string[], flags: AddFlags) => {
      await using queue = await openQueue(flags, true, signal);
      const server = await addressOf(flags, signal);
      const { maxConnections: connections, attempts, retryDelay, json } = flags;
      await queue.configure({ server, connections, attempts, retryDelay });
      const added = await queue.add(await plannedJobs(names, flags, server, signal), { signal });
      if (json) printJson(added);
      else print(`${counted(added.added, "job")} added, ${added.known} there already`);
    });
}

function addStatus(jobs: Command, signal: AbortSignal): void {
  queueOptions(jsonOption(jobs.command("status")))
    .description("how many jobs there are in each state, and why which are dead")
    .addOption(new Option("--list <state>", "list the jobs in another state").choices(STATES).default("dead"))
    .action(async (flags: QueueFlags & JsonFlag & { list: JobState }) => {
      await using queue = await openQueue(flags, false, signal);
      const counts = await countsOf(queue);
      if (flags.json) printJson(counts);
      else for (const state of STATES) printCells(state, counts[state]);
      for await (const entry of queue.entries(flags.list, { signal })) tellEntry(entry, flags.json);
      endWith(counts);
    });
}

function tellEntry(entry: JobEntry, json: boolean): void {
  const { job, id, state, failures, reason = "" } = entry;
  if (json) printJson(entry);
  else printCells(state, id, job?.path ?? "no job", counted(failures, "failure"), reason);
}

/** @throws QueueError `NO_SUCH_QUEUE` */
async function countsOf(queue: JobQueue): Promise<JobCounts> {
  if ((await queue.settings()) !== undefined) return queue.counts();
  throw new QueueError("NO_SUCH_QUEUE", `There are no jobs in ${queue.place}: add some first`);
}

function addWatch(jobs: Command, signal: AbortSignal): void {
  queueOptions(jsonOption(jobs.command("watch")))
    .description("show how far the jobs have come until all are settled")
    .action(async (flags: QueueFlags & JsonFlag) => {
      await using queue = await openQueue(flags, false, signal);
      const endCleaning = beginCleaning();
      try {
        const counts = await withBar("jobs", (onProgress) => watched(queue, signal, flags.json, onProgress));
        if (!flags.json) print(`${counted(counts.done, "job")} done, ${counts.dead} dead`);
        endWith(counts);
      } finally {
        endCleaning();
      }
    });
}

type Tell = (progress: { done: number; total: number; unit: "jobs" }) => void;

async function watched(queue: JobQueue, signal: AbortSignal, json: boolean, tell: Tell): Promise<JobCounts> {
  for (;;) {
    throwIfAborted(signal, "watching the jobs");
    const counts = await countsOf(queue);
    if (json) printJson(counts);
    const total = STATES.reduce((sum, state) => sum + counts[state], 0);
    const settled = counts.done + counts.dead;
    tell({ done: settled, total, unit: "jobs" });
    if (settled === total) return counts;
    await pause(LOOK);
  }
}

function addRetry(jobs: Command, signal: AbortSignal): void {
  queueOptions(jsonOption(jobs.command("retry")))
    .description("have dead jobs tried again: all, or those named")
    .argument("[ids...]", "of jobs, as `jobs status` lists them")
    .action(async (ids: string[], flags: QueueFlags & JsonFlag) => {
      await using queue = await openQueue(flags, false, signal);
      const retried = await queue.retry(ids.length === 0 ? undefined : ids, { signal });
      if (flags.json) printJson({ retried });
      else print(`${counted(retried, "job")} to be tried again`);
      if (retried >= ids.length) return;
      warn(`${counted(ids.length - retried, "job")} of those named: not dead, or not there; see jobs status`);
      process.exitCode = retried > 0 ? EXIT.someFailed : EXIT.failed;
    });
}

function addClear(jobs: Command, signal: AbortSignal): void {
  queueOptions(jsonOption(jobs.command("clear")))
    .description("forget the jobs that are done; nothing on the server changes")
    .option("--all", "forget those that wait or are dead as well", false)
    .action(async (flags: QueueFlags & JsonFlag & { all: boolean }) => {
      await using queue = await openQueue(flags, false, signal);
      const forgotten = await queue.clear(flags.all ? "all" : "done", { signal });
      if (flags.json) printJson({ forgotten });
      else print(`${counted(forgotten, "job")} forgotten`);
    });
}
