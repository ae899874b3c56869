/** Finds the parts of a TileDB array on disk, as readers replay them: in the order of their names. */

import { TableError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { leftFolders } from "../../flow/files/left-folders.js";
import { basename, join, readdir, resolve, stat } from "../node.js";
import { type ArrayMetadataValue, decodeMetadata } from "./array-metadata.js";
import { ByteCursor, malformedArray, unsupportedArray } from "./bytes/byte-reader.js";
import { ArrayFile, cannotRead } from "./bytes/local-file.js";
import { decodeGenericTile } from "./bytes/tile.js";
import { type ArraySchema, decodeSchema } from "./schema.js";

/** Most bytes of a schema, metadata or commits file that is read. */
const DESCRIPTION_LIMIT = 1 << 28;

/** A part's name: `__T1_T2_UUID`, with the times in milliseconds since 1970; fragments add `_` and a format version. */
const PART_NAME = /^__(\d+)_(\d+)_[0-9a-f]+(?:_\d+)?$/;

/** Schemas by name, and the name of the newest. @throws TableError `NOT_FOUND`, `NOT_A_TABLE`; DataError; FileError. */
export async function readSchemas(array: string): Promise<{ newest: string; schemas: Map<string, ArraySchema> }> {
  const names = (await list(join(array, "__schema"))).filter((name) => PART_NAME.test(name)).sort(byTime);
  const newest = names.at(-1);
  if (newest === undefined) throw await notAnArray(array);
  const schemas = new Map<string, ArraySchema>();
  for (const name of names) {
    const path = join(array, "__schema", name);
    schemas.set(name, decodeSchema(await decodeGenericTile(await readDescription(path), path), path));
  }
  return { newest, schemas };
}

async function notAnArray(array: string): Promise<TableError> {
  const found = await ifPossible(stat(array));
  if (!found) {
    const [aside] = (await leftFolders(resolve(array))).replaced;
    const hint = aside === undefined ? "" : `; ${aside} stood there before a write that was ended`;
    return new TableError("NOT_FOUND", `there is no TileDB array at ${array}${hint}`, { path: array });
  }
  return new TableError("NOT_A_TABLE", `${array} is no TileDB array: it holds no schema`, { path: array });
}

/** @throws DataError `MALFORMED_FILE`; FileError. */
export async function readArrayMetadata(array: string): Promise<Map<string, ArrayMetadataValue>> {
  const folder = join(array, "__meta");
  const entries = new Map<string, ArrayMetadataValue>();
  for (const name of (await list(folder)).filter((file) => PART_NAME.test(file)).sort(byTime)) {
    const path = join(folder, name);
    decodeMetadata(await decodeGenericTile(await readDescription(path), path), entries, path);
  }
  return entries;
}

/**
 * Names of the fragments that count, oldest first: committed ones, less those a later consolidated fragment replaces.
 * @throws DataError `UNSUPPORTED_TYPE` where rows have been deleted by condition; FileError.
 */
export async function committedFragments(array: string): Promise<string[]> {
  const folder = join(array, "__commits");
  const committed = new Set<string>();
  const replaced = new Set<string>();
  for (const name of await list(folder)) {
    const path = join(folder, name);
    if (name.endsWith(".wrt")) committed.add(name.slice(0, -4));
    else if (name.endsWith(".con")) for (const stem of await consolidatedCommits(path)) committed.add(stem);
    else if (/\.(ign|vac)$/.test(name)) for (const stem of await stemsIn(path)) replaced.add(stem);
    else if (/\.(del|upd)$/.test(name)) throw unsupportedArray(path, "an array with rows deleted by condition");
  }
  const stems = [...committed].filter((stem) => !replaced.has(stem));
  const odd = stems.find((stem) => !PART_NAME.test(stem));
  if (odd !== undefined) throw unsupportedArray(folder, `the commit "${odd}"`);
  return stems.sort(byTime);
}

/** The two times in a part's name, in milliseconds since 1970. */
export function timesOf(name: string): [start: number, end: number] {
  const [, start, end] = PART_NAME.exec(name) ?? [];
  return [Number(start ?? 0), Number(end ?? 0)];
}

/** A consolidated commits file: lines of relative URIs of `.wrt` files; a `.del` line is followed by a condition. */
async function consolidatedCommits(path: string): Promise<string[]> {
  const lines = await readLines(path);
  if (lines.some((line) => line.endsWith(".del")))
    throw unsupportedArray(path, "an array with rows deleted by condition");
  return stemsOf(lines.filter((line) => line.endsWith(".wrt")));
}

/** Fragments named by the lines of a file, as URIs of their folders or commits. */
async function stemsIn(path: string): Promise<string[]> {
  return stemsOf(await readLines(path));
}

function stemsOf(uris: readonly string[]): string[] {
  return uris.map((uri) => basename(uri).replace(/\.wrt$/, ""));
}

async function readLines(path: string): Promise<string[]> {
  const input = await readDescription(path);
  const text = Buffer.from(input.bytes(input.remaining)).toString("latin1");
  return text.split("\n").filter((line) => line !== "");
}

/** @throws DataError `MALFORMED_FILE` for a file that is unreasonably large. */
async function readDescription(path: string): Promise<ByteCursor> {
  await using file = await ArrayFile.open(path);
  if (file.size > DESCRIPTION_LIMIT) throw malformedArray(path, `${file.size} bytes of description`);
  return new ByteCursor(await file.read(0, file.size), path);
}

/** Names in a folder; none where there is no such folder. */
async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return [];
    throw cannotRead(folder, cause);
  });
}

/** Order of the earlier times in two parts' names, then of the later ones, then of the names. */
function byTime(a: string, b: string): number {
  const [startA, endA] = timesOf(a);
  const [startB, endB] = timesOf(b);
  return startA - startB || endA - endB || (a < b ? -1 : 1);
}
