/** The lock on a server's directory: the system's own on a file in it, which ends with the process that holds it. */
import { constants, readFileSync } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { tryLock } from "fs-native-extensions";
import { ArgumentError } from "../../../errors.js";
import { ifPossible } from "../../../flow/failures.js";

const NAME = "server.lock";
/** Where the lock lies: behind all text, which others can read while it is held. */
const LOCKED_BYTE = 2 ** 30;
/** Times that the file may be removed between its being opened and locked. */
const ATTEMPTS = 100;

/** Who holds a lock. */
interface Holder {
  readonly process: number;
  readonly host: string;
  /** Of the running system; machines and, of one machine, starts differ in it, containers do not. */
  readonly boot: string;
}

export class DirectoryLock {
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Locks a directory.
   * @throws ArgumentError `INVALID_ARGUMENT` if a running server uses it, or one of another machine may.
   */
  static async take(directory: string): Promise<DirectoryLock> {
    const path = join(directory, NAME);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const file = await openLocked(path);
      if (!file) throw inUse(directory, await holderIn(path));
      const lock = new DirectoryLock(path, file);
      try {
        if (await lock.#begin(directory)) return lock;
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
    }
    throw inUse(directory, undefined);
  }

  /** Locks a new directory: it is never seen with a lock that nobody holds. */
  static async takeNew(directory: string): Promise<DirectoryLock> {
    const path = join(directory, NAME);
    const file = await openLocked(`${path}.part`);
    const lock = new DirectoryLock(path, file!);
    await lock.#sign();
    await rename(`${path}.part`, path);
    return lock;
  }

  /** The lock of a directory whose server was killed; undefined if one runs there, or none ever has. */
  static async takeLeft(directory: string): Promise<DirectoryLock | undefined> {
    const path = join(directory, NAME);
    const file = await ifPossible(openLocked(path, constants.O_RDWR));
    return file && new DirectoryLock(path, file);
  }

  /** False if the file is no longer the one at its path: its holder has just released it. */
  async #begin(directory: string): Promise<boolean> {
    const [held, there] = await Promise.all([this.#file.stat(), ifPossible(stat(this.#path))]);
    if (held.ino !== there?.ino) return false;
    const left = parseHolder(await this.#file.readFile("utf8"));
    if (left && isElsewhere(left)) throw leftElsewhere(directory, left);
    await this.#sign();
    return true;
  }

  async #sign(): Promise<void> {
    const holder: Holder = { process: process.pid, host: hostname(), boot: bootId() };
    await this.#file.truncate(0);
    await this.#file.write(JSON.stringify(holder), 0);
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
    await this.#file.close();
  }
}

/** Undefined if another holds the lock. */
async function openLocked(path: string, flags = constants.O_RDWR | constants.O_CREAT): Promise<FileHandle | undefined> {
  const file = await open(path, flags, 0o600);
  try {
    if (tryLock(file.fd, LOCKED_BYTE, 1)) {
      await file.chmod(0o600);
      return file;
    }
  } catch (cause) {
    await file.close();
    const advice = "choose a directory on a disk whose files can be locked";
    throw new ArgumentError("INVALID_ARGUMENT", `${path} cannot be locked: ${(cause as Error).message}; ${advice}`, {
      path,
      cause,
    });
  }
  await file.close();
  return undefined;
}

async function holderIn(path: string): Promise<Holder | undefined> {
  try {
    const file = await open(path, "r");
    try {
      return parseHolder(await file.readFile("utf8"));
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** Undefined for what older servers wrote, whose locks ended with them. */
function parseHolder(text: string): Holder | undefined {
  try {
    const { process, host, boot } = JSON.parse(text) as Holder;
    return host === undefined ? undefined : { process, host, boot };
  } catch {
    return undefined;
  }
}

/** Whether a lock that this machine does not know of may still be held on the holder's. */
function isElsewhere({ host, boot }: Holder): boolean {
  return host !== hostname() && boot !== bootId();
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function inUse(path: string, holder: Holder | undefined): ArgumentError {
  const who = holder ? ` (process ${holder.process} on ${holder.host})` : "";
  return new ArgumentError("INVALID_ARGUMENT", `a server${who} uses ${path}; choose another directory`, { path });
}

function leftElsewhere(path: string, { process, host }: Holder): ArgumentError {
  const found = `${path} was last used by a server on another machine (process ${process} on ${host}) that did not end`;
  const advice = `make sure that it no longer runs, then remove ${join(path, NAME)}`;
  return new ArgumentError("INVALID_ARGUMENT", `${found}; ${advice}`, { path });
}
