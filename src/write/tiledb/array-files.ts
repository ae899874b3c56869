/** Finds the parts of a TileDB array on disk, as readers replay them: in the order of their names. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError, TableError } from "../../errors.js";
import { decodeMetadata, type MetadataValue } from "./array-metadata.js";
import { ByteReader, malformed, unsupported } from "./byte-reader.js";
import { type ArraySchema, decodeSchema } from "./schema.js";
import { decodeGenericTile } from "./tile.js";

/** Most bytes of a schema, metadata or fragment metadata file that is read. */
const DESCRIPTION_LIMIT = 1 << 28;

/** Whole content of one of the files that describe an array. @throws DataError `MALFORMED_FILE` where it is unreasonably large. */
export async function readDescription(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > DESCRIPTION_LIMIT) throw malformed(path, `${size} bytes of description`);
  return readFile(path);
}

/** Schemas by name, and the name of the newest. @throws TableError `NOT_FOUND`; DataError `MALFORMED_FILE`. */
export async function readSchemas(array: string): Promise<{ newest: string; schemas: Map<string, ArraySchema> }> {
  const names = (await list(join(array, "__schema"))).filter((name) => /^__\d+_\d+_[0-9a-f]+$/.test(name));
  if (names.length === 0) {
    const exists = await stat(array).catch(() => undefined);
    if (!exists) throw new TableError("NOT_FOUND", `there is no TileDB array at ${array}`, { path: array });
    throw new DataError("MALFORMED_FILE", `${array} is no TileDB array: it holds no schema`, { path: array });
  }
  names.sort(byTime);
  const schemas = new Map<string, ArraySchema>();
  for (const name of names) {
    const path = join(array, "__schema", name);
    const tile = await decodeGenericTile(new ByteReader(await readDescription(path), path), path);
    schemas.set(name, decodeSchema(tile, path));
  }
  return { newest: names.at(-1)!, schemas };
}

export async function readArrayMetadata(array: string): Promise<Map<string, MetadataValue>> {
  const folder = join(array, "__meta");
  const entries = new Map<string, MetadataValue>();
  for (const name of (await list(folder))
    .filter((file) => /^__\d+_\d+_/.test(file) && !file.endsWith(".vac"))
    .sort(byTime)) {
    const path = join(folder, name);
    const input = new ByteReader(await readDescription(path), path);
    decodeMetadata(await decodeGenericTile(input, path), entries, path);
  }
  return entries;
}

/**
 * Names of the fragments that count, oldest first: committed ones, less those a later consolidated fragment replaces.
 * @throws DataError `UNSUPPORTED_TYPE` where rows have been deleted by condition.
 */
export async function committedFragments(array: string): Promise<string[]> {
  const folder = join(array, "__commits");
  const committed = new Set<string>();
  const ignored = new Set<string>();
  const replaced = new Set<string>();
  for (const name of await list(folder)) {
    const path = join(folder, name);
    if (name.endsWith(".wrt")) committed.add(name.slice(0, -4));
    else if (name.endsWith(".con")) for (const stem of await consolidatedCommits(path)) committed.add(stem);
    else if (name.endsWith(".ign")) for (const stem of await uriLines(path)) ignored.add(stem);
    else if (name.endsWith(".vac")) for (const stem of await uriLines(path)) replaced.add(stem);
    else if (name.endsWith(".del") || name.endsWith(".upd"))
      throw unsupported(path, "an array with rows deleted by condition");
  }
  const present = new Set(await list(join(array, "__fragments")));
  return [...committed].filter((stem) => present.has(stem) && !ignored.has(stem) && !replaced.has(stem)).sort(byTime);
}

/** A consolidated commits file: lines of relative URIs of `.wrt` files; a `.del` line is followed by a condition. */
async function consolidatedCommits(path: string): Promise<string[]> {
  const text = Buffer.from(await readDescription(path)).toString("latin1");
  const stems: string[] = [];
  for (const line of text.split("\n")) {
    if (line.endsWith(".del")) throw unsupported(path, "an array with rows deleted by condition");
    if (line.endsWith(".wrt")) stems.push(basename(line).slice(0, -4));
  }
  return stems;
}

async function uriLines(path: string): Promise<string[]> {
  const text = Buffer.from(await readDescription(path)).toString("latin1");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => basename(line).replace(/\.wrt$/, ""));
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/** Order of the times in two names, `__T1_T2_UUID`, then of the names. */
function byTime(a: string, b: string): number {
  const [timeA, timeB] = [Number(a.split("_")[3]), Number(b.split("_")[3])];
  return timeA - timeB || (a < b ? -1 : 1);
}
