/** One try of a job that is held, and what the queue is told of it. */
import type { OmeroConnection } from "../../connect/index.js";
import { type OmeroError, visibleText } from "../../errors.js";
import { clearUp, ifPossible } from "../../flow/failures.js";
import { bulkJobOrNothing } from "../bulk-job.js";
import type { HeldJob, JobResult } from "../queue/job-queue.js";
import { doJob, isPermanent } from "./do-job.js";
import type { LaneOptions } from "./lane-options.js";
import type { JobOutcome } from "./outcome.js";
import { Renewal } from "./renewal.js";

/** Characters kept of why a job failed. */
const LONGEST_REASON = 2_000;

export async function tryJob(held: HeldJob, connection: OmeroConnection, lane: LaneOptions): Promise<JobOutcome> {
  const renewal = new Renewal(() => held.renew(), lane.lease);
  const { id, ticket } = held;
  const told = { id, job: bulkJobOrNothing(held.job) };
  const signal = AbortSignal.any([renewal.lost, lane.stopping.now]);
  try {
    if (held.doomed !== undefined) return { ...told, ...(await settledAs(held, held.doomed, true)) };
    const { root, onWarning } = lane;
    const result = await doJob(held.job, { id, ticket, root, connection, signal, onWarning });
    return { ...told, ...(await settled(held, result)) };
  } catch (error) {
    if (lane.stopping.now.aborted && !renewal.lost.aborted) await clearUp(() => held.release());
    if (signal.aborted) return { ...told, result: "returned", reason: reasonOf(error) };
    return { ...told, ...(await settledAs(held, reasonOf(error), isPermanent(error))) };
  } finally {
    await renewal.end();
  }
}

type Settled = Omit<JobOutcome, "id" | "job">;

/** The queue may be away for a while; whoever takes the job then finds it done. */
async function settled(held: HeldJob, result: JobResult): Promise<Settled> {
  const isNoted = await ifPossible(held.done(result));
  return isNoted ? result : { ...result, result: "returned" };
}

async function settledAs(held: HeldJob, reason: string, permanent: boolean): Promise<Settled> {
  const state = await ifPossible(held.fail(reason, permanent));
  return { reason, result: state === undefined ? "returned" : state === "dead" ? "dead" : "failed" };
}

function reasonOf(error: unknown): string {
  const { message } = error as OmeroError;
  return visibleText(message).slice(0, LONGEST_REASON);
}
