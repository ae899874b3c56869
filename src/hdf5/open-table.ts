import { unlink } from "node:fs/promises";
import type { ColumnField } from "../batch.js";
import { ArgumentError } from "../errors.js";
import type { TableMetadata } from "../table.js";
import { checkFields } from "./column-rules.js";
import { LocalFile } from "./format/local-file.js";
import { checkMetadata, Hdf5Table, type Hdf5TableOptions, withPath } from "./hdf5-table.js";
import { newTableFileBytes } from "./new-table-file.js";
import { openTableFile } from "./table-file-kinds.js";

export interface OpenHdf5Options extends Hdf5TableOptions {
  /** Default true. */
  readonly readOnly?: boolean;
}

export interface CreateHdf5Options extends Hdf5TableOptions {
  /** User metadata. `__version` and `__initialized` are added. */
  readonly metadata?: TableMetadata | undefined;
}

/** Files open for writing in this process. */
const openForWriting = new Set<string>();

/**
 * Opens an OMERO.tables file.
 * @throws FileError `CANNOT_READ_FILE`; `CANNOT_WRITE_FILE` where it may not be written.
 * @throws DataError `MALFORMED_FILE` for what is no such file, or a damaged one; `UNSUPPORTED_TYPE` for unknown columns.
 * @throws ArgumentError `INVALID_ARGUMENT` where it is to be written and this process already writes it.
 */
export async function openHdf5Table(path: string, options: OpenHdf5Options = {}): Promise<Hdf5Table> {
  const writable = options.readOnly === false;
  const release = writable ? await claimForWriting(path) : () => {};
  try {
    return await withPath(path, () => openTable(path, writable, release, options));
  } catch (error) {
    release();
    throw error;
  }
}

async function openTable(path: string, writable: boolean, onClose: () => void, options: Hdf5TableOptions) {
  const file = await openTableFile(path, writable);
  try {
    return new Hdf5Table({ path, file, writable, onClose }, options);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function claimForWriting(path: string): Promise<() => void> {
  const file = await LocalFile.open(path, "write");
  const identity = await file.identity().finally(() => file.close());
  if (openForWriting.has(identity)) {
    throw new ArgumentError("INVALID_ARGUMENT", `${path} is already open for writing`, { path });
  }
  openForWriting.add(identity);
  return () => openForWriting.delete(identity);
}

/**
 * Makes an OMERO.tables file without rows and opens it for writing.
 * @throws ArgumentError `FILE_EXISTS`; `INVALID_ARGUMENT` for reserved metadata.
 * @throws FileError `CANNOT_WRITE_FILE`
 * @throws DataError `INVALID_SCHEMA` for columns that cannot be, `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT` for too many.
 */
export async function createHdf5Table(
  path: string,
  fields: readonly ColumnField[],
  options: CreateHdf5Options = {},
): Promise<Hdf5Table> {
  checkFields(fields);
  for (const [key, value] of options.metadata ?? []) checkMetadata(key, value);
  const metadata = new Map(options.metadata);
  metadata.set("__version", "2").set("__initialized", Date.now() / 1000);
  const bytes = newTableFileBytes({ fields, metadata });
  const file = await LocalFile.open(path, "create");
  try {
    await file.write(bytes, 0).finally(() => file.close());
    return await openHdf5Table(path, { readOnly: false, compileCondition: options.compileCondition });
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  }
}
