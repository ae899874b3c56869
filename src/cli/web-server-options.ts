/** The options of commands for remote tables: where the web server of OMERO Plus is. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { FileError } from "../errors.js";
import type { RemoteTableOptions, WebServerOptions } from "../write/index.js";

/** What the options of {@link withWebServer} parse to. */
export interface WebServerArguments {
  prefix?: string;
  webServer?: string;
  webCa?: string;
}

/** Where the array of a remote table lies. */
export interface PlaceArguments {
  localPath?: string;
  remotePath?: string;
}

export function withWebServer(command: Command): Command {
  return command
    .option("--prefix <path>", "path under which the web server has OMERO, for example /omero")
    .option("--web-server <address>", "host, host:port or https://host:port; that of the server without it")
    .option("--web-ca <file>", "certificate authority (PEM) of the web server, if it has one of its own");
}

/** The options of `uploadTable`, as far as they are given. */
export async function remoteTableOf(options: WebServerArguments & PlaceArguments): Promise<RemoteTableOptions> {
  const { localPath, remotePath, prefix } = options;
  const web = await webServerOf(options);
  return { localPath, remotePath, prefix, ...(Object.keys(web).length === 0 ? {} : { web }) };
}

export async function webServerOf({ webServer, webCa }: WebServerArguments): Promise<WebServerOptions> {
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
