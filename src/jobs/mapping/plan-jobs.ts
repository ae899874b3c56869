/** Jobs of maps and lists: what is added to a queue. */
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { formatAddress, parseServerAddress } from "../../connect/server-address.js";
import { ArgumentError, invalidArgument, throwIfAborted } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { BulkJob, DownloadJob, UploadJob, UploadJobOptions } from "../bulk-job.js";
import { bulkJobId } from "../bulk-job.js";
import type { KeyedJob } from "../queue/job-queue.js";
import { RootFolder } from "../root-folder.js";
import { mapLines } from "./map-lines.js";
import { mappedFiles } from "./upload-map.js";

/** What all jobs have in common. */
interface PlanOptions {
  /** Address of the server, as `connectToOmero` takes it. */
  readonly server: string;
  /** The folder that holds all files; jobs name them below it. Default: the process's. */
  readonly root?: string | undefined;
  /** Ends the planning. */
  readonly signal?: AbortSignal | undefined;
}

/** Which files become tables, and how. */
export interface PlanUploadsOptions extends PlanOptions {
  /** Path of the map: a table with columns file, target (`Image:101`) and, if wanted, name. */
  readonly map: string;
  /** Only the files that these patterns or paths name, all of which the map must have. */
  readonly patterns?: readonly string[] | undefined;
  /** How they are stored. */
  readonly options?: UploadJobOptions | undefined;
}

/** Which tables become files. */
export interface PlanDownloadsOptions extends PlanOptions {
  /** Path of a map: a table with columns table (`402` or `Annotation:142`) and file. */
  readonly map?: string | undefined;
  /** Tables, in place of a map, for files in `folder`. */
  readonly tables?: readonly string[] | undefined;
  /** Where the files of `tables` go; each is called as its table's id. */
  readonly folder?: string | undefined;
  /** Format of the files, whatever their endings; for `tables` the ending as well. Default for `tables`: csv. */
  readonly format?: string | undefined;
  /** Replace files that are there. Default false. */
  readonly overwrite?: boolean | undefined;
}

const COMMON: OptionNames<PlanOptions> = { server: true, root: true, signal: true };

/**
 * The jobs of a map of files, to be added to a queue as they come. The map is read twice: all of it is checked before the first job.
 * @throws ArgumentError `INVALID_ARGUMENT` for a map that makes no sense, or a file outside of `root`; FileError for files that are
 * not there
 *
 * @example
 * ```ts
 * await queue.add(planUploads({ map: "plates.csv", server: "omero.example.org" }));
 * ```
 */
export async function* planUploads(options: PlanUploadsOptions): AsyncGenerator<KeyedJob, void, undefined> {
  checkOptions(options, { ...COMMON, map: true, patterns: true, options: true }, "planUploads");
  const { map, patterns, server, signal, root: folder = ".", options: how = {} } = options;
  const address = formatAddress(parseServerAddress(server));
  const root = await RootFolder.open(folder);
  for await (const { path, links, name, size, modified } of mappedFiles(map, { patterns, signal })) {
    throwIfAborted(signal, "planUploads");
    const targets = links.map(([type, id]) => [type, String(id)] as const);
    const file = await root.nameOf(path);
    const job: UploadJob = { kind: "upload", path: file, size, modified, name, links: targets, options: plain(how) };
    yield keyed(job, address);
  }
}

/**
 * The jobs of a map, or a list, of tables.
 * @throws ArgumentError `INVALID_ARGUMENT`; `FILE_EXISTS` for a file that is there, unless `overwrite`
 *
 * @example
 * ```ts
 * await queue.add(planDownloads({ tables: ["402", "403"], folder: "out", format: "parquet", server: "omero.example.org" }));
 * ```
 */
export async function* planDownloads(options: PlanDownloadsOptions): AsyncGenerator<KeyedJob, void, undefined> {
  const names = { map: true, tables: true, folder: true, format: true, overwrite: true } as const;
  checkOptions(options, { ...COMMON, ...names }, "planDownloads");
  const { server, root: folder = ".", overwrite = false, format } = options;
  const address = formatAddress(parseServerAddress(server));
  const root = await RootFolder.open(folder);
  const seen = new Set<string>();
  for await (const { table, file } of tablesOf(options)) {
    throwIfAborted(options.signal, "planDownloads");
    const path = await root.nameOf(file);
    if (seen.has(path)) throw invalidArgument(`Two tables are to become ${file}`);
    seen.add(path);
    if (!overwrite && (await ifPossible(stat(file))))
      throw new ArgumentError("FILE_EXISTS", `${file} is there already; set overwrite to replace it`, { path: file });
    const job: DownloadJob = { kind: "download", table: tableIn(table), path, overwrite, ...plain({ format }) };
    yield keyed(job, address);
  }
}

async function* tablesOf({ map, tables, folder, format = "csv", signal }: PlanDownloadsOptions) {
  if ((map === undefined) === (tables === undefined)) throw invalidArgument("Give a map or tables");
  if (map !== undefined) {
    for await (const { table, file } of mapLines(map, { needed: ["table", "file"], more: [] }, signal)) {
      if (file === "") throw invalidArgument(`${map} has no file for table ${table}`);
      yield { table, file: resolve(dirname(map), file) };
    }
    return;
  }
  if (folder === undefined) throw invalidArgument("Say which folder the files go to");
  for (const table of tables!) yield { table, file: join(folder, `${table.replace(":", "-")}.${format}`) };
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function tableIn(text: string): DownloadJob["table"] {
  const [, kind = "file", id] = /^(?:(file|annotation):)?(\d{1,19})$/i.exec(text) ?? [];
  if (id === undefined) throw invalidArgument(`"${text}" is no table: write 402 or Annotation:142`);
  return kind.toLowerCase() === "annotation" ? { annotationId: id } : { fileId: id };
}

function keyed(job: BulkJob, address: string): KeyedJob {
  return { id: bulkJobId(job, address), job };
}

/** As it comes back from JSON, so that a job is the same before and after. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
