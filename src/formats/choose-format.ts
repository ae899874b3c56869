/** Which format something is of: the one place where that is decided. */

import { ArgumentError } from "../errors.js";
import { ifPossible } from "../flow/failures.js";
import type { Format, PathContent } from "./format.js";
import { FORMATS } from "./formats.js";
import { fileURLToPath, open, readdir, stat } from "./node.js";

/** Bytes that tell a file's format. */
const HEAD_BYTES = 512;
/** What a file is taken for that nothing else is known of. */
const USUAL = "csv";
const EMPTY: PathContent = { head: new Uint8Array(0), names: [] };

/** Something a format can do; the others are left out of the choice. */
type Ability = "openSource" | "openTable" | "createSink";

/**
 * The format of a file, or folder, that is there: by what is in it, else by its name, else CSV.
 * @param name as in `format: "csv"`, where the caller knows
 * @throws ArgumentError `INVALID_ARGUMENT` for a name that is no format's, or of one that cannot do it
 */
export async function formatOfFile(path: string | URL, name?: string): Promise<Format> {
  if (name !== undefined) return formatNamed(name, "openSource");
  const content = await contentOf(path);
  return FORMATS.find((format) => format.isContent?.(content)) ?? formatOfName(String(path), "openSource");
}

/** Endings of formats that are not written here, and that nobody means CSV by. */
const FOREIGN_ENDING = /\.(ipc|xlsx?|ods|zip|pkl|rds|sqlite|db)$/i;

/** The format of a file to be made: by its name, else CSV. @throws ArgumentError `INVALID_ARGUMENT` */
export function formatOfNewFile(path: string, name?: string): Format {
  if (name !== undefined) return formatNamed(name, "createSink");
  const format = formatOfName(String(path), "createSink");
  const [foreign] = FOREIGN_ENDING.exec(String(path)) ?? [];
  if (foreign === undefined || format.endings?.includes(foreign.toLowerCase())) return format;
  const message = `${path} cannot be written: ${foreign} is of no format known here; give another ending, or format`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { path: String(path) });
}

function formatNamed(name: string, ability: Ability): Format {
  const found = FORMATS.find((format) => format.name === name && format[ability] !== undefined);
  if (found !== undefined) return found;
  const names = FORMATS.filter((format) => format[ability] !== undefined).map((format) => `"${format.name}"`);
  throw new ArgumentError(
    "INVALID_ARGUMENT",
    `format must be one of ${names.join(", ")}; found ${JSON.stringify(name)}`,
  );
}

function formatOfName(path: string, ability: Ability): Format {
  const lower = path.toLowerCase();
  const named = FORMATS.find(
    (format) => format[ability] !== undefined && format.endings?.some((ending) => lower.endsWith(ending)),
  );
  return named ?? formatNamed(USUAL, ability);
}

/** What can be looked at without taking it away from whoever reads it next, as it would be from a pipe. */
async function contentOf(path: string | URL): Promise<PathContent> {
  const place = path instanceof URL || path.startsWith("file://") ? fileURLToPath(path) : path;
  const status = await ifPossible(stat(place));
  if (status?.isDirectory()) return { ...EMPTY, names: (await ifPossible(readdir(place))) ?? [] };
  return status?.isFile() ? { ...EMPTY, head: await headOf(place) } : EMPTY;
}

/** Empty for a file that cannot be read, of which its format will tell. */
async function headOf(path: string): Promise<Uint8Array> {
  const file = await ifPossible(open(path, "r"));
  if (file === undefined) return EMPTY.head;
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The format of an object in memory; undefined for a list or stream, of which the first item tells. */
export function formatOfObject(source: object): Format | undefined {
  return FORMATS.find((format) => format.isObject?.(source));
}

/** The format of a list or stream that begins with `item`. */
export function formatOfItem(item: unknown, isList: boolean): Format {
  return FORMATS.find((format) => format.isItem?.(item, isList))!;
}
