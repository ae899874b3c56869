/** Folders that stand beside an array while it is written, and stay there if the process is killed. */

import { ifPossible } from "../../flow/failures.js";
import { basename, dirname, join, readdir } from "../node.js";

const REPLACED = ".replaced";

/** Where what `partPath` is about to replace is set aside. */
export function asidePathOf(partPath: string): string {
  return `${partPath}${REPLACED}`;
}

export interface LeftFolders {
  /** Arrays of which nobody knows whether they are whole; another process may be writing one. */
  readonly parts: readonly string[];
  /** Whole arrays that stood at the path. */
  readonly replaced: readonly string[];
}

/** What writes that did not end have left beside `path`. Nothing where the folder cannot be read. */
export async function leftFolders(path: string): Promise<LeftFolders> {
  const prefix = prefixOf(path);
  const names = (await ifPossible(readdir(dirname(path)))) ?? [];
  const left = names.filter((name) => name.startsWith(prefix) && ENDING.test(name.slice(prefix.length)));
  const paths = left.sort().map((name) => join(dirname(path), name));
  const isReplaced = (each: string) => each.endsWith(REPLACED);
  return { parts: paths.filter((each) => !isReplaced(each)), replaced: paths.filter(isReplaced) };
}

const ENDING = /^[0-9a-f]{12}\.part(\.replaced)?$/;

function prefixOf(path: string): string {
  return `.${basename(path)}.`;
}
