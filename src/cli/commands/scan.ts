/** `omero2frame scan`: a table in parts, for engines that read with many processes. */
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import type { ColumnBatch } from "../../columns/batch.js";
import { FileError } from "../../errors.js";
import {
  connectionOf,
  count,
  readTableOptions,
  type ServerFlags,
  type TableOptions,
  tableOf,
  withServer,
} from "../options.js";
import { print } from "../output.js";
import { removeSessionFile, sharedSession, writeSessionFile } from "../shared-session.js";
import { untilStopped } from "../until-stopped.js";

export function addScan(root: Command, signal: AbortSignal): void {
  const scan = root.command("scan").description("read a table in parts, by many processes");
  addPlan(scan, signal);
  addRead(scan, signal);
  addSession(scan, signal);
}

interface PlanFlags extends TableOptions {
  columns?: string[];
  query?: string;
  partitions?: number;
  partitionRows?: number;
}

function addPlan(scan: Command, signal: AbortSignal): void {
  readTableOptions(scan.command("plan"))
    .description("print the jobs, one a line, as JSON")
    .option("-c, --columns <name...>", "only these columns")
    .option("-q, --query <condition>", "only rows that meet this PyTables condition")
    .option("--partitions <number>", "how many jobs", count)
    .option("--partition-rows <rows>", "rows of the table to each job (1,000,000)", count)
    .option("--session-file <path>", "join the session of this file, which `scan session` keeps")
    .action(async (options: PlanFlags & SessionFlags) => {
      const { planScan } = await import("../../scan/index.js");
      const { columns, query, partitions, partitionRows } = options;
      const shared = options.sessionKey === undefined ? await sharedSession(options.sessionFile) : {};
      const table = options.path === undefined ? { ...tableOf(options), ...shared } : { path: options.path };
      const { jobs } = await planScan({ ...table, columnNames: columns, query, partitions, partitionRows, signal });
      for (const job of jobs) print(JSON.stringify(job));
    });
}

interface SessionFlags {
  sessionFile?: string;
}

interface ReadFlags extends SessionFlags {
  output: string;
  rowNumbers: boolean;
  format: string;
}

function addRead(scan: Command, signal: AbortSignal): void {
  scan
    .command("read")
    .description("write the rows of a job: to standard output as a stream of Arrow, or to a file in a folder")
    .argument("<job>", "a line of `scan plan`, the path of a file with one, or - for standard input")
    .option("-o, --output <folder>", "write part-N there, which appears when it is whole; - is standard output", "-")
    .addOption(new Option("--format <name>", "of the file in a folder").choices(["arrow", "parquet"]).default("arrow"))
    .option("--row-numbers", "add the rows' numbers as a last column, to standard output", false)
    .option("--session-file <path>", "join the session of this file, which `scan session` keeps")
    .action(async (text: string, options: ReadFlags) => {
      const { parseScanJob, readPartition } = await import("../../scan/index.js");
      const job = parseScanJob(await jobText(text));
      const login = await sharedSession(options.sessionFile);
      const batches = readPartition(job, { ...login, interactive: false, signal });
      await writeRows(batches, options, job.partition);
    });
}

async function jobText(text: string): Promise<string> {
  if (text.trimStart().startsWith("{")) return text;
  try {
    return await (text === "-" ? textOf(process.stdin) : readFile(text, "utf8"));
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read the job ${text}: ${(cause as Error).message}`, { cause });
  }
}

async function writeRows(batches: AsyncGenerator<ColumnBatch>, options: ReadFlags, partition: number): Promise<void> {
  const { output, rowNumbers, format } = options;
  if (output !== "-") return writePart(batches, `${output}/part-${String(partition).padStart(5, "0")}.${format}`);
  const { toArrowStream } = await import("../../formats/arrow/ipc/to-arrow-stream.js");
  await pipeline(toArrowStream(batches, { rowNumbers }), process.stdout, { end: false });
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

interface SessionArguments extends ServerFlags {
  stdin: boolean;
}

function addSession(scan: Command, signal: AbortSignal): void {
  withServer(scan.command("session"))
    .description("log in, and keep the session for other processes until this one is stopped")
    .argument("<file>", "path of the file to make, which gets the session's key; this user alone may read it")
    .option("--stdin", "end with standard input, too, as when the program that started this one has ended", false)
    .action(async (path: string, options: SessionArguments) => {
      const { connectToOmero } = await import("../../connect/index.js");
      await using connection = await connectToOmero({ ...connectionOf(options), signal });
      await writeSessionFile(path, connection.session.uuid);
      try {
        print(path);
        await untilStopped(signal, options.stdin ? once(process.stdin.resume(), "end") : undefined);
      } finally {
        await removeSessionFile(path);
      }
    });
}
