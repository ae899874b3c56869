/** Commands for remote tables: TileDB arrays written here and registered with OMERO Plus. */
import { readFile } from "node:fs/promises";
import { Argument, type Command } from "commander";
import { FileError } from "../errors.js";
import type { RemoteTableOptions, WebServerOptions } from "../write/index.js";
import { connection, count, link, type ServerOptions, server } from "./options.js";
import { print, withBar } from "./output.js";

/** Where the web server is. */
export interface RemoteOptions {
  prefix?: string;
  webServer?: string;
  webCa?: string;
}

export function remoteOptions(command: Command): Command {
  return command
    .option("--prefix <path>", "path under which the web server has OMERO, for example /omero")
    .option("--web-server <address>", "host, host:port or https://host:port; that of the server without it")
    .option("--web-ca <file>", "certificate authority (PEM) of the web server, if it has one of its own");
}

/** The options of `uploadTable`, as far as they are given. */
export async function remoteTable(
  options: RemoteOptions & { localPath?: string; remotePath?: string },
): Promise<RemoteTableOptions> {
  const { localPath, remotePath, prefix } = options;
  const web = await webServer(options);
  return { localPath, remotePath, prefix, ...(Object.keys(web).length === 0 ? {} : { web }) };
}

async function webServer({ webServer, webCa }: RemoteOptions): Promise<WebServerOptions> {
  const ca = webCa === undefined ? {} : { ca: await authority(webCa) };
  return { ...(webServer === undefined ? {} : { server: webServer }), ...ca };
}

async function authority(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

interface RegisterOptions extends ServerOptions, RemoteOptions {
  link: [string, bigint][];
  localPath?: string;
}

export function addRemoteTables(root: Command, signal: AbortSignal): void {
  root
    .command("create-tiledb")
    .description("write a CSV file, gzipped or not, as a TileDB array, which OMERO Plus can register as a table")
    .addArgument(new Argument("<source>", "path of the CSV file"))
    .addArgument(new Argument("<target>", "path of the array to make, a folder"))
    .option("--chunk-size <rows>", "rows of each fragment", count)
    .option("--overwrite", "replace the array if it exists")
    .action(async (path: string, target: string, options: { chunkSize?: number; overwrite?: boolean }) => {
      const { createTileDB } = await import("../write/index.js");
      await withBar("writing", (onProgress) => createTileDB(path, target, { ...options, signal, onProgress }));
      print(`array ${target}; its secret token is in it`);
    });
  remoteOptions(server(root.command("register").description("register a TileDB array as a table (OMERO Plus)")))
    .addArgument(new Argument("<remote-path>", "path of the array as the server sees it"))
    .addArgument(new Argument("<name>", "name of the table"))
    .requiredOption("--link <target...>", "what to attach it to, for example Image:101", link, [])
    .option("--local-path <path>", "path of the array here, where its secret token is read; the same without it")
    .action(async (remotePath: string, tableName: string, options: RegisterOptions) => {
      const { connectToOmero } = await import("../connect/index.js");
      const { registerTable } = await import("../write/index.js");
      const { link: links, localPath = remotePath, prefix } = options;
      const web = await webServer(options);
      await using connected = await connectToOmero({ ...connection(options), signal });
      const table = { tableName, links, localPath, prefix, ...web, signal };
      print(`registered as annotation ${await registerTable(connected, remotePath, table)}`);
    });
}
