/** The commands of `omero2frame`, each a thin cover over one public function. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { ConnectOptions } from "../connect/index.js";
import type { OnProgress } from "../table.js";
import { progressBar } from "./progress-bar.js";

/** What the connection and selection options of the command line parse to. */
interface ServerOptions {
  server?: string;
  port?: number;
  user?: string;
  sessionKey?: string;
  group?: string;
  verify?: boolean;
  plain?: boolean;
}

interface TableOptions extends ServerOptions {
  fileId?: bigint;
  annotationId?: bigint;
}

interface SelectionOptions extends TableOptions {
  columns?: string[];
  query?: string;
  rows?: { start: number; stop: number; step: number };
  chunkSize?: number;
}

export async function program(signal: AbortSignal): Promise<Command> {
  const root = new Command("omero2frame")
    .description(
      "OMERO.tables as files: read, filter, download, upload. Passwords come from OMERO_PASSWORD or a prompt.",
    )
    .showHelpAfterError();
  addReading(root, signal);
  addWriting(root, signal);
  addServe(root, signal);
  return root;
}

function addReading(root: Command, signal: AbortSignal): void {
  table(root.command("columns").description("print the table's columns: name, type, size")).action(
    async (options: TableOptions) => {
      const { getTableHeaders } = await import("../read/index.js");
      const { columns, rowCount } = await getTableHeaders({ ...source(options), signal });
      for (const { name, type, size } of columns) print(`${name}\t${type}\t${size}`);
      print(`${rowCount} rows, ${columns.length} columns`);
    },
  );
  selection(root.command("head").description("print the first rows as a table"))
    .option("-n, --count <rows>", "how many rows", count, 5)
    .action(async (options: SelectionOptions & { count: number }) => {
      const { readTable } = await import("../read/index.js");
      const rows = options.query || options.rows ? options.rows : { start: 0, stop: options.count, step: 1 };
      const frame = await readTable({
        ...selected({ ...options, ...(rows ? { rows } : {}) }),
        signal,
        int64: "bigint",
      });
      frame.head(options.count).print();
    });
  selection(root.command("download").description("write the table, or a part of it, to a CSV file"))
    .addArgument(new Argument("<target>", "path of the file to make"))
    .option("--overwrite", "replace the file if it exists")
    .action(async (targetPath: string, options: SelectionOptions & { overwrite?: boolean }) => {
      const { downloadTable } = await import("../read/index.js");
      const rows = await withBar("downloading", (onProgress) =>
        downloadTable({ ...selected(options), targetPath, overwrite: options.overwrite ?? false, signal, onProgress }),
      );
      print(`${rows} rows in ${targetPath}`);
    });
}

function addWriting(root: Command, signal: AbortSignal): void {
  server(root.command("upload").description("store a CSV file, gzipped or not, as a table"))
    .addArgument(new Argument("<source>", "path of the CSV file"))
    .addArgument(new Argument("<name>", "name of the table"))
    .requiredOption("--link <target...>", "what to attach it to, for example Image:101", link, [])
    .option("--chunk-size <rows>", "rows a call", count)
    .option("--replace", "replace a table of this name on the same object")
    .action(async (path: string, name: string, options: ServerOptions & UploadOptions) => {
      const { uploadTable } = await import("../write/index.js");
      const { link: links, chunkSize, replace = false } = options;
      const uploaded = await withBar("uploading", (onProgress) =>
        uploadTable(path, name, { ...connection(options), links, chunkSize, replace, signal, onProgress }),
      );
      print(`${uploaded.rowCount} rows as annotation ${uploaded.annotationId}, file ${uploaded.fileId}`);
    });
  table(root.command("delete").description("remove a table with its annotation and links")).action(
    async (options: TableOptions) => {
      const { deleteTable } = await import("../write/index.js");
      await deleteTable({ ...source(options), signal });
    },
  );
}

interface UploadOptions {
  link: [string, bigint][];
  chunkSize?: number;
  replace?: boolean;
}

function addServe(root: Command, signal: AbortSignal): void {
  root
    .command("serve")
    .description("run an OMERO.tables server on this machine until interrupted; user `user`, password `pass`")
    .option("--port <number>", "plain tcp port", count)
    .option("--tls-port <number>", "TLS port", count)
    .option("--directory <path>", "where tables are kept; a temporary folder without it")
    .action(async (options: { port?: number; tlsPort?: number; directory?: string }) => {
      const { startServer } = await import("../server/index.js");
      await using running = await startServer(options);
      print(`serving on ${running.host}: TLS port ${running.tlsPort}, plain port ${running.port}`);
      await new Promise<void>((resolve) => {
        const keepRunning = setInterval(() => {}, 2 ** 30);
        signal.addEventListener("abort", () => {
          clearInterval(keepRunning);
          resolve();
        });
      });
    });
}

function server(command: Command): Command {
  return command
    .option("-s, --server <address>", "host, host:port, tcp://host:port or wss://host/path")
    .option("-p, --port <number>", "port (4064)", count)
    .option("-u, --user <name>", "user name")
    .option("-k, --session-key <key>", "join this session")
    .option("-g, --group <group>", "name or id of the group to work in")
    .option("--verify", "accept only servers whose certificate can be verified");
}

function table(command: Command): Command {
  return server(command)
    .addOption(new Option("--file-id <id>", "id of the table's file").argParser(id))
    .addOption(new Option("--annotation-id <id>", "id of the table's annotation").argParser(id).conflicts("fileId"));
}

function selection(command: Command): Command {
  return table(command)
    .option("-c, --columns <name...>", "only these columns")
    .option("-q, --query <condition>", "only rows that meet this PyTables condition")
    .addOption(new Option("-r, --rows <start:stop[:step]>", "only these rows").argParser(rows).conflicts("query"))
    .option("--chunk-size <rows>", "rows a request", count);
}

function connection(options: ServerOptions): ConnectOptions {
  const { server: address, port, user, sessionKey, group, verify } = options;
  return {
    server: address,
    port,
    username: user,
    sessionKey,
    group: group === undefined || !/^-?\d+$/.test(group) ? group : BigInt(group),
    ...(verify ? { tls: "verify" as const } : {}),
  };
}

function source(options: TableOptions) {
  return { ...connection(options), fileId: options.fileId, annotationId: options.annotationId };
}

function selected(options: SelectionOptions) {
  const { columns, query, rows: range, chunkSize } = options;
  return { ...source(options), columnNames: columns, query, rows: range, chunkSize };
}

async function withBar<T>(what: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = progressBar(process.stderr, what);
  try {
    return await work(bar.onProgress);
  } finally {
    bar.end();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is needed");
  return Number(text);
}

function id(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("an id is a whole number");
  return BigInt(text);
}

function rows(text: string): { start: number; stop: number; step: number } {
  const match = /^(\d+):(\d+)(?::(\d+))?$/.exec(text);
  if (!match) throw new InvalidArgumentError("write start:stop or start:stop:step");
  return { start: Number(match[1]), stop: Number(match[2]), step: Number(match[3] ?? 1) };
}

function link(text: string, before: [string, bigint][]): [string, bigint][] {
  const match = /^([A-Za-z]+):(\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError("write a type and an id, for example Image:101");
  return [...before, [match[1]!, BigInt(match[2]!)]];
}
