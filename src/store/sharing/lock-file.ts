/**
 * Looks whether a store has lost the file by which its processes know of each other. LMDB would make another: those who have the
 * old one would know nothing of those with the new one, and write over each other's pages.
 */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";

/** @throws StoreError `STORE_FAILED` */
export async function checkLockFile(folder: string): Promise<void> {
  const data = join(folder, "data.mdb");
  if (existsSync(join(folder, "lock.mdb")) || !existsSync(data)) return;
  const processes = await processesThatMap(data);
  if (processes.length === 0) return;
  const message =
    `${join(folder, "lock.mdb")} was removed while the store is open (process ${processes.join(", ")}): ` +
    "end that first, or its writes and those to come destroy each other";
  throw new StoreError("STORE_FAILED", message, { path: folder });
}

/** Other processes that have a file in their memory, as far as Linux tells; elsewhere none. */
async function processesThatMap(path: string): Promise<number[]> {
  const { ino } = await stat(path);
  const mapped = new RegExp(` ${ino} +/.*data\\.mdb`);
  const names = (await ifPossible(readdir("/proc"))) ?? [];
  const processes = names.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const found = await Promise.all(
    processes.map(async (pid) => mapped.test((await ifPossible(readFile(`/proc/${pid}/maps`, "utf8"))) ?? "")),
  );
  return processes.filter((_, index) => found[index]);
}
