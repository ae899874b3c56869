/** Files that are read and written whole. */
import { readFile } from "node:fs/promises";
import { FileError } from "../../errors.js";
import { openTargetFile } from "../../flow/files/target-file.js";

/** @throws FileError `CANNOT_READ_FILE` */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

/** Replaces a file by another that appears whole, or not at all. @throws FileError `CANNOT_WRITE_FILE` */
export async function writeWhole(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  const target = await openTargetFile(path, { overwrite: true });
  try {
    for (const part of parts) await target.write(part);
    await target.commit();
  } finally {
    await target.discard();
  }
}
