/** A session that several processes work in: its key comes from a file of this user alone or from the environment, never from a command line. */
import { open, rm, stat } from "node:fs/promises";
import { ArgumentError, FileError } from "../errors.js";
import { readSmallFile } from "../flow/files/small-file.js";

const OTHERS = 0o077;

/**
 * How to join: the key in the file, or in `OMERO_SESSION`; nothing where there is neither.
 * @throws FileError `CANNOT_READ_FILE`; ArgumentError `INVALID_ARGUMENT` for a file that others may read, or without a key
 */
export async function sharedSession(path: string | undefined): Promise<{ sessionKey?: string }> {
  const key = path === undefined ? process.env.OMERO_SESSION : await keyOf(path);
  return key ? { sessionKey: key } : {};
}

async function keyOf(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
      throw new ArgumentError("INVALID_ARGUMENT", `Others may read ${path}, which holds a secret: chmod 600 it`);
    }
    const key = (await readSmallFile(path))?.trim();
    if (key) return key;
  } catch (cause) {
    if (cause instanceof ArgumentError) throw cause;
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
  throw new ArgumentError("INVALID_ARGUMENT", `${path} holds no session's key`, { path });
}

/** @throws FileError `CANNOT_WRITE_FILE`, also where there is one already */
export async function writeSessionFile(path: string, key: string): Promise<void> {
  try {
    await using file = await open(path, "wx", 0o600);
    await file.writeFile(`${key}\n`);
    await file.sync();
  } catch (cause) {
    throw new FileError("CANNOT_WRITE_FILE", `Cannot write ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

export async function removeSessionFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
