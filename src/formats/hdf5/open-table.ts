import type { ColumnField } from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";
import { ArgumentError } from "../../errors.js";
import { clearUp } from "../../flow/failures.js";
import { unlink } from "../node.js";
import { checkTableMetadata, Hdf5Table, type Hdf5TableOptions, type OpenTableFile, withPath } from "./hdf5-table.js";
import { newTableFileBytes } from "./new-table-file.js";
import { PlainTableFile } from "./plain-table-file.js";
import { checkFields } from "./rules/column-rules.js";
import { type FileSource, Hdf5File, sourceName } from "./structure/local-file.js";

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
 * @param source its path, or a file that is open, for writing too if that is wanted; such a one stays open.
 * @throws FileError `CANNOT_READ_FILE`; `CANNOT_WRITE_FILE` where it may not be written.
 * @throws DataError `MALFORMED_FILE` for what is no such file, or a damaged one; `UNSUPPORTED_TYPE` for unknown columns,
 *   filters other than deflate, shuffle and fletcher32, compressed chunks of over 64 MiB, and structures of HDF5 1.10.
 * @throws ArgumentError `INVALID_ARGUMENT` where it is to be written and this process already writes it.
 */
export async function openHdf5Table(source: FileSource, options: OpenHdf5Options = {}): Promise<Hdf5Table> {
  const path = sourceName(source);
  if (options.readOnly !== false) return withPath(path, () => openTable(source, { path, writable: false }, options));
  const onClose = await claimForWriting(source);
  try {
    return await withPath(path, () => openTable(source, { path, writable: true, onClose }, options));
  } catch (error) {
    onClose();
    throw error;
  }
}

async function openTable(source: FileSource, parts: Omit<OpenTableFile, "file">, options: Hdf5TableOptions) {
  const file = await PlainTableFile.open(source, parts.writable);
  try {
    return new Hdf5Table({ ...parts, file }, options);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function claimForWriting(source: FileSource): Promise<() => void> {
  const file = await Hdf5File.open(source, "write");
  const { path } = file;
  const identity = await file.identity().finally(() => file.close());
  if (openForWriting.has(identity)) {
    throw new ArgumentError("INVALID_ARGUMENT", `${path} is already open for writing`, { path });
  }
  openForWriting.add(identity);
  return () => openForWriting.delete(identity);
}

/**
 * Makes an OMERO.tables file without rows and opens it for writing.
 * @param target its path, or an empty file that is open for reading and writing; such a one stays open.
 * @throws ArgumentError `FILE_EXISTS`; `INVALID_ARGUMENT` for reserved metadata.
 * @throws FileError `CANNOT_WRITE_FILE`
 * @throws DataError `INVALID_SCHEMA` for columns that cannot be, `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT` for too many.
 */
export async function createHdf5Table(
  target: FileSource,
  fields: readonly ColumnField[],
  options: CreateHdf5Options = {},
): Promise<Hdf5Table> {
  checkFields(fields);
  for (const [key, value] of options.metadata ?? []) checkTableMetadata(key, value);
  const metadata = new Map(options.metadata);
  metadata.set("__version", "2").set("__initialized", Date.now() / 1000);
  const bytes = newTableFileBytes({ fields, metadata });
  const file = await Hdf5File.open(target, "create");
  try {
    await file.write(bytes, 0).finally(() => file.close());
    return await openHdf5Table(target, { readOnly: false, compileCondition: options.compileCondition });
  } catch (error) {
    if (typeof target === "string") await clearUp(() => unlink(target));
    throw error;
  }
}
