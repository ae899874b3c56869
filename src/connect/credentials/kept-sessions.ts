/** Sessions put where `omero login` keeps them, so that it and other programs of this user join them; and taken away. */
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "../../errors.js";
import { openTargetFile } from "../../flow/files/target-file.js";
import type { ServerAddress } from "../server-address.js";
import {
  encodeHost,
  isFileName,
  listYoungestFirst,
  readSession,
  type StoredSession,
  visibleNames,
} from "./session-store.js";

const OWNER_ONLY = 0o700;

/** A session to keep. @param key whoever has it can join */
export interface KeptSession {
  readonly address: ServerAddress;
  readonly username: string;
  readonly key: string;
  /** Name of the group that was asked for. */
  readonly group: string | undefined;
}

/**
 * Keeps a session, and makes it the one used last.
 * @throws FileError `CANNOT_WRITE_FILE`, also for a user name that no file can have
 */
export async function keepSession(directory: string, session: KeptSession): Promise<void> {
  const { address, username, key, group } = session;
  if (!isFileName(username))
    throw new FileError("CANNOT_WRITE_FILE", `No folder can be named ${username}, as this user`, { path: directory });
  const host = hostName(address);
  const ofUser = userFolder(directory, address, username);
  const lines = {
    "omero.host": host,
    "omero.user": username,
    "omero.sess": key,
    "omero.port": String(address.port),
    "omero.group": group,
  };
  const text = Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}\n`);
  try {
    await mkdir(ofUser, { recursive: true, mode: OWNER_ONLY });
    for (const folder of [directory, join(directory, encodeHost(host)), ofUser]) await chmod(folder, OWNER_ONLY);
    await writeWhole(join(ofUser, key), text.join(""));
    await writeWhole(join(ofUser, "._LASTSESS_"), key);
    await writeWhole(join(directory, encodeHost(host), "._LASTUSER_"), username);
    await writeWhole(join(directory, "._LASTHOST_"), host);
    await writeWhole(join(directory, "._LASTPORT_"), String(address.port));
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError("CANNOT_WRITE_FILE", `Cannot keep the session in ${directory}: ${(cause as Error).message}`, {
      path: directory,
      cause,
    });
  }
}

/** All sessions that are kept, whoever made them, host by host; those of damaged files are left out. */
export async function keptSessions(directory: string): Promise<StoredSession[]> {
  const found: StoredSession[] = [];
  for (const host of await visibleNames(directory)) {
    for (const user of await visibleNames(join(directory, host))) {
      const folder = join(directory, host, user);
      for (const name of await listYoungestFirst(folder)) {
        const session = await readSession(join(folder, name), name, host);
        if (typeof session !== "string") found.push(session);
      }
    }
  }
  return found;
}

/** Forgets a session. */
export async function forgetSession(
  directory: string,
  { address, username, sessionKey }: StoredSession,
): Promise<void> {
  await rm(join(userFolder(directory, address, username), sessionKey.reveal()), { force: true });
}

function userFolder(directory: string, address: ServerAddress, username: string): string {
  return join(directory, encodeHost(hostName(address)), username);
}

/** As `omero login` names a host: without its protocol where that is the usual one. */
function hostName({ protocol, host, path }: ServerAddress): string {
  return protocol === "ssl" ? host : `${protocol}://${host}${path === "/" ? "" : path}`;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const target = await openTargetFile(path, { overwrite: true });
  try {
    await target.write(new TextEncoder().encode(text));
    await target.commit();
  } finally {
    await target.discard();
  }
  await chmod(path, 0o600);
}
