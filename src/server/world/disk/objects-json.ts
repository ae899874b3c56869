/** The one JSON file in which servers kept their objects before they had a database for them. */
import { readFile } from "node:fs/promises";
import { DataError } from "../../../errors.js";
import type { Model } from "../../model/model.js";
import type { StoredObject } from "../../model/object-store.js";
import { isStoredObject, readObjectText } from "./object-text.js";

const FORMAT = 1;

export interface KeptObjects {
  readonly databaseUuid: string;
  /** By class: decimal digits. */
  readonly lastIds: Readonly<Record<string, string>>;
  readonly objects: readonly StoredObject[];
}

/**
 * What the file holds; undefined if there is none.
 * @throws DataError `MALFORMED_FILE`
 */
export async function readObjectsJson(path: string, model: Model): Promise<KeptObjects | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : parse(text, path, model);
}

function parse(text: string, path: string, model: Model): KeptObjects {
  try {
    const json = readObjectText(text) as KeptObjects & { format: number };
    if (json.format === FORMAT) return checked(json, model);
  } catch (cause) {
    throw new DataError("MALFORMED_FILE", `${path} holds no objects of a server`, { path, cause });
  }
  throw new DataError("MALFORMED_FILE", `${path} is of another version`, { path });
}

function checked(json: KeptObjects, model: Model): KeptObjects {
  for (const id of Object.values(json.lastIds)) BigInt(id);
  const wrong = json.objects.findIndex((object) => !isStoredObject(object, model));
  if (wrong >= 0 || typeof json.databaseUuid !== "string") throw new TypeError(`object ${wrong} is damaged`);
  return json;
}
