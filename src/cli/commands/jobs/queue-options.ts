/** Which queue a command is about. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { JobOutcome, JobQueue } from "../../../jobs/index.js";
import { EXIT } from "../../failure.js";
import { print, printJson, warn } from "../../output.js";

/** What the options of {@link queueOptions} parse to. */
export interface QueueFlags {
  redis?: string;
  store?: string;
  queue: string;
}

export function queueOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--redis <address>",
        "a queue on Redis, for many machines: redis://host:port; OMERO2FRAME_REDIS may hold a password as well",
      )
        .argParser(withoutPassword)
        .conflicts("store"),
    )
    .option(
      "--store <folder>",
      "else a queue in a local store, for the processes of this machine (~/.local/state/omero2frame/jobs, or OMERO2FRAME_JOBS)",
    )
    .option("--queue <name>", "one of several queues there", "jobs");
}

function withoutPassword(address: string): string {
  if (!URL.canParse(address) || new URL(address).password === "") return address;
  throw new InvalidArgumentError("all users of this machine see it on the command line: put it into OMERO2FRAME_REDIS");
}

/** Opens the queue. @param make whether one is made where there is none */
export async function openQueue(flags: QueueFlags, make: boolean, signal: AbortSignal): Promise<JobQueue> {
  const { openJobQueue } = await import("../../../jobs/index.js");
  const { OMERO2FRAME_REDIS, OMERO2FRAME_JOBS } = process.env;
  const redis = flags.redis ?? (flags.store === undefined ? OMERO2FRAME_REDIS || undefined : undefined);
  const store = redis === undefined ? (flags.store ?? (OMERO2FRAME_JOBS || undefined)) : undefined;
  return openJobQueue({ redis, store, name: flags.queue, make, signal, onWarning: warn });
}

/** Tells what came of a job. */
export function tellOutcome({ job, id, result, reason, annotationId, rowCount }: JobOutcome, json: boolean): void {
  const file = job?.path ?? id;
  const as = annotationId === undefined ? "" : `, annotation ${annotationId}`;
  if (json) printJson({ id, file, result, annotationId, rowCount, reason });
  else if (reason === undefined) print(`${file}: ${result}${rowCount === undefined ? "" : `, ${rowCount} rows`}${as}`);
  else warn(`${file}: ${result}: ${reason}`);
}

/** The exit code says whether some of the jobs, or all, failed for good. */
export function endWith({ dead, done }: { readonly dead: number; readonly done: number }): void {
  if (dead > 0) process.exitCode = done > 0 ? EXIT.someFailed : EXIT.failed;
}
