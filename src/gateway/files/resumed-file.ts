/**
 * A download that goes on where it was interrupted. What has come is kept beside the target, in a file named after the
 * checksum of the whole, so that it is continued only by what it is a part of.
 */
import { createHash, type Hash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArgumentError, DataError, FileError, type OmeroError } from "../../errors.js";
import { clearUp, ifPossible } from "../../flow/failures.js";
import {
  cannotWrite,
  fileExists,
  finalPath,
  giveName,
  openTargetFile,
  PART_MODE,
  type TargetFile,
  type TargetFileOptions,
} from "../../flow/files/target-file.js";
import { writeAll } from "../../flow/files/write-all.js";
import { isWrittenThrough } from "../../flow/files/written-through.js";

/** What the file will be when it is whole. */
export interface WholeFile {
  /** Bytes. */
  readonly size: number;
  /** SHA-1 in hexadecimal; without it nothing is kept for later, nor checked. */
  readonly sha1: string | undefined;
}

const READ_BACK = 1 << 20;

/** Where a download goes. */
export interface DownloadTarget {
  /** Bytes that are there. */
  readonly position: number;
  /** Bytes that an earlier download left. */
  readonly takenUp: number;
  /** Appends bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** @throws DataError `CHECKSUM_MISMATCH` for what is not the whole file */
  commit(): Promise<void>;
  /** Ends an interrupted download. Does nothing after `commit`. */
  interrupt(): Promise<void>;
}

/**
 * Prepares for a download to a path: a file is gone on with where there is a part of it.
 * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE`
 */
export async function openDownloadTarget(
  path: string,
  whole: WholeFile,
  options: TargetFileOptions,
): Promise<DownloadTarget> {
  if (!(await isWrittenThrough(path))) return ResumedFile.open(path, whole, options);
  return new PassedOn(path, whole, await openTargetFile(path, options));
}

function notWhole(path: string, { size, sha1 }: WholeFile, position: number, found: string): DataError | undefined {
  if (position === size && (sha1 === undefined || found === sha1)) return undefined;
  const difference = position !== size ? `${position} bytes of ${size}` : `SHA-1 ${found} instead of ${sha1}`;
  const message = `What was downloaded is not the file that the server noted: ${difference}. It is damaged, or was changed meanwhile.`;
  return new DataError("CHECKSUM_MISMATCH", message, { path });
}

/** A download to standard output, a pipe or a device, which may have been used by the time it is found to be damaged. */
class PassedOn implements DownloadTarget {
  position = 0;
  readonly takenUp = 0;
  readonly #path: string;
  readonly #whole: WholeFile;
  readonly #target: TargetFile;
  readonly #hash: Hash = createHash("sha1");

  constructor(path: string, whole: WholeFile, target: TargetFile) {
    this.#path = path;
    this.#whole = whole;
    this.#target = target;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#target.write(bytes);
    this.position += bytes.length;
  }

  async commit(): Promise<void> {
    await this.#target.commit();
    const fault = notWhole(this.#path, this.#whole, this.position, this.#hash.digest("hex"));
    if (fault !== undefined) throw fault;
  }

  interrupt(): Promise<void> {
    return this.#target.discard();
  }
}

export class ResumedFile implements DownloadTarget {
  /** Bytes that are there. */
  position = 0;
  /** Bytes that an earlier download left. */
  takenUp = 0;
  readonly #path: string;
  readonly #partPath: string;
  readonly #overwrite: boolean;
  readonly #whole: WholeFile;
  readonly #file: FileHandle;
  #hash: Hash = createHash("sha1");
  #open = true;
  /** Whether the disk has refused a write. */
  #refused = false;

  private constructor(path: string, partPath: string, overwrite: boolean, whole: WholeFile, file: FileHandle) {
    this.#path = path;
    this.#partPath = partPath;
    this.#overwrite = overwrite;
    this.#whole = whole;
    this.#file = file;
  }

