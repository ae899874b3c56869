/** The files that patterns and paths name. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { invalidArgument } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";

/** Whole paths. A path of a file is taken as it is, whatever signs of patterns are in it. @throws ArgumentError `INVALID_ARGUMENT` */
export async function matchingFiles(patterns: readonly string[]): Promise<Set<string>> {
  const { glob } = await import("tinyglobby");
  const files = new Set<string>();
  for (const pattern of patterns) {
    const isFile = (await ifPossible(stat(pattern)))?.isFile();
    const found = isFile ? [pattern] : await glob(pattern, { absolute: true, onlyFiles: true });
    if (found.length === 0) throw invalidArgument(`no file matches ${pattern}`);
    for (const path of found) files.add(resolve(path));
  }
  return files;
}
