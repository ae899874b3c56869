/** Which files become which tables: a map with a line for each. */
import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { FileError, invalidArgument, OmeroError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { linkTarget } from "../../gateway/links.js";
import { mapLines } from "./map-lines.js";
import { matchingFiles } from "./matching-files.js";

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

/** Which lines of a map count. */
export interface MapOptions {
  /** Patterns or paths: their files alone. Default: all lines. */
  readonly patterns?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const COLUMNS = { needed: ["file", "target"], more: ["name"] } as const;

/**
 * The files of a map, as they are taken. All is checked before the first.
 * @throws ArgumentError `INVALID_ARGUMENT` for a map that makes no sense; FileError for files that are not there
 */
export async function* mappedFiles(path: string, { patterns, signal }: MapOptions): AsyncGenerator<MappedFile> {
  const wanted = patterns === undefined ? undefined : await matchingFiles(patterns);
  const unmapped = new Set(wanted);
  const seen = new Set<string>();
  for await (const { path: file, links } of wantedLines(path, wanted, signal)) {
    unmapped.delete(file);
    const place = `${file}\n${links}`;
    if (seen.has(place)) throw invalidArgument(`${path} has two lines for ${file} and the same target`);
    seen.add(place);
    await stateOf(file, path);
  }
  const [first] = unmapped;
  if (first !== undefined) throw invalidArgument(`${first} matches the pattern, but ${path} has no line for it`);
  if (seen.size === 0) throw invalidArgument(`${path} has no lines`);
  for await (const line of wantedLines(path, wanted, signal)) yield { ...line, ...(await stateOf(line.path, path)) };
}

async function* wantedLines(path: string, wanted: ReadonlySet<string> | undefined, signal: AbortSignal | undefined) {
  for await (const { file, target, name } of mapLines(path, COLUMNS, signal)) {
    const whole = resolve(dirname(path), file);
    if (wanted !== undefined && !wanted.has(whole)) continue;
    yield { path: whole, links: linksOf(target, file, path), name: name || nameOf(file) };
  }
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function linksOf(target: string, file: string, map: string): [string, bigint][] {
  const targets = target.split(/[\s,;]+/).filter(Boolean);
  try {
    if (targets.length === 0) throw invalidArgument("write a type and an id, for example Image:101");
    return targets.map(linkOf);
  } catch (error) {
    if (!(error instanceof OmeroError)) throw error;
    throw invalidArgument(`${map}: "${target}" of ${file} is no target: ${error.message}`);
  }
}

function linkOf(text: string): [string, bigint] {
  const match = /^([A-Za-z]+):(\d{1,19})$/.exec(text);
  if (!match) throw invalidArgument("write a type and an id, for example Image:101");
  const { type, id } = linkTarget(match[1]!, BigInt(match[2]!));
  return [type, id];
}

async function stateOf(path: string, map: string): Promise<{ size: number; modified: number }> {
  const state = await ifPossible(stat(path));
  if (state?.isFile()) return { size: state.size, modified: Math.trunc(state.mtimeMs) };
  throw new FileError("CANNOT_READ_FILE", `${path}, which ${map} names, is not there`, { path });
}

function nameOf(file: string): string {
  return basename(file).replace(/(\.[a-z0-9]+)?(\.gz)?$/i, "");
}
