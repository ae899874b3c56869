/** A folder that appears whole or not at all: written beside its target under another name, and renamed at the end. */

import { chmod, lstat, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ArgumentError, FileError, OmeroError } from "../../errors.js";
import { clearUp, ifPossible } from "../failures.js";
import { beginCleaning } from "../process/cleaning.js";
import type { OnWarning } from "../warnings.js";
import { asidePathOf, leftFolders } from "./left-folders.js";
import { syncFolder } from "./sync-folder.js";
import { fileExists, partPathOf } from "./target-file.js";
import { STANDARD_OUTPUT } from "./written-through.js";

/** What a folder is that may be replaced, and the name in it by which it is known. */
export interface FolderKind {
  readonly name: string;
  readonly mark: string;
}

export class TargetFolder {
  /** Where the folder will be. */
  readonly path: string;
  /** Where it is written meanwhile. */
  readonly partPath: string;
  readonly #overwrite: boolean;
  readonly #kind: FolderKind;

  private constructor(path: string, overwrite: boolean, kind: FolderKind) {
    this.path = path;
    this.partPath = partPathOf(path);
    this.#overwrite = overwrite;
    this.#kind = kind;
  }

  /**
   * Checks what is at `path`, without touching it. Warns of what earlier writes have left beside it.
   * @throws ArgumentError `INVALID_ARGUMENT`; `FILE_EXISTS` unless there is nothing, or one of the kind and `overwrite`.
   */
  static async open(path: string, kind: FolderKind, overwrite: boolean, onWarning?: OnWarning): Promise<TargetFolder> {
    if (typeof path !== "string" || path === "") {
      throw new ArgumentError("INVALID_ARGUMENT", `Say where to write: the path of the ${kind.name}, a new folder`);
    }
    if (path === STANDARD_OUTPUT) {
      throw new ArgumentError("INVALID_ARGUMENT", `A ${kind.name} is a folder and cannot go to standard output`);
    }
    const absolute = resolve(path);
    // What a link points to is replaced, not the link.
    const real = (overwrite && (await ifPossible(realpath(absolute)))) || absolute;
    await refuseExisting(real, overwrite, kind);
    if (onWarning) await warnOfLeft(real, onWarning);
    return new TargetFolder(real, overwrite, kind);
  }

  /**
   * Writes into the folder at {@link partPath}, and gives it its name. After a failure nothing is left of it, and what
   * was at {@link path} is there still.
   * @throws what `fill` throws; ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE`
   */
  async write<T>(fill: (folder: string) => Promise<T>): Promise<T> {
    const endCleaning = beginCleaning();
    try {
      await makeFolder(this.partPath);
      const result = await fill(this.partPath);
      await syncAll(this.partPath);
      await this.#commit();
      await syncFolder(dirname(this.path));
      return result;
    } catch (error) {
      await clearUp(() => rm(this.partPath, { recursive: true, force: true }));
      throw this.#failure(error);
    } finally {
      endCleaning();
    }
  }

  /** A folder that is replaced is set aside first and removed last; between the two there is none. */
  async #commit(): Promise<void> {
    await refuseExisting(this.path, this.#overwrite, this.#kind);
    await chmod(this.partPath, await modeOf(this.path));
    const replaced = this.#overwrite ? await this.#setAside() : undefined;
    try {
      await rename(this.partPath, this.path);
    } catch (error) {
      if (replaced !== undefined) await rename(replaced, this.path);
      throw error;
    }
    if (replaced !== undefined) await clearUp(() => rm(replaced, { recursive: true, force: true }));
  }

  /** Gives the old folder another name; undefined where there is none. */
  async #setAside(): Promise<string | undefined> {
    const aside = asidePathOf(this.partPath);
    try {
      await rename(this.path, aside);
      return aside;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #failure(cause: unknown): unknown {
    if (cause instanceof OmeroError || (cause as NodeJS.ErrnoException).syscall === undefined) return cause;
    const message = `Cannot write ${this.path}: ${(cause as Error).message}`;
    return new FileError("CANNOT_WRITE_FILE", message, { path: this.path, cause });
  }
}

/** Of a folder that is not whole: nobody else looks into it. */
const PART_MODE = 0o700;
/** What the user's mask is taken from, as for any new folder. */
const NEW_FOLDER_MODE = 0o777;
const PERMISSIONS = 0o7777;

/** Of the folder that is replaced, or of a new folder. */
async function modeOf(path: string): Promise<number> {
  const found = await ifPossible(stat(path));
  return found === undefined ? NEW_FOLDER_MODE & ~process.umask() : found.mode & PERMISSIONS;
}

/** With the folders above it. A recursive call alone would report a read-only disk as a folder that does not exist. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, PART_MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, PART_MODE);
  }
}

/** Files that are synchronized at a time: the threads the runtime has for that. */
const SYNCS_AT_ONCE = 4;

/** Returns when all of a folder is on the disk, whatever happens to the machine. */
async function syncAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const next = entries.values();
  const syncRemaining = async () => {
    for (const entry of next) await (entry.isFile() ? syncFile : syncFolder)(join(entry.parentPath, entry.name));
  };
  await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncRemaining));
  await syncFolder(folder);
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.datasync();
}

async function warnOfLeft(path: string, onWarning: OnWarning): Promise<void> {
  const { parts, replaced } = await leftFolders(path);
  for (const part of parts) {
    onWarning(
      `${part} is left of a write to ${path} that was ended; remove it, unless another process is writing it now`,
    );
  }
  for (const aside of replaced) {
    onWarning(`${aside} is what stood at ${path} before a write that was ended; rename or remove it`);
  }
}

async function refuseExisting(path: string, overwrite: boolean, { name, mark }: FolderKind): Promise<void> {
  const found = await ifPossible(lstat(path));
  if (!found) return;
  if (!overwrite) throw fileExists(path);
  if ((await ifPossible(stat(join(path, mark)))) !== undefined) return;
  const message = `${path} is no ${name}, so it is not replaced; remove it, or give another path`;
  throw new ArgumentError("FILE_EXISTS", message, { path });
}
