/** Stores a file as a table, once, however often it is tried and by however many at a time. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { OmeroConnection } from "../../connect/index.js";
import { abortError, FileError, invalidArgument } from "../../errors.js";
import type { OnWarning } from "../../flow/warnings.js";
import { linkTarget } from "../../gateway/links.js";
import { uploadClaimed } from "../../write/upload.js";
import type { UploadJob } from "../bulk-job.js";
import type { JobResult } from "../queue/job-queue.js";
import type { RootFolder } from "../root-folder.js";
import { JobTables, type WholeTable } from "./job-tables.js";

/** By whom a job is done, where, and until when. */
export interface JobPlace {
  readonly id: string;
  readonly ticket: string;
  readonly root: RootFolder;
  readonly connection: OmeroConnection;
  readonly signal: AbortSignal;
  readonly onWarning: OnWarning;
}

/** Ends an upload whose table was stored by another meanwhile. */
class StoredMeanwhile extends Error {
  readonly table: WholeTable;

  constructor(table: WholeTable) {
    super("the table was stored by another meanwhile");
    this.table = table;
  }
}

/**
 * @throws ArgumentError `INVALID_ARGUMENT` for a file that was changed since the job was added; what `uploadTable` throws;
 * QueueError where another has the job by now
 */
export async function doUpload(job: UploadJob, place: JobPlace): Promise<JobResult> {
  const { root, connection, signal, onWarning } = place;
  const path = await root.fileAt(job.path);
  await checkUnchanged(job, path);
  const links = job.links.map(([type, id]) => [type, BigInt(id)] as const);
  const tables = new JobTables(connection, await tableOf(job, place, path), signal);
  const before = await tables.settle();
  if (before !== undefined) return { result: "done before", ...before };
  const claim = {
    name: tables.claimName,
    settle: async (fileId: number, group: number) => {
      await checkUnchanged(job, path);
      const other = await tables.settle(fileId);
      if (other !== undefined) throw new StoredMeanwhile(other);
      await tables.name(fileId, group);
    },
  };
  try {
    const options = { ...job.options, connection, links, signal, onWarning };
    const { fileId, annotationId, rowCount } = await uploadClaimed(path, job.name, options, claim);
    return { result: "done", fileId, annotationId, rowCount };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (cause instanceof StoredMeanwhile) return { result: "done before", ...cause.table };
    throw error;
  }
}

async function tableOf(job: UploadJob, { id: jobId, ticket, signal }: JobPlace, path: string) {
  const [type, target] = job.links[0]!;
  const options = createHash("sha256").update(JSON.stringify(job.options)).digest("hex").slice(0, 12);
  const content = `${await sha1Of(path, signal)}-${job.size}-${options}`;
  return { jobId, ticket, name: job.name, target: linkTarget(type, BigInt(target)), content };
}

async function sha1Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha1");
  await pipeline(createReadStream(path), hash, { signal }).catch((cause) => {
    if (signal.aborted) throw abortError(signal, `reading ${path}`);
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${cause.message}`, { path, cause });
  });
  return hash.digest("hex");
}

async function checkUnchanged({ size, modified }: UploadJob, path: string): Promise<void> {
  const now = await stat(path);
  if (now.size === size && Math.trunc(now.mtimeMs) === modified) return;
  throw invalidArgument(`${path} was changed since the job was added: add it again`, { path });
}
