/** Takes over the databases of EMAN2, of which today's EMAN2 reads none any more. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { checkOptions } from "../../flow/options.js";
import { checkKey, type StoreKey } from "../dictionary/keys.js";
import { type NewValue, prepareValue } from "../dictionary/prepare.js";
import { isImage } from "../images/image.js";
import type { Storable } from "../records/storable.js";
import type { Store } from "../store.js";
import { Eman2Database } from "./eman2-database.js";

/** How databases of EMAN2 are taken over. */
export interface ImportEman2Options {
  /** Only the databases of these names. Default: all of the folder. */
  readonly names?: readonly string[] | undefined;
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

/** What was taken over from one database. */
export interface ImportedDatabase {
  /** Of the database, and of the dictionary that has its entries now. */
  readonly name: string;
  /** Images taken over. */
  readonly images: number;
  /** Other values taken over. */
  readonly values: number;
  /** Entries that could not be taken over, and why. */
  readonly skipped: readonly { readonly key: string; readonly reason: string }[];
}

/** So many pixels' bytes are written at once. */
const WRITE_BYTES = 16 * 1024 * 1024;

/**
 * Copies EMAN2's databases (`bdb:name`) from a folder into dictionaries of the same names: images with their headers, and
 * values; virtual stacks become images of their own. Nothing in the folder is changed. Close the databases in EMAN2 first:
 * what its cache still holds is not in the files. An entry that cannot be read is skipped and told of. A damaged database is
 * found before anything is written; what was taken over before the call is ended otherwise stays, and may be imported again.
 * @param folder The folder that holds `EMAN2DB`, or that folder itself.
 * @throws ArgumentError `INVALID_ARGUMENT`; FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`; StoreError; AbortError
 *
 * @example
 * for (const { name, images } of await importEman2Database("project", store)) console.log(name, images);
 */
export async function importEman2Database(
  folder: string,
  store: Store,
  options: ImportEman2Options = {},
): Promise<ImportedDatabase[]> {
  checkOptions(options, { names: true, signal: true }, "importEman2Database");
  if (options.names !== undefined && !Array.isArray(options.names)) {
    throw new ArgumentError("INVALID_ARGUMENT", "The names of databases are a list of texts");
  }
  throwIfAborted(options.signal, "importing databases of EMAN2");
  const home = existsSync(join(folder, "EMAN2DB")) ? join(folder, "EMAN2DB") : folder;
  const names = options.names ?? (await databaseNames(home));
  if (names.length === 0) {
    throw new ArgumentError("INVALID_ARGUMENT", `${folder} holds no databases of EMAN2: no EMAN2DB/*.bdb`, {
      path: folder,
    });
  }
  // What is damaged is found before anything is written.
  for (const name of names.length > 1 ? names : []) await Eman2Database.open(join(home, `${name}.bdb`), name);
  const imported: ImportedDatabase[] = [];
  for (const name of names) imported.push(await importOne(home, name, store, options.signal));
  return imported;
}

async function databaseNames(home: string): Promise<string[]> {
  const files = await readdir(home).catch((): string[] => []);
  // Those of two noughts are EMAN2's own notes.
  return files.filter((file) => file.endsWith(".bdb") && !file.startsWith("00")).map((file) => basename(file, ".bdb"));
}

async function importOne(home: string, name: string, store: Store, signal?: AbortSignal): Promise<ImportedDatabase> {
  const database = await Eman2Database.open(join(home, `${name}.bdb`), name);
  const dictionary = store.open(name);
  const skipped: { key: string; reason: string }[] = [];
  const counts = { images: 0, values: 0 };
  let pending: [StoreKey, NewValue][] = [];
  let bytes = 0;
  for await (const entry of database.entries()) {
    throwIfAborted(signal, "importing a database of EMAN2");
    const failure = "failure" in entry ? entry.failure : whyNotKept(entry.key, entry.value as NewValue);
    if (failure !== undefined) {
      skipped.push({ key: String(entry.key), reason: failure.message });
      continue;
    }
    const { key, value } = entry as { key: StoreKey; value: NewValue };
    pending.push([key, value]);
    counts[isImage(value) ? "images" : "values"]++;
    bytes += isImage(value) ? value.data.byteLength : 1024;
    if (bytes < WRITE_BYTES) continue;
    await dictionary.setMany(pending);
    pending = [];
    bytes = 0;
  }
  await dictionary.setMany(pending);
  return { name, ...counts, skipped };
}

/** Why a store cannot keep an entry; undefined where it can. */
function whyNotKept(key: StoreKey, value: NewValue): Error | undefined {
  try {
    checkKey(key);
    prepareValue(isImage(value) ? value.header! : (value as Storable));
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
