/** The folders whose TileDB arrays may be tables, and the paths that lead into them. */
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { ifPossible } from "../../flow/failures.js";

/** Most files and folders of an array. */
const ENTRY_LIMIT = 1_000_000;

export class ArrayFolders {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders.map((folder) => resolve(folder));
  }

  /**
   * The real path of the array that `path` names, if it is one of these folders' own: below one of them, however the path
   * is written, and without symbolic links within. Undefined for everything else, whether it is there or not.
   */
  async find(path: string): Promise<string | undefined> {
    if (!isAbsolute(path) || path.includes("\0")) return undefined;
    const array = await ifPossible(realpath(path));
    if (array === undefined) return undefined;
    for (const folder of this.#folders) {
      if (isBelow((await ifPossible(realpath(folder))) ?? folder, array))
        return (await sizeOf(array)) === undefined ? undefined : array;
    }
    return undefined;
  }
}

/** Bytes of an array's files; undefined for what is no folder, or holds anything but folders and regular files. */
export async function sizeOf(array: string): Promise<number | undefined> {
  const pending = [array];
  let size = 0;
  for (let entries = 0, folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const found = await ifPossible(readdir(folder, { withFileTypes: true }));
    entries += found?.length ?? 0;
    if (found === undefined || entries > ENTRY_LIMIT) return undefined;
    for (const entry of found) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) size += (await ifPossible(stat(path)))?.size ?? 0;
      else return undefined;
    }
  }
  return size;
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
