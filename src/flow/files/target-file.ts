/** A file that appears whole or not at all: written beside its target under another name, and renamed at the end. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, type FileHandle, link, lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ArgumentError, FileError } from "../../errors.js";
import { clearUp, ifPossible } from "../failures.js";
import type { OptionNames } from "../options.js";
import { beginCleaning } from "../process/cleaning.js";
import { WriteBehind } from "../write-behind.js";
import { writeAll } from "./write-all.js";
import { type ByteStream, isWrittenThrough, openWrittenThrough } from "./written-through.js";

export interface TargetFileOptions {
  /** Replace a file of that name; default: its presence is an error. What is no regular file is written to in any case. */
  readonly overwrite?: boolean | undefined;
}

/** The names of {@link TargetFileOptions}, to be spread into those of functions that take them. */
export const TARGET_FILE_OPTIONS: OptionNames<TargetFileOptions> = { overwrite: true };
/** Of a file that is not whole: nobody else reads it. */
export const PART_MODE = 0o600;
/** What the user's mask is taken from, as for any new file. */
const NEW_FILE_MODE = 0o666;
const PERMISSIONS = 0o7777;

/** What `link` fails with where a file system has no links. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Where bytes go; whole or not at all, but for standard output, pipes and devices, which take them as they come. */
export interface TargetFile {
  /** Appends bytes; they must stay as they are until the promise of the next call, or of {@link commit}, resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** Waits until all is on disk and gives the file its name. */
  commit(): Promise<void>;
  /** Removes what was written, unless it was committed. Never throws; safe to call at any time. */
  discard(): Promise<void>;
}

/**
 * Prepares to write `path`, where `-` is standard output. Nothing of that name is touched before {@link TargetFile.commit}.
 * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`
 * @throws FileError `CANNOT_WRITE_FILE` when its directory is missing or closed to this user, or it is a directory.
 */
export async function openTargetFile(path: string, { overwrite = false }: TargetFileOptions = {}): Promise<TargetFile> {
  const final = await finalPath(path, overwrite);
  if (await isWrittenThrough(final)) return ThroughTarget.open(final);
  return AtomicTarget.open(final, overwrite);
}

class ThroughTarget implements TargetFile {
  readonly #path: string;
  readonly #stream: ByteStream;
  readonly #writes = new WriteBehind();

  private constructor(path: string, stream: ByteStream) {
    this.#path = path;
    this.#stream = stream;
  }

  static async open(path: string): Promise<ThroughTarget> {
    return new ThroughTarget(path, await asWritten(path, () => openWrittenThrough(path)));
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writes.next(() => asWritten(this.#path, () => this.#stream.write(bytes)));
  }

  async commit(): Promise<void> {
    await this.#writes.done();
    await this.#stream.close();
  }

  async discard(): Promise<void> {
    await clearUp(
      () => this.#writes.settled(),
      () => this.#stream.close(),
    );
  }
}

class AtomicTarget implements TargetFile {
  readonly #path: string;
  readonly #partPath: string;
  readonly #overwrite: boolean;
  readonly #writes = new WriteBehind();
  readonly #endCleaning = beginCleaning();
  #file: FileHandle | undefined;

  private constructor(path: string, overwrite: boolean) {
    this.#path = path;
    this.#partPath = partPathOf(path);
    this.#overwrite = overwrite;
  }

  static async open(path: string, overwrite: boolean): Promise<AtomicTarget> {
    const target = new AtomicTarget(path, overwrite);
    try {
      target.#file = await asWritten(path, () => open(target.#partPath, "wx", PART_MODE));
      return target;
    } catch (error) {
      target.#endCleaning();
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writes.next(() => asWritten(this.#path, () => writeAll(this.#file!, bytes, null)));
  }

  async commit(): Promise<void> {
    await this.#writes.done();
    await asWritten(this.#path, async () => {
      await this.#file!.sync();
      await this.#file!.close();
      this.#file = undefined;
      await giveName(this.#partPath, this.#path, this.#overwrite);
    });
  }

  async discard(): Promise<void> {
    await clearUp(
      () => this.#writes.settled(),
      () => this.#file?.close(),
      () => rm(this.#partPath, { force: true }),
    );
    this.#file = undefined;
    this.#endCleaning();
  }
}

/** What the system refuses is said of the file at `path`. */
async function asWritten<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw cause instanceof ArgumentError ? cause : cannotWrite(path, cause);
  }
}

/** A new name beside `path` for what is written there: `.NAME.HEX.part`. */
export function partPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
}

/**
 * Gives a finished file its name, and the mode of the file that it replaces, or that new files have. A link, unlike a rename,
 * fails where a file of the name appeared meanwhile.
 * @throws ArgumentError `FILE_EXISTS`, and the system's errors
 */
export async function giveName(partPath: string, path: string, overwrite: boolean): Promise<void> {
  await chmod(partPath, await modeOf(path));
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

async function modeOf(path: string): Promise<number> {
  const found = await ifPossible(stat(path));
  return found === undefined ? NEW_FILE_MODE & ~process.umask() : found.mode & PERMISSIONS;
}

/**
 * The path at which a file is to appear, or that is written to as it is.
 * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE` for a directory
 */
export async function finalPath(path: string, overwrite: boolean): Promise<string> {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError("INVALID_ARGUMENT", "Say where to write: the path of a file");
  }
  if (await isWrittenThrough(path)) return path;
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
