/** What came of one try of a job. */
import type { BulkJob } from "../bulk-job.js";
import type { JobResult } from "../queue/job-queue.js";

/** What a worker tells of one try of a job. */
export interface JobOutcome extends Omit<JobResult, "result"> {
  /** What names the job. */
  readonly id: string;
  /** The job, unless what was in the queue is none. */
  readonly job: BulkJob | undefined;
  /** What came of it; `failed` is tried again, `dead` is not, `returned` was given back or is another's. */
  readonly result: JobResult["result"] | "failed" | "dead" | "returned";
  /** Why it failed. */
  readonly reason?: string | undefined;
}
