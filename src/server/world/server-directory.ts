/** The directory of a server: its own while it runs, so that no other server writes in it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError } from "../../errors.js";

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
    const temporary = await mkdtemp(join(tmpdir(), "omero2frame-server-"));
    return { path: temporary, release: () => rm(temporary, { recursive: true, force: true }) };
  }
  await mkdir(path, { recursive: true, mode: 0o700 });
  const lock = join(path, "server.lock");
  await claimLock(lock, path);
  return { path, release: () => rm(lock, { force: true }) };
}

async function claimLock(lock: string, path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
    if (isRunning(owner)) {
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
