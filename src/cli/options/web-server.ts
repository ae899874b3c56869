/** The options of commands for remote tables: where the web server of OMERO Plus is. */
import type { Command } from "commander";
import type { RemoteTableOptions, WebServerOptions } from "../../write/index.js";
import { readPem } from "./connection.js";
import { duration } from "./values.js";

/** What the options of {@link withWebServer} parse to. */
export interface WebServerArguments {
  readonly prefix?: string;
  readonly webServer?: string;
  readonly webCa?: string;
  /** Milliseconds. */
  readonly webTimeout?: number;
}

/** Where the array of a remote table lies. */
export interface PlaceArguments {
  readonly localPath?: string;
  readonly remotePath?: string;
}

export function withWebServer(command: Command): Command {
  return command
    .optionsGroup("OMERO Plus:")
    .option("--prefix <path>", "path under which the web server has OMERO, for example /omero")
    .option("--web-server <address>", "host, host:port or https://host:port; that of the server without it")
    .option("--web-ca <file>", "certificate authority (PEM) of the web server, if it has one of its own")
    .option("--web-timeout <time>", "time for each of its answers (30s)", duration)
    .optionsGroup("Options:");
}

/** The options of `uploadTable`, as far as they are given. @throws FileError `CANNOT_READ_FILE` */
export function remoteTableOf(options: WebServerArguments & PlaceArguments): RemoteTableOptions {
  const { localPath, remotePath, prefix } = options;
  const web = webServerOf(options);
  return { localPath, remotePath, prefix, ...(Object.keys(web).length === 0 ? {} : { web }) };
}

/** @throws FileError `CANNOT_READ_FILE` */
export function webServerOf({ webServer, webCa, webTimeout }: WebServerArguments): WebServerOptions {
  return {
    ...(webServer === undefined ? {} : { server: webServer }),
    ...(webCa === undefined ? {} : { ca: readPem(webCa) }),
    ...(webTimeout === undefined ? {} : { timeout: webTimeout }),
  };
}
