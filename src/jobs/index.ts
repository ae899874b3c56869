/** `omero2frame/jobs`: thousands of files to tables, and back, by many workers. On Redis it needs bullmq and ioredis installed beside. */
export { QueueError } from "../errors.js";
export { type BulkJob, bulkJobId, type DownloadJob, type UploadJob, type UploadJobOptions } from "./bulk-job.js";
export { type PlanDownloadsOptions, type PlanUploadsOptions, planDownloads, planUploads } from "./mapping/plan-jobs.js";
export type {
  AddedJobs,
  ConnectionSlot,
  HeldJob,
  JobCounts,
  JobEntry,
  JobQueue,
  JobResult,
  JobState,
  KeyedJob,
  ListOptions,
  QueueSettings,
} from "./queue/job-queue.js";
export { type OpenQueueOptions, openJobQueue } from "./queue/open-job-queue.js";
export type { JobOutcome } from "./work/outcome.js";
export { type WorkOptions, type WorkSummary, workJobs } from "./work/work-jobs.js";
