/** The directory of a server: its own while it runs, so that no other server writes in it. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";

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
  const lock = join(await realpath(path), "server.lock");
  await claimLock(lock, path);
  const release = async () => {
    await rm(lock, { force: true });
    claimed.delete(lock);
  };
  return { path, release };
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

/** Goes with the process too, if that ends before the server does. */
async function temporaryDirectory(): Promise<ServerDirectory> {
  const path = await mkdtemp(join(tmpdir(), "omero2frame-server-"));
  if (temporary.size === 0) process.on("exit", removeAllNow);
  temporary.add(path);
  const release = async () => {
    await rm(path, { recursive: true, force: true });
    if (temporary.delete(path) && temporary.size === 0) process.off("exit", removeAllNow);
  };
  return { path, release };
}

const temporary = new Set<string>();

function removeAllNow(): void {
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
}

/** Directories that servers of this process use. */
const claimed = new Set<string>();

async function claimLock(lock: string, path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      claimed.add(lock);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number((await ifPossible(readFile(lock, "utf8"))) ?? 0);
    // A process that has this one's id and is not this one has ended: where each container counts from 1, for example.
    if (owner === process.pid ? claimed.has(lock) : isRunning(owner)) {
      throw new ArgumentError(
        "INVALID_ARGUMENT",
        `a server (process ${owner}) uses ${path}; choose another directory`,
        {
          path,
        },
      );
    }
    // Left behind by a server that was killed.
    await rm(lock, { force: true });
  }
  throw new ArgumentError("INVALID_ARGUMENT", `another server has just taken ${path}`, { path });
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
