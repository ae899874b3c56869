/** Writes a whole TileDB array: what `tiledb.from_pandas` makes of the same rows, and the metadata that OMERO Plus checks. */

import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import type { OnProgress, TableMetadata } from "../../columns/table.js";
import { throwIfAborted } from "../../errors.js";
import type { TargetFolder } from "../../flow/files/target-folder.js";
import { join, mkdir, randomBytes, writeFile } from "../node.js";
import { type ArrayMetadataValue, encodeMetadata, TOKEN_KEY } from "./array-metadata.js";
import { checkAttributes } from "./attribute-rules.js";
import { encodeGenericTile } from "./bytes/tile.js";
import { writeFragment } from "./fragments/fragment-writer.js";
import { PartNames } from "./part-names.js";
import { DIMENSION, encodeSchema } from "./schema.js";

export interface ArrayWriteOptions {
  /** Rows to come, where known; for {@link onProgress}. */
  readonly rowCount?: number | undefined;
  /** The user's metadata; what begins with `__` is left out. */
  readonly metadata?: TableMetadata | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of the rows written. */
  readonly onProgress?: OnProgress | undefined;
}

const WRITING = "Writing the TileDB array";
/** Version of the layout that OMERO Plus expects of a registered table (omero2pandas, `OMERO_TILEDB_VERSION`). */
const TABLE_VERSION = "3";
/** Folders of an array; engines make the empty ones too. */
const FOLDERS = ["__commits", "__fragments", "__fragment_meta", "__labels", "__meta", "__schema/__enumerations"];

/**
 * Writes `batches`, one fragment each, as the array that `target` becomes. Gives the secret token.
 *
 * @throws DataError `UNSUPPORTED_TYPE`, `INVALID_SCHEMA` before anything is written; ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE`; AbortError.
 */
export async function writeArray(
  target: TargetFolder,
  fields: readonly ColumnField[],
  batches: AsyncIterable<ColumnBatch>,
  options: ArrayWriteOptions = {},
): Promise<string> {
  checkAttributes(fields);
  const schema = encodeGenericTile(encodeSchema(fields));
  return target.write((folder) => writeParts(folder, schema, fields, batches, options));
}

async function writeParts(
  array: string,
  schema: Uint8Array,
  fields: readonly ColumnField[],
  batches: AsyncIterable<ColumnBatch>,
  { rowCount, metadata, signal, onProgress }: ArrayWriteOptions,
): Promise<string> {
  for (const folder of FOLDERS) await mkdir(join(array, folder), { recursive: true });
  const names = new PartNames();
  const schemaName = names.next();
  await writeNew(join(array, "__schema", schemaName), schema);
  const writeMetadata = (entries: ReadonlyMap<string, ArrayMetadataValue>) =>
    writeNew(join(array, "__meta", names.next()), encodeGenericTile(encodeMetadata(entries)));
  await writeMetadata(pandasMetadata(fields));
  let row = 0;
  onProgress?.({ done: row, total: rowCount, unit: "rows" });
  for await (const batch of batches) {
    throwIfAborted(signal, WRITING);
    if (batch.rowCount === 0) continue;
    await writeFragment(array, names.next(), schemaName, batch, row, signal);
    row += batch.rowCount;
    onProgress?.({ done: row, total: rowCount, unit: "rows" });
  }
  const token = randomBytes(32).toString("base64url");
  await writeMetadata(tableMetadata(token, metadata));
  await names.passed(signal, WRITING);
  throwIfAborted(signal, WRITING);
  return token;
}

/** What pandas needs to make a frame of the array again (TileDB-Py, `open_dataframe`). */
function pandasMetadata(fields: readonly ColumnField[]): Map<string, ArrayMetadataValue> {
  const entries = new Map<string, ArrayMetadataValue>([["__pandas_index_dims", `{"${DIMENSION}": "int64"}`]]);
  const booleans = fields.filter(({ type }) => type === "Bool").map(({ name }) => `${JSON.stringify(name)}: "bool"`);
  if (booleans.length > 0) entries.set("__pandas_attribute_repr", `{${booleans.join(", ")}}`);
  return entries;
}

/** What marks the array as a table (omero2pandas, `create_tiledb`); the time is in seconds since 1970. */
function tableMetadata(token: string, metadata: TableMetadata = new Map()): Map<string, ArrayMetadataValue> {
  return new Map<string, ArrayMetadataValue>([
    ...[...metadata].filter(([key]) => !key.startsWith("__") && key !== TOKEN_KEY),
    ["__version", TABLE_VERSION],
    ["__initialized", Date.now() / 1000],
    [TOKEN_KEY, token],
  ]);
}

function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  return writeFile(path, bytes, { flag: "wx" });
}
