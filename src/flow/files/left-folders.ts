/** Folders that stand beside another while it is written, and stay there if the process is killed. */

import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ifPossible } from "../failures.js";

const REPLACED = ".replaced";

/** Where what `partPath` is about to replace is set aside. */
export function asidePathOf(partPath: string): string {
  return `${partPath}${REPLACED}`;
}

export interface LeftFolders {
  /** Folders of which nobody knows whether they are whole; another process may be writing one. */
  readonly parts: readonly string[];
  /** Whole ones that stood at the path. */
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
