/** Whether a disk has room for a little more. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** More than LMDB writes for a new database. */
const LITTLE = Buffer.alloc(256 * 1024);

/** Writes a file into a folder, which is made if it is missing, and removes it. @throws what the system says where that is full, or may not be written */
export function checkDiskRoom(folder: string): void {
  const path = join(folder, "room.tmp");
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, LITTLE);
  } finally {
    rmSync(path, { force: true });
  }
}
