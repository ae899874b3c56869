/** By what a file is told from what it was before. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "../errors.js";
import type { ScanOrigin } from "./planned-table.js";

/** A file, or a folder that is a table, which is the same on all machines that see it. */
export class FileOrigin implements ScanOrigin {
  readonly stamp: string;
  readonly #path: string;

  private constructor(path: string, stamp: string) {
    this.#path = path;
    this.stamp = stamp;
  }

  /** @throws FileError `CANNOT_READ_FILE` */
  static async of(path: string): Promise<FileOrigin> {
    return new FileOrigin(path, await stampOf(path));
  }

  get label(): string {
    return this.#path;
  }

  /** Paths differ between machines: what tells files apart is in the stamp. */
  async name(): Promise<string> {
    return "a file";
  }

  stampNow(): Promise<string> {
    return stampOf(this.#path);
  }
}

/** Names, sizes and times of change. */
async function stampOf(path: string): Promise<string> {
  try {
    const status = await stat(path);
    if (!status.isDirectory()) return JSON.stringify([status.size, status.mtimeMs]);
    const names = (await readdir(path, { recursive: true })).sort();
    const entries = names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(path, name));
      return [name, size, mtimeMs];
    });
    return JSON.stringify(await Promise.all(entries));
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}
