/**
 * Sessions that `omero login` has stored, read here. The layout is that of omero-py
 * (`omero/util/sessions.py`): `<directory>/<host>/<user>/<uuid>` holds `key=value` lines, and the dot files
 * `._LASTHOST_`, `<host>/._LASTUSER_` and `<host>/<user>/._LASTSESS_` name what was used last. The host is
 * percent-encoded.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ifPossible } from "../../flow/failures.js";
import { readSmallFile } from "../../flow/files/small-file.js";
import { Secret } from "../../flow/secret.js";
import { parsePort, parseServerAddress, type ServerAddress, sameServer } from "../server-address.js";

/** Which stored session will do; anything left out may be anything. */
export interface SessionQuery {
  readonly server?: ServerAddress | undefined;
  readonly username?: string | undefined;
  /** Name or id as given to `omero login -g`. */
  readonly group?: string | undefined;
}

export interface StoredSession {
  readonly address: ServerAddress;
  readonly username: string;
  readonly sessionKey: Secret;
  /** Group the session was opened in, if `omero login` was given one. */
  readonly group: string | undefined;
}

export interface StoredSessions {
  /** Best first: the session used last, then the others by age, youngest first. */
  readonly sessions: readonly StoredSession[];
  /** Why there are none, or which files were passed over; for the error that lists what was looked at. */
  readonly remarks: readonly string[];
}

/** The directory of `omero login`: `OMERO_SESSIONDIR`, `OMERO_USERDIR/sessions` or `~/omero/sessions`. */
export function sessionsDirectory(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform,
): string {
  if (env.OMERO_SESSIONDIR) return env.OMERO_SESSIONDIR;
  if (env.OMERO_USERDIR) return join(env.OMERO_USERDIR, "sessions");
  return join((platform === "win32" && env.APPDATA) || home, "omero", "sessions");
}

/**
 * The stored sessions that fit a query. As with `omero login`, the port must be the same (4064 if none is stored) and
 * so must the group; without a group in the query, the session used last fits whatever its group, others only if they
 * were opened in the user's default group.
 */
export async function findStoredSessions(directory: string, query: SessionQuery): Promise<StoredSessions> {
  const remarks: string[] = [];
  const hosts = await hostDirectories(directory, query.server);
  if (hosts.length === 0) remarks.push(`none in ${directory}${query.server ? " for this server" : ""}`);
  const sessions: StoredSession[] = [];
  for (const host of hosts) {
    const username = query.username ?? (await readName(join(directory, host, "._LASTUSER_")));
    if (username === undefined) {
      remarks.push(`${join(directory, host)} does not say who logged in last`);
    } else if (!isFileName(username)) {
      remarks.push(`${join(directory, host)} cannot hold the sessions of this user name`);
    } else {
      sessions.push(...(await userSessions(join(directory, host, username), host, query, remarks)));
    }
  }
  return { sessions, remarks };
}

/** Directories of the hosts to look under: that of the host used last or, when a server is asked for, those of its name. */
async function hostDirectories(directory: string, server: ServerAddress | undefined): Promise<string[]> {
  if (server === undefined) {
    const last = await readName(join(directory, "._LASTHOST_"));
    return last === undefined ? [] : [encodeHost(last)];
  }
  const names = await visibleNames(directory);
  return names.filter((name) => hostAddress(name, server.port)?.host.toLowerCase() === server.host.toLowerCase());
}

async function userSessions(
  directory: string,
  host: string,
  query: SessionQuery,
  remarks: string[],
): Promise<StoredSession[]> {
  const last = await readName(join(directory, "._LASTSESS_"));
  const names = await listYoungestFirst(directory);
  if (names.length === 0) remarks.push(`none in ${directory}`);
  const sessions: StoredSession[] = [];
  for (const name of [...names.filter((name) => name === last), ...names.filter((name) => name !== last)]) {
    const session = await readSession(join(directory, name), name, host);
    const fault = typeof session === "string" ? session : whyUnfit(session, query, name === last);
    if (typeof session !== "string" && fault === undefined) sessions.push(session);
    // A file is named after its session key, which stays out of the remark.
    else remarks.push(`a session in ${directory} ${fault}`);
  }
  return sessions;
}

/** The session in a file, or what is wrong with the file. */
export async function readSession(path: string, name: string, host: string): Promise<StoredSession | string> {
  const text = await readIfSmall(path);
  if (text === undefined) return "cannot be read";
  const properties = parseProperties(text);
  const key = properties.get("omero.sess") ?? name;
  if (key !== name || /\s/.test(key)) return "is malformed: its key is not its file's name";
  const username = properties.get("omero.user");
  if (!username) return "is malformed: it has no omero.user";
  const address = hostAddress(host, properties.get("omero.port"));
  if (address === undefined) return "is malformed: its host or port is no address";
  return { address, username, sessionKey: new Secret(key), group: properties.get("omero.group") || undefined };
}

function whyUnfit(session: StoredSession, query: SessionQuery, usedLast: boolean): string | undefined {
  if (query.server && !sameServer(session.address, query.server)) return `is for port ${session.address.port}`;
  if (query.group === undefined ? usedLast : session.group === query.group) return undefined;
  return session.group === query.group
    ? undefined
    : `is in ${session.group ? `group ${session.group}` : "no given group"}`;
}

/** Lines `key=value`; a line without `=` is a key with an empty value. */
function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf("=");
    if (line !== "")
      properties.set(equals < 0 ? line : line.slice(0, equals), equals < 0 ? "" : line.slice(equals + 1));
  }
  return properties;
}

/** The address a host directory stands for; undefined if its name is none. */
function hostAddress(directoryName: string, port: string | number | undefined): ServerAddress | undefined {
  try {
    const host = decodeURIComponent(directoryName);
    return parseServerAddress(host, { port: port === undefined || port === "" ? undefined : parsePort(port) });
  } catch {
    return undefined;
  }
}

/** Percent-encoding with no safe characters but letters, digits and `_.-~`, as Python's `quote(host, safe="")`. */
export function encodeHost(host: string): string {
  return encodeURIComponent(host).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function isFileName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);
}

async function readName(path: string): Promise<string | undefined> {
  return (await readIfSmall(path))?.trim() || undefined;
}

/** Undefined where it cannot be read. */
function readIfSmall(path: string): Promise<string | undefined> {
  return ifPossible(readSmallFile(path));
}

/** Names in a directory that do not begin with a dot; none if it cannot be read. */
export async function visibleNames(directory: string): Promise<string[]> {
  const names = (await ifPossible(readdir(directory))) ?? [];
  return names.filter((name) => !name.startsWith("."));
}

export async function listYoungestFirst(directory: string): Promise<string[]> {
  const names = await visibleNames(directory);
  const times = await Promise.all(
    names.map(async (name) => (await ifPossible(stat(join(directory, name))))?.mtimeMs ?? 0),
  );
  return names
    .map((name, index) => ({ name, time: times[index]! }))
    .sort((one, other) => other.time - one.time)
    .map((entry) => entry.name);
}