  /**
   * Takes up what an earlier download left, or begins.
   * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE`
   */
  static async open(path: string, whole: WholeFile, options: TargetFileOptions): Promise<ResumedFile> {
    const overwrite = options.overwrite ?? false;
    const target = await finalPath(path, overwrite);
    const tag = whole.sha1 ?? randomBytes(8).toString("hex");
    const partPath = join(dirname(target), `.${basename(target)}.${tag.slice(0, 16)}.part`);
    let file: FileHandle | undefined;
    try {
      file = await openPart(partPath);
      const resumed = new ResumedFile(target, partPath, overwrite, whole, file);
      await resumed.#takeUp();
      return resumed;
    } catch (cause) {
      await file?.close();
      throw cause instanceof FileError ? cause : cannotWrite(target, cause);
    }
  }

  /** Appends bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#attempt(() => writeAll(this.#file, bytes, this.position));
    this.position += bytes.length;
  }

  /**
   * Gives the file its name if it is what it should be.
   * @throws DataError `CHECKSUM_MISMATCH`; nothing is kept then
   */
  async commit(): Promise<void> {
    const fault = notWhole(this.#path, this.#whole, this.position, this.#hash.digest("hex"));
    if (fault !== undefined) {
      await this.discard();
      throw fault;
    }
    const { dev, ino } = await this.#file.stat({ bigint: true });
    try {
      await this.#attempt(async () => {
        await this.#file.sync();
        await this.#close();
        await giveName(this.#partPath, this.#path, this.#overwrite);
      });
    } catch (error) {
      // Another download of the same file, to the same place, may have been quicker with the part they share.
      const found = await ifPossible(stat(this.#path, { bigint: true }));
      if (found?.ino !== ino || found.dev !== dev) {
        await this.discard();
        throw error;
      }
      if (!this.#overwrite) throw fileExists(this.#path);
    }
  }

  /**
   * Ends an interrupted download: what has come stays if it can be continued, but not on a disk that took no more. Does
   * nothing after `commit`.
   */
  async interrupt(): Promise<void> {
    if (!this.#open) return;
    if (this.#whole.sha1 === undefined || this.position === 0 || this.#refused) return this.discard();
    await this.#close();
  }

  /** Removes what has come. */
  async discard(): Promise<void> {
    await this.#close();
    await clearUp(() => rm(this.#partPath, { force: true }));
  }

  /** Hashes what is there already; more than the whole cannot be a part of it. */
  async #takeUp(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size > this.#whole.size) {
      await this.#file.truncate(0);
      return;
    }
    const block = new Uint8Array(READ_BACK);
    while (this.position < size) {
      const { bytesRead } = await this.#file.read(block, 0, block.length, this.position);
      if (bytesRead === 0) break;
      this.#hash.update(block.subarray(0, bytesRead));
      this.position += bytesRead;
    }
    this.takenUp = this.position;
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await clearUp(() => this.#file.close());
  }

  async #attempt<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (cause) {
      this.#refused = true;
      throw cause instanceof ArgumentError ? cause : (cannotWrite(this.#path, cause) as OmeroError);
    }
  }
}

/**
 * Makes the file of a part, or opens the one that is there. Its name can be guessed, so somebody else may have put
 * something there where others can write: only a regular file of one name that is this user's own is taken up.
 * @throws FileError `CANNOT_WRITE_FILE` for anything else, and the system's errors
 */
async function openPart(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  try {
    return await open(path, flags | constants.O_CREAT | constants.O_EXCL, PART_MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags);
    const found = await file.stat();
    const isOwn = process.getuid === undefined || found.uid === process.getuid();
    if (found.isFile() && found.nlink === 1 && isOwn) return file;
    throw new Error("it is no file of this user's own");
  } catch (cause) {
    await file?.close();
    const why = (cause as NodeJS.ErrnoException).code === "ELOOP" ? "it is a link" : (cause as Error).message;
    const message = `Cannot go on with ${path}, which is in the way of the download: ${why}; remove it`;
    throw new FileError("CANNOT_WRITE_FILE", message, { path, cause });
  }
}
