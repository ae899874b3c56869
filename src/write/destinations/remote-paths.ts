/** Where a remote table's array is: as this machine sees it, and as the server does. The rules are those of omero2pandas. */
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ArgumentError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";

export interface RemotePaths {
  readonly localPath: string;
  readonly remotePath: string;
}

/** Ending of an array's name, by which it is told from a folder that holds arrays. */
const ENDING = ".tiledb";

/**
 * `localPath` is the array to make, or an existing folder to make it in, under the table's name and `.tiledb`.
 * `remotePath` is the array's path on the server if it ends in `.tiledb`, else the folder in which it has the same name as
 * here; without it, the path is the same on both. A remote path may be of another system than this one, or a URI.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` for a table's name that no file can have
 */
export async function remotePaths(
  tableName: string,
  localPath: string,
  remotePath: string | undefined,
): Promise<RemotePaths> {
  const local = (await isFolder(localPath)) ? join(resolve(localPath), arrayName(tableName)) : resolve(localPath);
  return { localPath: local, remotePath: remotePath === undefined ? local : arrayAt(remotePath, basename(local)) };
}

/** Whether arrays can be made there. An array is a folder, too. */
async function isFolder(path: string): Promise<boolean> {
  if (resolve(path).endsWith(ENDING)) return false;
  const isDirectory = async (name: string) => (await ifPossible(stat(name)))?.isDirectory() ?? false;
  return (await isDirectory(path)) && !(await isDirectory(join(path, "__schema")));
}

function arrayName(tableName: string): string {
  if (/[/\\\p{Cc}]/u.test(tableName) || /^\.{1,2}$/.test(tableName)) {
    const message = `no folder can have the table's name, ${JSON.stringify(tableName)}; give localPath with the name of the array`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  return tableName.endsWith(ENDING) ? tableName : `${tableName}${ENDING}`;
}

function arrayAt(remotePath: string, name: string): string {
  const path = remotePath.replace(/[/\\]+$/, "");
  if (/[^/\\]\.tiledb$/.test(path)) return path;
  const isWindows = /^([a-z]:|\\\\)/i.test(remotePath) && !remotePath.includes("/");
  return `${path}${isWindows ? "\\" : "/"}${name}`;
}
