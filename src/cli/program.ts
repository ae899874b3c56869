/** The commands of `omero2frame`, each a thin cover over one public function. */
import { Argument, Command } from "commander";
import {
  connection,
  count,
  link,
  type SelectionOptions,
  type ServerOptions,
  selected,
  selection,
  server,
  source,
  type TableOptions,
  table,
} from "./options.js";
import { print, withBar, withoutOptionValue } from "./output.js";
import { addRemoteTables, type RemoteOptions, remoteOptions, remoteTable } from "./remote-tables.js";

export async function program(signal: AbortSignal): Promise<Command> {
  const root = new Command("omero2frame")
    .description(
      "OMERO.tables as files: read, filter, download, upload. Passwords come from OMERO_PASSWORD or a prompt.",
    )
    .configureOutput({ outputError: (text, write) => write(withoutOptionValue(text)) })
    .showHelpAfterError();
  addReading(root, signal);
  addWriting(root, signal);
  addRemoteTables(root, signal);
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
  remoteOptions(server(root.command("upload").description("store a CSV file, gzipped or not, as a table")))
    .addArgument(new Argument("<source>", "path of the CSV file"))
    .addArgument(new Argument("<name>", "name of the table"))
    .requiredOption("--link <target...>", "what to attach it to, for example Image:101", link, [])
    .option("--chunk-size <rows>", "rows a call", count)
    .option("--replace", "replace a table of this name on the same object")
    .option("--local-path <path>", "make it a remote table (OMERO Plus): write its TileDB array here and register it")
    .option("--remote-path <path>", "the same place as the server sees it; the same path without it")
    .action(async (path: string, name: string, options: ServerOptions & UploadOptions) => {
      const { uploadTable } = await import("../write/index.js");
      const { link: links, chunkSize, replace = false } = options;
      const remote = await remoteTable(options);
      const uploaded = await withBar("uploading", (onProgress) =>
        uploadTable(path, name, { ...connection(options), ...remote, links, chunkSize, replace, signal, onProgress }),
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

interface UploadOptions extends RemoteOptions {
  link: [string, bigint][];
  chunkSize?: number;
  replace?: boolean;
  localPath?: string;
  remotePath?: string;
}

function addServe(root: Command, signal: AbortSignal): void {
  root
    .command("serve")
    .description("run an OMERO.tables server on this machine until interrupted; user `user`, password `pass`")
    .option("--port <number>", "plain tcp port", count)
    .option("--tls-port <number>", "TLS port", count)
    .option("--directory <path>", "where tables are kept; a temporary folder without it")
    .option("--web-port <number>", "port of a web server at which TileDB arrays are registered; 0 for any", count)
    .option("--arrays <folder...>", "folders whose TileDB arrays may be registered")
    .action(async ({ webPort, arrays, ...options }: ServeOptions) => {
      const { startServer } = await import("../server/index.js");
      const web = webPort === undefined && arrays === undefined ? false : { port: webPort ?? 0, arrays: arrays ?? [] };
      await using running = await startServer({ ...options, web });
      const webAt = running.web ? `, web server ${running.web.url}` : "";
      print(`serving on ${running.host}: TLS port ${running.tlsPort}, plain port ${running.port}${webAt}`);
      await new Promise<void>((resolve) => {
        const keepRunning = setInterval(() => {}, 2 ** 30);
        signal.addEventListener("abort", () => {
          clearInterval(keepRunning);
          resolve();
        });
      });
    });
}

interface ServeOptions {
  port?: number;
  tlsPort?: number;
  directory?: string;
  webPort?: number;
  arrays?: string[];
}
