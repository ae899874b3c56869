import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { beginCleaning } from "../../flow/process/cleaning.js";
import type { OmeroServer, ServerOptions } from "../../server/index.js";
import { certificateOf } from "../options/connection.js";
import { type JsonFlag, jsonOption } from "../options/tables.js";
import { count, duration, portNumber, positive } from "../options/values.js";
import { print, printJson, warn } from "../output.js";
import { untilStopped } from "../until-stopped.js";

/** Members of the file of `--world`. */
const WORLD = ["users", "groups", "objects", "userLimits"] as const;
type World = Pick<ServerOptions, (typeof WORLD)[number]>;

interface ServeArguments extends JsonFlag, Pick<ServerOptions, "tlsPort" | "host" | "directory"> {
  port?: number;
  plain: boolean;
  webPort?: number;
  webPrefix?: string;
  arrays?: string[];
  /** True for any free port. */
  web?: number | true;
  webPython?: string;
  world?: World;
  tlsKey?: string;
  tlsCert?: string;
  optimisticLocks: boolean;
  log: boolean;
}

export function addServe(root: Command, signal: AbortSignal): void {
  limitOptions(jsonOption(root.command("serve")))
    .description("run an OMERO server on this machine until interrupted; user `user`, password `pass`")
    .option("--port <number>", "plain tcp port", portNumber)
    .option("--no-plain", "offer TLS alone, no plain tcp")
    .option("--tls-port <number>", "TLS port", portNumber)
    .option("--tls-key <file>", "private key (PEM) of the TLS port, with --tls-cert; its own without both")
    .option("--tls-cert <file>", "certificate (PEM) of the TLS port")
    .option("--host <address>", "address to listen on (127.0.0.1)")
    .option("--directory <path>", "where tables are kept; a temporary folder without it")
    .option("--world <file>", `a JSON file of what is there at the first start: ${WORLD.join(", ")}`, readWorld)
    .option("--web-port <number>", "port of a web server at which TileDB arrays are registered; 0 for any", portNumber)
    .option("--web-prefix <path>", "path of that web server under which OMERO is")
    .option("--arrays <folder...>", "folders whose TileDB arrays may be registered")
    .option("--web [port]", "start OMERO.web in front of the server, at any free port unless one is given", portNumber)
    .addOption(
      new Option("--web-python <path>", "Python that has omero-web, for --web (python3)").env("OMERO2FRAME_WEB_PYTHON"),
    )
    .option("--log", "tell on standard error what happens", false)
    .action((options: ServeArguments) => serve(options, signal));
}

function limitOptions(command: Command): Command {
  return command
    .optionsGroup("Behaviour and limits:")
    .addOption(new Option("--tables <way>", "how tables are kept").choices(["hdf5", "memory"]))
    .option("--no-optimistic-locks", "let readers go on where others have written, as the servants of omero-py do")
    .option("--idle-timeout <time>", "after which an idle session ends (10min)", duration)
    .option("--login-timeout <time>", "in which a client must log in (1min)", duration)
    .option("--failed-login-delay <time>", "before a wrong password is refused again (3s)", duration)
    .option("--latency <time>", "to wait before each call is answered", duration)
    .option("--max-connections <number>", "connections of a port at a time (1000)", positive)
    .option("--max-sessions <number>", "sessions at a time (10000)", positive)
    .option("--message-size-max <bytes>", "largest message (64 MiB)", positive)
    .option("--request-bytes <bytes>", "large requests that are worked on at a time (1 GiB)", positive)
    .option("--memory-table-bytes <bytes>", "all tables in memory (2 GiB)", positive)
    .option("--seed <number>", "decides what is left to chance", count)
    .optionsGroup("Options:");
}

async function serve(options: ServeArguments, signal: AbortSignal): Promise<void> {
  const { json, plain, port, web, webPython, webPort, webPrefix, arrays, world, tlsKey, tlsCert, log, ...rest } =
    options;
  const tls = certificateOf({ "--tls-cert": tlsCert, "--tls-key": tlsKey });
  const { startServer } = await import("../../server/index.js");
  const inFront = web === undefined ? undefined : await import("../../server/web/omero-web.js");
  await inFront?.checkOmeroWeb(webPython);
  const endCleaning = beginCleaning();
  await using running = await startServer({
    ...rest,
    ...world,
    ...(tls ? { tls } : {}),
    ...(log ? { log: ({ level, message }) => warn(`${level}: ${message}`) } : {}),
    lookupTables: true,
    port: plain ? (port ?? 0) : false,
    web: webPort === undefined && arrays === undefined ? false : { ...webOf(webPort, webPrefix), arrays: arrays ?? [] },
  });
  const { host, tlsPort } = running;
  const at = typeof web === "number" && web > 0 ? web : undefined;
  await using omeroWeb = await inFront?.startOmeroWeb({ host, tlsPort, python: webPython, port: at, signal });
  tell(running, json, omeroWeb?.url);
  await untilStopped(signal, omeroWeb?.ended);
  endCleaning();
}

function webOf(port = 0, prefix: string | undefined) {
  return { port, ...(prefix === undefined ? {} : { prefix }) };
}

function tell({ host, port, tlsPort, directory, web }: OmeroServer, json: boolean, omeroWeb: string | undefined): void {
  if (json) {
    printJson({ host, tlsPort, port: port || undefined, web: web?.url, omeroWeb, directory });
    return;
  }
  const parts = [
    `TLS port ${tlsPort}`,
    ...(port === 0 ? [] : [`plain port ${port}`]),
    ...(web ? [`web server ${web.url}`] : []),
    ...(omeroWeb ? [`OMERO.web ${omeroWeb}/webclient/`] : []),
  ];
  print(`serving on ${host}: ${parts.join(", ")}`);
}

/** @throws InvalidArgumentError for a file that is no such one */
function readWorld(path: string): World {
  let world: unknown;
  try {
    world = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new InvalidArgumentError(`it cannot be read: ${(cause as Error).message}`);
  }
  const known: readonly string[] = WORLD;
  const other = Object.keys(world as object).find((name) => !known.includes(name));
  if (other === undefined) return world as World;
  throw new InvalidArgumentError(`"${other}" is not among ${WORLD.join(", ")}`);
}
