/** Whoever may write to a queue has workers read and write files: its folder is of this user alone. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FileError, QueueError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";

const OTHERS_MAY_WRITE = 0o022;
const PRIVATE = 0o700;

/**
 * Makes the folder if need be. @param make whether it may be made
 * @throws QueueError `QUEUE_NOT_PRIVATE`, `NO_SUCH_QUEUE`; FileError `CANNOT_WRITE_FILE`
 */
export async function checkPrivateFolder(path: string, make: boolean): Promise<void> {
  if (make) await makeFolder(path);
  if ((await ifPossible(stat(join(path, make ? "" : "data.mdb")))) === undefined) {
    throw new QueueError("NO_SUCH_QUEUE", `There is no queue in ${path}: add jobs first`, { path });
  }
  for (const one of [path, join(path, "data.mdb"), join(path, "lock.mdb")]) await checkPrivate(one);
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: PRIVATE }).catch((cause) => {
    throw new FileError("CANNOT_WRITE_FILE", `Cannot make the folder ${path}: ${cause.message}`, { path, cause });
  });
}

async function checkPrivate(path: string): Promise<void> {
  const found = await ifPossible(stat(path));
  if (found === undefined || process.getuid === undefined) return;
  const [isOthers, mayWrite] = [found.uid !== process.getuid(), (found.mode & OTHERS_MAY_WRITE) !== 0];
  if (!isOthers && !mayWrite) return;
  const why = isOthers ? "belongs to another user" : "may be written by others";
  const message = `${path} ${why}, who could have workers read and write your files: use a folder of your own, chmod 700`;
  throw new QueueError("QUEUE_NOT_PRIVATE", message, { path });
}
