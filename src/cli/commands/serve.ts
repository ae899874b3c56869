import type { Command } from "commander";
import { beginCleaning } from "../../flow/process/cleaning.js";
import { portNumber } from "../options.js";
import { print } from "../output.js";
import { untilStopped } from "../until-stopped.js";

interface ServeArguments {
  port?: number;
  plain: boolean;
  tlsPort?: number;
  directory?: string;
  webPort?: number;
  arrays?: string[];
}

export function addServe(root: Command, signal: AbortSignal): void {
  root
    .command("serve")
    .description("run an OMERO.tables server on this machine until interrupted; user `user`, password `pass`")
    .option("--port <number>", "plain tcp port", portNumber)
    .option("--no-plain", "offer TLS alone, no plain tcp")
    .option("--tls-port <number>", "TLS port", portNumber)
    .option("--directory <path>", "where tables are kept; a temporary folder without it")
    .option("--web-port <number>", "port of a web server at which TileDB arrays are registered; 0 for any", portNumber)
    .option("--arrays <folder...>", "folders whose TileDB arrays may be registered")
    .action(async ({ webPort, arrays, plain, port, ...options }: ServeArguments) => {
      const { startServer } = await import("../../server/index.js");
      const endCleaning = beginCleaning();
      const web = webPort === undefined && arrays === undefined ? false : { port: webPort ?? 0, arrays: arrays ?? [] };
      await using running = await startServer({
        ...options,
        lookupTables: true,
        port: plain ? (port ?? 0) : false,
        web,
      });
      const webAt = running.web ? `, web server ${running.web.url}` : "";
      const plainAt = running.port === 0 ? "" : `, plain port ${running.port}`;
      print(`serving on ${running.host}: TLS port ${running.tlsPort}${plainAt}${webAt}`);
      await untilStopped(signal);
      endCleaning();
    });
}
