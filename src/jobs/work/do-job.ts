/** Does one job of whichever kind, and says of a failure whether it is for good. */
import { ArgumentError, ConditionError, DataError, OmeroError, ServerError, TableError } from "../../errors.js";
import { parseBulkJob } from "../bulk-job.js";
import type { JobResult } from "../queue/job-queue.js";
import { doDownload } from "./download-job.js";
import { doUpload, type JobPlace } from "./upload-job.js";

/** @throws ArgumentError `INVALID_ARGUMENT` for what is no job */
export function doJob(found: unknown, place: JobPlace): Promise<JobResult> {
  const job = parseBulkJob(found);
  return job.kind === "upload" ? doUpload(job, place) : doDownload(job, place);
}

const MISSING = new Set(["NOT_FOUND", "NOT_PERMITTED", "NOT_A_TABLE", "READ_ONLY"]);
const REFUSED = new Set(["API_USAGE", "VALIDATION", "SECURITY_VIOLATION", "NO_SUCH_OPERATION"]);

/** Whether a failure would be the same at the next try. */
export function isPermanent(error: unknown): boolean {
  if (!(error instanceof OmeroError)) return false;
  if (error instanceof ServerError) return REFUSED.has(error.code);
  if (error instanceof DataError) return error.code !== "CHECKSUM_MISMATCH";
  if (error instanceof ArgumentError || error instanceof ConditionError) return true;
  if (error instanceof TableError && MISSING.has(error.code)) return true;
  // What failed an upload is behind what says that it failed.
  return error.cause !== undefined && error.cause !== error && isPermanent(error.cause);
}
