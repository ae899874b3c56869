/** Options of all commands that speak to a server: which one, who logs in, and how long to wait. */
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { ConnectOptions } from "../../connect/index.js";
import { FileError, invalidArgument } from "../../errors.js";
import { duration, portNumber } from "./values.js";

/** What the options of {@link withServer} parse to. */
export interface ServerFlags {
  server?: string;
  port?: number;
  user?: string;
  sessionKey?: string;
  group?: string;
  verify?: boolean;
  profile?: string;
  tls?: "encrypt" | "verify" | "off";
  ca?: string;
  fingerprint?: string;
  allowToken?: boolean;
  interactive?: boolean;
  /** Milliseconds, as all that follow. */
  keepAlive?: number;
  connectTimeout?: number;
  reconnectTimeout?: number;
  stallTimeout?: number;
  timeout?: number;
  agent?: string;
}

/** Heading under which help lists these options. */
export const CONNECTION_GROUP = "Connection:";

const connectionOptions = (): Option[] => [
  new Option("-s, --server <address>", "host, host:port, tcp://host:port or wss://host/path"),
  new Option("-p, --port <number>", "port (4064)").argParser(portNumber),
  new Option("-u, --user <name>", "user name"),
  new Option("-k, --session-key <key>", "join this session; OMERO_SESSION_KEY and the next option keep its key to you"),
  new Option("--session-key-file <path>", "join the session whose key this file holds").conflicts("sessionKey"),
  new Option("-g, --group <group>", "name or id of the group to work in"),
  new Option("--profile <name>", "server, user and group of this name in your configuration file"),
  new Option("--verify", "accept only servers whose certificate can be verified"),
  new Option("--tls <mode>", "what encryption is to prove; off is plain tcp")
    .choices(["encrypt", "verify", "off"])
    .conflicts("verify"),
  new Option("--ca <file>", "certificate authority (PEM) that the server's certificate must come from").conflicts(
    "tls",
  ),
  new Option("--fingerprint <sha256>", "fingerprint that the server's certificate must have").conflicts(["tls", "ca"]),
  new Option("--no-allow-token", "do not look for the token of omero-user-token"),
  new Option("--no-interactive", "ask nothing on the terminal"),
  new Option("--keep-alive <time>", "time between signs of life (60s), 0 for none").argParser(duration),
  new Option("--connect-timeout <time>", "time to connect, and again to log in (10s)").argParser(duration),
  new Option("--reconnect-timeout <time>", "how long a lost connection is tried for (3min)").argParser(duration),
  new Option("--stall-timeout <time>", "silence after which the connection counts as lost (1min)").argParser(duration),
  new Option("--timeout <time>", "time for each call; any time without it").argParser(duration),
  new Option("--agent <name>", "what the server's list of sessions shows as the client (omero2frame)"),
];

/** Adds the options by which a server is reached. */
export function withServer(command: Command): Command {
  for (const option of connectionOptions()) command.addOption(option.helpGroup(CONNECTION_GROUP));
  return command;
}

/** The options of `connectToOmero` that they stand for. @throws FileError `CANNOT_READ_FILE` */
export function connectionOf(flags: ServerFlags): ConnectOptions {
  const { server, port, user: username, sessionKey, group, agent } = flags;
  const { connectTimeout, reconnectTimeout, stallTimeout, timeout, keepAlive } = flags;
  return {
    server,
    port,
    username,
    sessionKey,
    group: group === undefined || !/^-?\d+$/.test(group) ? group : BigInt(group),
    ...tlsOf(flags),
    ...(flags.allowToken === false ? { allowToken: false } : {}),
    ...(flags.interactive === false ? { interactive: false } : {}),
    ...(keepAlive === undefined ? {} : { keepAlive: keepAlive / 1000 }),
    connectTimeout,
    reconnectTimeout,
    stallTimeout,
    timeout,
    agent,
  };
}

function tlsOf({ verify, tls, ca, fingerprint }: ServerFlags): Pick<ConnectOptions, "tls"> {
  if (ca !== undefined) return { tls: { ca: readPem(ca) } };
  if (fingerprint !== undefined) return { tls: { fingerprint } };
  if (verify) return { tls: "verify" };
  return tls === undefined ? {} : { tls: tls === "off" ? false : tls };
}

/** Text of a file of certificates or keys. @throws FileError `CANNOT_READ_FILE` */
export function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

/**
 * PEM of the certificate and the private key that options name, in this order; undefined where neither is given.
 * @throws ArgumentError `INVALID_ARGUMENT` for one alone; FileError `CANNOT_READ_FILE`
 */
export function certificateOf(files: Readonly<Record<string, string | undefined>>) {
  const [cert, key] = Object.values(files);
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw invalidArgument(`Give ${Object.keys(files).join(" and ")} together`);
  }
  return { cert: readPem(cert), key: readPem(key) };
}
