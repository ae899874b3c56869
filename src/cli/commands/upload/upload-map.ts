/** Which files become which tables: a CSV with a line for each. */
import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { FileError, invalidArgument } from "../../../errors.js";
import { ifPossible } from "../../../flow/failures.js";
import { objectLink } from "../../options/values.js";
import { batchTexts } from "../../shown/cell-texts.js";

/** A file to be stored. */
export interface MappedFile {
  /** Whole path. */
  readonly path: string;
  /** Objects to attach it to. */
  readonly links: readonly [type: string, id: bigint][];
  readonly name: string;
  /** Bytes, and when it was changed (milliseconds): by them it is known again. */
  readonly size: number;
  readonly modified: number;
}

/**
 * The files of a map, those alone that a pattern matches where there is one. All is checked before anything is stored.
 * @throws ArgumentError `INVALID_ARGUMENT` for a map that makes no sense; FileError for files that are not there
 */
export async function readUploadMap(path: string, pattern: string | undefined): Promise<MappedFile[]> {
  const lines = await readLines(path);
  const wanted = pattern === undefined ? undefined : new Set(await matching(pattern));
  const files: MappedFile[] = [];
  for (const { file, target, name } of lines) {
    const whole = resolve(dirname(path), file);
    if (wanted !== undefined && !wanted.delete(whole)) continue;
    files.push({
      path: whole,
      links: linksOf(target, file, path),
      name: name || nameOf(file),
      ...(await stateOf(whole, path)),
    });
  }
  const [unmapped] = wanted ?? [];
  if (unmapped !== undefined) throw invalidArgument(`${unmapped} matches the pattern, but ${path} has no line for it`);
  const twice = files.find(
    (one, index) => files.findIndex((other) => other.path === one.path && sameLinks(one, other)) < index,
  );
  if (twice !== undefined) throw invalidArgument(`${path} has two lines for ${twice.path} and the same target`);
  return files;
}

/** Whether two files go to the same objects. */
function sameLinks(one: Pick<MappedFile, "links">, other: Pick<MappedFile, "links">): boolean {
  return String(one.links) === String(other.links);
}

async function matching(pattern: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const found = await glob(pattern, { absolute: true, onlyFiles: true });
  if (found.length === 0) throw invalidArgument(`no file matches ${pattern}`);
  return found.map((path) => resolve(path));
}

async function readLines(path: string): Promise<{ file: string; target: string; name: string }[]> {
  const { readBatches } = await import("../../../read/index.js");
  const columns = new Map<string, string[]>();
  for await (const batch of readBatches({ path })) {
    for (const { heading, cells } of batchTexts([batch]).slice(1)) {
      columns.set(heading.toLowerCase(), [...(columns.get(heading.toLowerCase()) ?? []), ...cells]);
    }
  }
  const [files, targets, names = []] = ["file", "target", "name"].map((name) => columns.get(name));
  if (!files || !targets) {
    throw invalidArgument(
      `${path} needs the columns file and target; it has ${[...columns.keys()].join(", ") || "none"}`,
    );
  }
  return files.map((file, row) => ({ file, target: targets[row]!, name: names[row] ?? "" }));
}

function linksOf(target: string, file: string, map: string): [string, bigint][] {
  try {
    return target
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(objectLink);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw invalidArgument(`${map}: "${target}" of ${file} is no target: ${error.message}`);
  }
}

async function stateOf(path: string, map: string): Promise<{ size: number; modified: number }> {
  const state = await ifPossible(stat(path));
  if (state?.isFile()) return { size: state.size, modified: state.mtimeMs };
  throw new FileError("CANNOT_READ_FILE", `${path}, which ${map} names, is not there`, { path });
}

function nameOf(file: string): string {
  return basename(file).replace(/(\.[a-z0-9]+)?(\.gz)?$/i, "");
}
