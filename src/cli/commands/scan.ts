/** `omero2frame scan`: a table in parts, for engines that read with many processes. */
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import type { ColumnBatch } from "../../columns/batch.js";
import { givenServer } from "../../connect/credentials/credentials.js";
import { formatAddress, parseServerAddress, sameServer } from "../../connect/server-address.js";
import { FileError, invalidArgument } from "../../errors.js";
import type { ScanJob } from "../../scan/index.js";
import { connectionOf, type ServerFlags, withServer } from "../options/connection.js";
import {
  columnsOption,
  type JsonFlag,
  jsonOption,
  openedTable,
  pathOption,
  type TableOptions,
  tableOf,
} from "../options/tables.js";
import { assignment, type CellValue, positive } from "../options/values.js";
import { print, printJson } from "../output.js";
import { removeSessionFile, sharedSession, writeSessionFile } from "../shared-session.js";
import { untilStopped } from "../until-stopped.js";

export function addScan(root: Command, signal: AbortSignal): void {
  const scan = root.command("scan").description("read a table in parts, by many processes");
  addPlan(scan, signal);
  addRead(scan, signal);
  addSession(scan, signal);
}

interface PlanFlags extends TableOptions {
  path?: string;
  columns?: string[];
  query?: string;
  variables?: Record<string, CellValue>;
  batchRows?: number;
  partitions?: number;
  partitionRows?: number;
}

function addPlan(scan: Command, signal: AbortSignal): void {
  jsonOption(columnsOption(pathOption(openedTable(scan.command("plan")))))
    .description("print the jobs, one a line, as JSON in any case")
    .option("-q, --query <condition>", "only rows that meet this PyTables condition")
    .option("--variables <name=value...>", "values of names in the condition that are no columns", assignment)
    .option("--partitions <number>", "how many jobs", positive)
    .option("--partition-rows <rows>", "rows of the table to each job (1,000,000)", positive)
    .option(
      "--batch-rows <rows>",
      "rows of each batch that comes of a part; what makes some 16 MiB without it",
      positive,
    )
    .option("--session-file <path>", "join the session of this file, which `scan session` keeps")
    .action(async (options: PlanFlags & SessionFlags) => {
      const { planScan } = await import("../../scan/index.js");
      const { columns, query, variables, partitions, partitionRows, batchRows } = options;
      const shared = options.sessionKey === undefined ? await sharedSession(options.sessionFile) : {};
      const table = options.path === undefined ? { ...tableOf(options), ...shared } : { path: options.path };
      const part = { columnNames: columns, query, variables, partitions, partitionRows, batchRows };
      const { jobs } = await planScan({ ...table, ...part, signal });
      for (const job of jobs) print(JSON.stringify(job));
    });
}

interface SessionFlags {
  sessionFile?: string;
}

interface ReadFlags extends SessionFlags, JsonFlag {
  maxBatchBytes?: number;
  output: string;
  rowNumbers: boolean;
  format: string;
}

function addRead(scan: Command, signal: AbortSignal): void {
  jsonOption(scan.command("read"))
    .description("write the rows of a job: to standard output as a stream of Arrow, or to a file in a folder")
    .argument("<job>", "a line of `scan plan`, the path of a file with one, or - for standard input")
    .option("-o, --output <folder>", "write part-N there, which appears when it is whole; - is standard output", "-")
    .addOption(new Option("--format <name>", "of the file in a folder").choices(["arrow", "parquet"]).default("arrow"))
    .option("--max-batch-bytes <bytes>", "of each batch, where the job's rows are wider", positive)
    .option("--row-numbers", "add the rows' numbers as a last column, to standard output", false)
    .option("--session-file <path>", "join the session of this file, which `scan session` keeps")
    .action(async (text: string, options: ReadFlags) => {
      const { parseScanJob, readPartition } = await import("../../scan/index.js");
      const job = parseScanJob(await jobText(text));
      const login = await sharedSession(options.sessionFile);
      if (login.sessionKey !== undefined) checkOwnServer(job);
      const { maxBatchBytes } = options;
      const batches = readPartition(job, { ...login, interactive: false, maxBatchBytes, signal });
      const path = await writeRows(batches, options, job.partition);
      if (options.json && path !== undefined) printJson({ path });
    });
}

/** The session is one of the environment's server: nobody who changed a job gets its key. @throws ArgumentError `INVALID_ARGUMENT` */
function checkOwnServer({ server }: ScanJob): void {
  const own = givenServer({}, process.env);
  if (server === undefined || own === undefined || sameServer(parseServerAddress(server), own)) return;
  throw invalidArgument(`The job is for ${server}, and OMERO_HOST names ${formatAddress(own)}: no session was sent`);
}

async function jobText(text: string): Promise<string> {
  if (text.trimStart().startsWith("{")) return text;
  try {
    return await (text === "-" ? textOf(process.stdin) : readFile(text, "utf8"));
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read the job ${text}: ${(cause as Error).message}`, { cause });
  }
}

/** The path of what was written; undefined for standard output. */
async function writeRows(
  batches: AsyncGenerator<ColumnBatch>,
  options: ReadFlags,
  partition: number,
): Promise<string | undefined> {
  const { output, rowNumbers, format } = options;
  if (output !== "-") {
    const path = `${output}/part-${String(partition).padStart(5, "0")}.${format}`;
    await writePart(batches, path);
    return path;
  }
  const { toArrowStream } = await import("../../formats/arrow/ipc/to-arrow-stream.js");
  await pipeline(toArrowStream(batches, { rowNumbers }), process.stdout, { end: false });
  return undefined;
}

async function writePart(batches: AsyncGenerator<ColumnBatch>, path: string): Promise<void> {
  const { formatOfNewFile } = await import("../../formats/choose-format.js");
  const first = (await batches.next()).value as ColumnBatch; // there is one
  await mkdir(dirname(path), { recursive: true });
  const sink = await formatOfNewFile(path, undefined).createSink!(path, { overwrite: true });
  try {
    await sink.write({ fields: first.fields, rowCount: undefined, batches: following(first, batches) });
  } finally {
    await sink.close();
    await batches.return(undefined);
  }
}

async function* following(first: ColumnBatch, batches: AsyncGenerator<ColumnBatch>) {
  yield first;
  yield* batches;
}

interface SessionArguments extends ServerFlags, JsonFlag {
  stdin: boolean;
}

function addSession(scan: Command, signal: AbortSignal): void {
  jsonOption(withServer(scan.command("session")))
    .description("log in, and keep the session for other processes until this one is stopped")
    .argument("<file>", "path of the file to make, which gets the session's key; this user alone may read it")
    .option("--stdin", "end with standard input, too, as when the program that started this one has ended", false)
    .action(async (path: string, options: SessionArguments) => {
      const { connectToOmero } = await import("../../connect/index.js");
      await using connection = await connectToOmero({ ...connectionOf(options), signal });
      await writeSessionFile(path, connection.session.uuid);
      try {
        if (options.json) printJson({ path });
        else print(path);
        await untilStopped(signal, options.stdin ? once(process.stdin.resume(), "end") : undefined);
      } finally {
        await removeSessionFile(path);
      }
    });
}
