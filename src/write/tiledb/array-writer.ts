/** Writes a whole TileDB array, one fragment a batch, under a temporary name that is renamed when the array is complete. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ColumnBatch, ColumnField } from "../../batch.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import type { OnProgress } from "../../table.js";
import { encodeMetadata, type MetadataValue } from "./array-metadata.js";
import { writeFragment } from "./fragment-writer.js";
import { DIMENSION, encodeSchema } from "./schema.js";
import { encodeGenericTile } from "./tile.js";

export interface ArrayWriteOptions {
  /** Replace an existing array. Default false: an existing target is an error. */
  readonly overwrite?: boolean | undefined;
  /** Metadata beside `__version`, `__initialized` and `SecretToken`. */
  readonly metadata?: ReadonlyMap<string, MetadataValue> | undefined;
  readonly rowCount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Version of the layout that OMERO Plus expects of a registered table. */
const TABLE_VERSION = "3";
const FOLDERS = ["__commits", "__fragments", "__fragment_meta", "__labels", "__meta", "__schema/__enumerations"];

/**
 * Writes `batches` as the array at `path`: what `tiledb.from_pandas` makes for the same rows, and the metadata that OMERO Plus
 * checks. Gives the secret token. Nothing is left at `path` unless the array is whole.
 *
 * @throws ArgumentError `FILE_EXISTS` unless `overwrite`; DataError for columns TileDB has no type for; AbortError.
 */
export async function writeArray(
  path: string,
  fields: readonly ColumnField[],
  batches: AsyncIterable<ColumnBatch>,
  options: ArrayWriteOptions = {},
): Promise<string> {
  const target = resolve(path);
  const schema = encodeGenericTile(encodeSchema(fields));
  await refuseExisting(target, options.overwrite ?? false);
  await mkdir(dirname(target), { recursive: true });
  const partial = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.partial`);
  try {
    const token = await writeAll(partial, schema, fields, batches, options);
    throwIfAborted(options.signal, "createTileDB");
    await putInPlace(partial, target, options.overwrite ?? false);
    return token;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function writeAll(
  array: string,
  schema: Uint8Array,
  fields: readonly ColumnField[],
  batches: AsyncIterable<ColumnBatch>,
  { metadata, rowCount, signal, onProgress }: ArrayWriteOptions,
): Promise<string> {
  for (const folder of FOLDERS) await mkdir(join(array, folder), { recursive: true });
  const names = new ArrayNames();
  const schemaName = names.next();
  await writeFile(join(array, "__schema", schemaName), schema);
  const putMetadata = (entries: ReadonlyMap<string, MetadataValue>) =>
    writeFile(join(array, "__meta", names.next()), encodeGenericTile(encodeMetadata(entries)));
  await putMetadata(pandasMetadata(fields));
  let row = 0;
  for await (const batch of batches) {
    throwIfAborted(signal, "createTileDB");
    if (batch.rowCount === 0) continue;
    await writeFragment(array, names.next(), schemaName, batch, row);
    row += batch.rowCount;
    onProgress?.({ done: row, total: rowCount, unit: "rows" });
  }
  const token = randomBytes(32).toString("base64url");
  const initialized = Date.now() / 1000;
  const own: [string, MetadataValue][] = [
    ["__version", TABLE_VERSION],
    ["__initialized", initialized],
    ["SecretToken", token],
  ];
  await putMetadata(new Map([...(metadata ?? []), ...own]));
  await names.passed();
  return token;
}

/** What pandas needs to make a frame of the array again (TileDB-Py, `open_dataframe`). */
function pandasMetadata(fields: readonly ColumnField[]): Map<string, MetadataValue> {
  const entries = new Map<string, MetadataValue>([["__pandas_index_dims", `{"${DIMENSION}": "int64"}`]]);
  const booleans = fields.filter((field) => field.type === "Bool");
  if (booleans.length > 0) {
    const pairs = booleans.map((field) => `${JSON.stringify(field.name)}: "bool"`);
    entries.set("__pandas_attribute_repr", `{${pairs.join(", ")}}`);
  }
  return entries;
}

async function refuseExisting(target: string, overwrite: boolean): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (found && !overwrite) {
    const message = `${target} exists already; choose another path or give overwrite: true`;
    throw new ArgumentError("FILE_EXISTS", message, { path: target });
  }
}

/** Moves the finished array to its name; an array it replaces is set aside first and removed last. */
async function putInPlace(partial: string, target: string, overwrite: boolean): Promise<void> {
  if (!overwrite) return rename(partial, target);
  const old = `${partial}.replaced`;
  const replaced = await rename(target, old).then(
    () => true,
    () => false,
  );
  await rename(partial, target);
  if (replaced) await rm(old, { recursive: true, force: true });
}

/**
 * Names of a TileDB array's parts, `__T_T_UUID`: T is the time in milliseconds, later in each name than in the one before,
 * because readers replay parts in that order and do not see those dated in the future.
 */
class ArrayNames {
  #last = 0;

  next(): string {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return `__${this.#last}_${this.#last}_${randomUUID().replaceAll("-", "")}`;
  }

  /** Waits until the clock has reached the last name. */
  async passed(): Promise<void> {
    const ahead = this.#last - Date.now();
    if (ahead >= 0) await sleep(ahead + 1);
  }
}
