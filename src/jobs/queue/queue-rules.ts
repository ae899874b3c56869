/** What both kinds of queues hold to. */
import { formatAddress, parseServerAddress } from "../../connect/server-address.js";
import { invalidArgument, QueueError } from "../../errors.js";
import { bulkJobOrNothing } from "../bulk-job.js";
import type { JobEntry, JobResult, JobState, QueueSettings } from "./job-queue.js";

/** The settings, the server's address as all write it. @throws ArgumentError `INVALID_ARGUMENT` */
export function checkedSettings(settings: QueueSettings): QueueSettings {
  const { server, connections, attempts, retryDelay } = settings;
  if (typeof server !== "string" || server === "") throw invalidArgument("Say which server the jobs are for");
  checkCounts({ connections, attempts });
  if (!(retryDelay >= 0)) throw invalidArgument("retryDelay is a number of milliseconds from 0");
  return { server: formatAddress(parseServerAddress(server)), connections, attempts, retryDelay };
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!(Number.isSafeInteger(value) && value >= 1)) throw invalidArgument(`${name} is a whole number from 1`);
  }
}

/** @throws QueueError `OTHER_SERVER` */
export function checkSameServer(before: QueueSettings | undefined, server: string, place: string): void {
  if (before === undefined || before.server === server) return;
  const message = `The jobs in ${place} are for ${before.server}, not for ${server}: use another queue, or write the server the same way`;
  throw new QueueError("OTHER_SERVER", message);
}

/** What a queue keeps of a job, whatever is in it. */
interface KeptJob {
  readonly id: string;
  readonly state: JobState;
  readonly job: unknown;
  readonly failures: number;
  readonly reason?: string | undefined;
  readonly result?: JobResult | undefined;
}

export function entryOf({ id, state, job, failures, reason, result }: KeptJob): JobEntry {
  return {
    id,
    state,
    job: bulkJobOrNothing(job),
    failures,
    ...(reason === undefined ? {} : { reason }),
    ...(result === undefined ? {} : { result }),
  };
}
