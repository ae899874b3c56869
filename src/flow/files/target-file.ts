/** A file that appears whole or not at all: written beside its target under another name, and renamed at the end. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, link, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ArgumentError, FileError } from "../../errors.js";
import { clearUp, ifPossible } from "../failures.js";
import type { OptionNames } from "../options.js";
import { WriteBehind } from "../write-behind.js";
import { writeAll } from "./write-all.js";

export interface TargetFileOptions {
  /** Replace a file of that name; default: its presence is an error. */
  readonly overwrite?: boolean | undefined;
}

/** The names of {@link TargetFileOptions}, to be spread into those of functions that take them. */
export const TARGET_FILE_OPTIONS: OptionNames<TargetFileOptions> = { overwrite: true };

/** What `link` fails with where a file system has no links. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

export class TargetFile {
  readonly #path: string;
  readonly #partPath: string;
  readonly #overwrite: boolean;
  #file: FileHandle | undefined;
  readonly #writes = new WriteBehind();

  private constructor(path: string, overwrite: boolean) {
    this.#path = path;
    this.#partPath = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
    this.#overwrite = overwrite;
  }

  /**
   * Prepares to write `path`. Nothing of that name is touched before {@link commit}.
   * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`
   * @throws FileError `CANNOT_WRITE_FILE` when its directory is missing or closed to this user, or it is a directory.
   */
  static async open(path: string, options: TargetFileOptions = {}): Promise<TargetFile> {
    const overwrite = options.overwrite ?? false;
    const target = new TargetFile(await finalPath(path, overwrite), overwrite);
    await target.#attempt(async () => {
      target.#file = await open(target.#partPath, "wx");
    });
    return target;
  }

  /** Appends bytes; they must stay as they are until the promise of the next call, or of {@link commit}, resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#writes.next(() => this.#attempt(() => writeAll(this.#file!, bytes, null)));
  }

  /** Waits until all is on disk and gives the file its name. */
  async commit(): Promise<void> {
    await this.#writes.done();
    await this.#attempt(async () => {
      await this.#file!.sync();
      await this.#file!.close();
      this.#file = undefined;
      await giveName(this.#partPath, this.#path, this.#overwrite);
    });
  }

  /** Removes what was written, unless it was committed. Never throws; safe to call at any time. */
  async discard(): Promise<void> {
    await clearUp(
      () => this.#writes.settled(),
      () => this.#file?.close(),
      () => rm(this.#partPath, { force: true }),
    );
    this.#file = undefined;
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      throw cause instanceof ArgumentError ? cause : cannotWrite(this.#path, cause);
    }
  }
}

/**
 * Gives a finished file its name. A link, unlike a rename, fails where a file of the name appeared meanwhile.
 * @throws ArgumentError `FILE_EXISTS`, and the system's errors
 */
export async function giveName(partPath: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(partPath, path);
  try {
    await link(partPath, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw fileExists(path);
    if (!NO_LINKS.has(codeOf(error))) throw error;
    await refuseExisting(path);
    return rename(partPath, path);
  }
  await rm(partPath);
}

/**
 * The path at which a file is to appear.
 * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE` for a directory
 */
export async function finalPath(path: string, overwrite: boolean): Promise<string> {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError("INVALID_ARGUMENT", "Say where to write: the path of a file");
  }
  const absolute = resolve(path);
  if (!overwrite) {
    await refuseExisting(absolute);
    return absolute;
  }
  // What a link points to is replaced, not the link.
  const real = (await ifPossible(realpath(absolute))) ?? absolute;
  const stats = await ifPossible(lstat(real));
  if (stats?.isDirectory()) throw cannotWrite(absolute, new Error("it is a directory"));
  return real;
}

/** @throws ArgumentError `FILE_EXISTS` */
async function refuseExisting(path: string): Promise<void> {
  const stats = await ifPossible(lstat(path));
  if (stats) throw fileExists(path);
}

export function fileExists(path: string): ArgumentError {
  const message = `${path} exists already; remove it, give another path, or set overwrite to replace it`;
  return new ArgumentError("FILE_EXISTS", message, { path });
}

export function cannotWrite(path: string, cause: unknown): FileError {
  const isMissing = codeOf(cause) === "ENOENT" && !existsSync(dirname(path));
  const reason = isMissing ? `the directory ${dirname(path)} does not exist` : (cause as Error).message;
  return new FileError("CANNOT_WRITE_FILE", `Cannot write ${path}: ${reason}`, { path, cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
