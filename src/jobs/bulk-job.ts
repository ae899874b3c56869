/** One piece of bulk work: a file that becomes a table, or a table that becomes a file. Plain JSON, without a secret. */
import { createHash } from "node:crypto";
import { invalidArgument } from "../errors.js";
import type { CsvOptions } from "../formats/csv/index.js";
import type { ColumnTypeOption } from "../formats/values/column-types.js";

/** How a file becomes a table: options of `uploadTable` that are JSON. */
export interface UploadJobOptions {
  /** Only these columns. */
  readonly columnNames?: readonly string[] | undefined;
  /** Types of columns. */
  readonly columnTypes?: Readonly<Record<string, ColumnTypeOption>> | undefined;
  /** How a CSV is written. */
  readonly csv?: CsvOptions | undefined;
  /** Whether names of wells, images and so on become ids. */
  readonly resolveNames?: "auto" | false | undefined;
  /** Rows a call. */
  readonly chunkSize?: number | undefined;
  /** Description of the annotation. */
  readonly description?: string | undefined;
  /** Namespace of the annotation. */
  readonly namespace?: string | undefined;
}

/** Stores a file as a table. */
export interface UploadJob {
  /** Which kind of job. */
  readonly kind: "upload";
  /** The file, below the root folder of whoever does the job, with `/` between folders. */
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** When it was changed, in milliseconds: by this and its size the file is known again. */
  readonly modified: number;
  /** Name of the table. */
  readonly name: string;
  /** Objects to attach it to: types and ids. */
  readonly links: readonly (readonly [type: string, id: string])[];
  /** How it is stored. */
  readonly options: UploadJobOptions;
}

/** Writes a table to a file. */
export interface DownloadJob {
  /** Which kind of job. */
  readonly kind: "download";
  /** The table, by its file or by its annotation. */
  readonly table: { readonly fileId: string } | { readonly annotationId: string };
  /** The file to make, below the root folder of whoever does the job, with `/` between folders. */
  readonly path: string;
  /** Format of the file, whatever its ending. */
  readonly format?: string | undefined;
  /** Replace a file that is there. */
  readonly overwrite: boolean;
}

/** A job that any number of processes can be given: doing it again does nothing twice. */
export type BulkJob = UploadJob | DownloadJob;

/**
 * What names a job: the same for the same work on the same server.
 *
 * @param server address of the server
 *
 * @example
 * ```ts
 * const id = bulkJobId(job, "omero.example.org:4064"); // what queues and state files call the job
 * ```
 */
export function bulkJobId(job: BulkJob, server: string): string {
  return createHash("sha256")
    .update(JSON.stringify([server, job]))
    .digest("hex")
    .slice(0, 32);
}

const UPLOAD_OPTIONS = new Set<string>([
  "columnNames",
  "columnTypes",
  "csv",
  "resolveNames",
  "chunkSize",
  "description",
  "namespace",
] satisfies (keyof UploadJobOptions)[]);

/**
 * A job as it came from a queue.
 * @throws ArgumentError `INVALID_ARGUMENT` for what is none
 */
export function parseBulkJob(found: unknown): BulkJob {
  if (!isObject(found) || (found.kind !== "upload" && found.kind !== "download")) throw invalid("its kind is unknown");
  const checks = found.kind === "upload" ? UPLOAD_CHECKS : DOWNLOAD_CHECKS;
  const wrong = Object.entries(checks).find(([name, fits]) => !fits(found[name]));
  if (wrong !== undefined) throw invalid(`its ${wrong[0]} is missing or wrong`);
  return found as unknown as BulkJob;
}

/** The same, or undefined for what is none. */
export function bulkJobOrNothing(found: unknown): BulkJob | undefined {
  try {
    return parseBulkJob(found);
  } catch {
    return undefined; // whoever does it is told why
  }
}

type Unknowns = Readonly<Record<string, unknown>>;
type Checks = Readonly<Record<string, (value: unknown) => boolean>>;

const UPLOAD_CHECKS: Checks = {
  path: isText,
  size: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  modified: (value) => Number.isSafeInteger(value),
  name: isText,
  links: (value) => Array.isArray(value) && value.length > 0 && value.every(isLink),
  options: (value) => isObject(value) && Object.keys(value).every((name) => UPLOAD_OPTIONS.has(name)),
};
const DOWNLOAD_CHECKS: Checks = {
  path: isText,
  table: (value) => isObject(value) && isId(value.fileId ?? value.annotationId) && Object.keys(value).length === 1,
  format: (value) => value === undefined || isText(value),
  overwrite: (value) => typeof value === "boolean",
};

function isLink(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isText(value[0]) && isId(value[1]);
}

function isId(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,19}$/.test(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isObject(value: unknown): value is Unknowns {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(why: string) {
  return invalidArgument(`This is no bulk job: ${why}`);
}
