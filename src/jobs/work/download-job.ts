/** Writes a table to a file, which appears when it is whole. */
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArgumentError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { downloadTable } from "../../read/index.js";
import type { DownloadJob } from "../bulk-job.js";
import type { JobResult } from "../queue/job-queue.js";
import type { JobPlace } from "./upload-job.js";

/** @throws what `downloadTable` throws; ArgumentError `INVALID_ARGUMENT` for a path outside of the root folder */
export async function doDownload(job: DownloadJob, { root, connection, signal }: JobPlace): Promise<JobResult> {
  const { format, overwrite } = job;
  const targetPath = await root.targetAt(job.path);
  await removeParts(targetPath);
  // None was there when the job was added: an earlier try made it.
  if (!overwrite && (await ifPossible(stat(targetPath)))) return { result: "done before" };
  try {
    const table = Object.fromEntries(Object.entries(job.table).map(([kind, id]) => [kind, BigInt(id)]));
    const rowCount = await downloadTable({ ...table, connection, targetPath, format, overwrite, signal });
    return { result: "done", rowCount };
  } catch (error) {
    // Another holder of the job was sooner.
    if (error instanceof ArgumentError && error.code === "FILE_EXISTS") return { result: "done before" };
    throw error;
  }
}

/** What killed holders of the job were writing. */
async function removeParts(path: string): Promise<void> {
  const [start, folder] = [`.${basename(path)}.`, dirname(path)];
  for (const name of (await ifPossible(readdir(folder))) ?? []) {
    const isPart = name.startsWith(start) && /^[0-9a-f]{12}\.part$/.test(name.slice(start.length));
    if (isPart) await rm(join(folder, name), { force: true, recursive: true });
  }
}
