/** `omero2frame jobs work` and `jobs run`: doing jobs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { JobQueue, KeyedJob, WorkOptions } from "../../../jobs/index.js";
import { StateFile } from "../../../jobs/state-file.js";
import { connectionOf, type ServerFlags, withServer } from "../../options/connection.js";
import { type JsonFlag, jsonOption } from "../../options/tables.js";
import { duration, positive } from "../../options/values.js";
import { counted, print, printJson, warn } from "../../output.js";
import { sharedSession } from "../../shared-session.js";
import { addressOf, type JobFlags, jobOptions, plannedJobs } from "./job-choice.js";
import { endWith, openQueue, type QueueFlags, queueOptions, tellOutcome } from "./queue-options.js";

interface WorkFlags extends ServerFlags, JsonFlag {
  root: string;
  concurrency: number;
  grace: number;
  state?: string;
  sessionFile?: string;
}

function workOptions(command: Command): Command {
  return jsonOption(command)
    .option("--concurrency <number>", "jobs at once, each over a connection of its own", positive, 4)
    .option(
      "--grace <time>",
      "what jobs in hand may take after SIGTERM, before they are undone and given back",
      duration,
      20_000,
    )
    .option("--state <file>", "note what came of each job there, a line of JSON each")
    .option("--session-file <path>", "join the session of this file, which `scan session` keeps");
}

export function addWork(jobs: Command, signal: AbortSignal): void {
  queueOptions(workOptions(withServer(jobs.command("work"))))
    .description("do jobs until all are settled; SIGTERM ends it when those in hand are done or given back")
    .option("--root <folder>", "the folder that holds the files; nothing outside of it is touched", ".")
    .option("--stay", "wait for more when all are settled", false)
    .option("--lease <time>", "after which a job of a worker that has ended is given to another", duration, 30_000)
    .action(async (flags: WorkFlags & QueueFlags & { stay: boolean; lease: number }) => {
      await using queue = await openQueue(flags, false, signal);
      await using state = await stateOf(flags);
      const { stay, lease } = flags;
      await work(queue, flags, { stay, lease, signal }, state);
    });
}

async function stateOf({ state }: WorkFlags): Promise<StateFile | undefined> {
  return state === undefined ? undefined : await StateFile.open(state);
}

/** Does the jobs of a queue, and tells of each. */
async function work(
  queue: JobQueue,
  flags: WorkFlags,
  more: Partial<WorkOptions>,
  state: StateFile | undefined,
): Promise<void> {
  const { workJobs } = await import("../../../jobs/index.js");
  const { root, concurrency, grace, json } = flags;
  const login = { ...connectionOf(flags), ...(flags.sessionKey ? {} : await sharedSession(flags.sessionFile)) };
  const summary = await workJobs({
    ...login,
    queue,
    root,
    concurrency,
    grace,
    ...more,
    onWarning: warn,
    onOutcome: async (outcome) => {
      await state?.add(outcome);
      tellOutcome(outcome, json);
    },
  });
  const { done, before, dead, returned } = summary;
  if (json) printJson(summary);
  else print(`${counted(done, "job")} done, ${before} done before, ${dead} failed, ${returned} given back`);
  endWith({ dead, done: done + before });
}

interface Part {
  readonly part: number;
  readonly parts: number;
}

export function addRun(jobs: Command, signal: AbortSignal): void {
  workOptions(jobOptions(jobs.command("run")))
    .description("do jobs at once, in this process, without a queue: for Slurm arrays, Snakemake and xargs")
    .argument("[names...]", "files or patterns such as 'plates/*.csv', which the map has; with --download tables")
    .option("--part <n/count>", "only this part of them, from 1, as Slurm numbers its tasks", part)
    .option("--attempts <number>", "tries that each has", positive, 3)
    .action(async (names: string[], flags: JobFlags & WorkFlags & { part?: Part; attempts: number }) => {
      const server = await addressOf(flags, signal);
      await using state = await stateOf(flags);
      const folder = await mkdtemp(join(tmpdir(), "omero2frame-jobs-"));
      try {
        const { openJobQueue } = await import("../../../jobs/index.js");
        await using queue = await openJobQueue({ store: folder });
        const { concurrency: connections, attempts } = flags;
        await queue.configure({ server, connections, attempts, retryDelay: 1000 });
        const planned = await plannedJobs(names, flags, server, signal);
        await queue.add(chosen(planned, flags.part, state));
        await work(queue, flags, { signal }, state);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

/** The jobs of a part that the state does not say are done. */
async function* chosen(jobs: AsyncIterable<KeyedJob>, part: Part | undefined, state: StateFile | undefined) {
  let number = 0;
  for await (const job of jobs) {
    const isOwn = part === undefined || number++ % part.parts === part.part - 1;
    if (isOwn && !state?.isDone(job.id)) yield job;
  }
}

function part(text: string): Part {
  const [, number, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const found = { part: Number(number), parts: Number(count) };
  if (found.part >= 1 && found.part <= found.parts) return found;
  throw new InvalidArgumentError("write a number from 1 and how many there are, for example 3/20");
}
