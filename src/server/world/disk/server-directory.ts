/** The directory of a server: its own while it runs, so that no other server writes in it. */
import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearUp } from "../../../flow/failures.js";
import { DirectoryLock } from "./directory-lock.js";

export interface ServerDirectory {
  readonly path: string;
  /** Gives it back; removes it if it was temporary. */
  release(): Promise<void>;
}

/**
 * The directory asked for, or a temporary one.
 * @throws ArgumentError `INVALID_ARGUMENT` if a running server uses it.
 */
export async function claimDirectory(path: string | undefined): Promise<ServerDirectory> {
  if (path === undefined) {
    return temporaryDirectory();
  }
  await makeDirectory(path);
  const lock = await DirectoryLock.take(path);
  await keepPrivate(path);
  return { path, release: () => lock.release() };
}

/** A directory that was there before may be open to all. */
async function keepPrivate(path: string): Promise<void> {
  await chmod(path, 0o700).catch((error: NodeJS.ErrnoException) => {
    // It may be another's that this user may write in.
    if (error.code !== "EPERM") throw error;
  });
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // A read-only file system is what keeps the parent from being made; asked for one directory, the system says so.
    await mkdir(path, { mode: 0o700 });
  }
}

const PREFIX = "omero2frame-server-";

/** Goes with the process too, if that ends before the server does; if it is killed, with the next that starts. */
async function temporaryDirectory(): Promise<ServerDirectory> {
  await removeLeft();
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  const lock = await DirectoryLock.takeNew(path);
  if (temporary.size === 0) process.on("exit", removeAllNow);
  temporary.add(path);
  const release = async () => {
    await rm(path, { recursive: true, force: true });
    await lock.release();
    if (temporary.delete(path) && temporary.size === 0) process.off("exit", removeAllNow);
  };
  return { path, release };
}

/** Removes the temporary directories of servers that were killed. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(tmpdir(), name);
    const lock = await DirectoryLock.takeLeft(path);
    if (!lock) continue;
    // Another user's is not ours to remove.
    await clearUp(
      () => rm(path, { recursive: true, force: true }),
      () => lock.release(),
    );
  }
}

const temporary = new Set<string>();

function removeAllNow(): void {
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
}
