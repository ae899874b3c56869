import { randomBytes } from "node:crypto";
import { access, link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import type { OnProgress, TableMetadata } from "../../columns/table.js";
import { ArgumentError, FileError, throwIfAborted } from "../../errors.js";
import type { Hdf5Table } from "./hdf5-table.js";
import { createHdf5Table } from "./open-table.js";

export interface WriteHdf5Options {
  /** User metadata. */
  readonly metadata?: TableMetadata | undefined;
  /** Replace a file of that name; default: its presence is an error. */
  readonly overwrite?: boolean | undefined;
  /** Rows there will be, for progress. */
  readonly rowCount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Writes an OMERO.tables file: under another name beside `path`, and renamed when it is whole and on the disk. When
 * that fails nothing stays behind.
 * @returns rows written.
 * @throws ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE`; DataError as `createHdf5Table` and `addData`.
 */
export async function writeHdf5Table(
  path: string,
  fields: readonly ColumnField[],
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  options: WriteHdf5Options = {},
): Promise<number> {
  const target = resolve(path);
  if (!options.overwrite) await refuseExisting(target);
  const partPath = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.part`);
  const table = await createHdf5Table(partPath, fields, { metadata: options.metadata });
  try {
    await addBatches(table, batches, options);
    await table.close();
    await giveName(partPath, target, options.overwrite ?? false);
    return table.rowCount;
  } finally {
    await table.abandon().catch(() => {});
    await rm(partPath, { force: true });
  }
}

async function addBatches(
  table: Hdf5Table,
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  { signal, onProgress, rowCount }: WriteHdf5Options,
): Promise<void> {
  for await (const batch of batches) {
    throwIfAborted(signal, "writeHdf5Table");
    await table.addData(batch, { signal });
    onProgress?.({ done: table.rowCount, total: rowCount, unit: "rows" });
  }
  throwIfAborted(signal, "writeHdf5Table");
}

/** A link, unlike a rename, fails where a file of the name appeared meanwhile; not every file system has links. */
async function giveName(partPath: string, path: string, overwrite: boolean): Promise<void> {
  try {
    const linked = !overwrite && (await link(partPath, path).then(() => true, refuseIfThere(path)));
    if (!linked) await rename(partPath, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    if (cause instanceof ArgumentError) throw cause;
    throw new FileError("CANNOT_WRITE_FILE", `Cannot write ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

function refuseIfThere(path: string) {
  return async (error: NodeJS.ErrnoException): Promise<false> => {
    if (error.code === "EEXIST") throw fileExists(path);
    await refuseExisting(path);
    return false;
  };
}

async function refuseExisting(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw fileExists(path);
}

function fileExists(path: string): ArgumentError {
  return new ArgumentError("FILE_EXISTS", `${path} is already there; give overwrite: true to replace it`, { path });
}

/** Puts a directory's entries on the disk, where the system can. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  await directory?.sync().catch(() => {});
  await directory?.close();
}
