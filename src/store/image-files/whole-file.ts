/** Files that are read and written whole. */
import { constants } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { FileError } from "../../errors.js";
import { fillFromFile } from "../../flow/files/fill-from-file.js";
import { openTargetFile } from "../../flow/files/target-file.js";

/** @throws FileError `CANNOT_READ_FILE` */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    // Pipes and the like have no size.
    if (size < READ_BYTES) return new Uint8Array(await file.readFile());
    return await readLarge(file, size);
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

/** `readFile` reads no more than 2 GiB. */
const READ_BYTES = 2 ** 30;

async function readLarge(file: FileHandle, size: number): Promise<Uint8Array> {
  if (size > constants.MAX_LENGTH) throw new Error(`its ${size} bytes are more than are read at once`);
  const bytes = new Uint8Array(size);
  if ((await fillFromFile(file, bytes, 0)) < size) throw new Error("it became shorter while it was read");
  return bytes;
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
