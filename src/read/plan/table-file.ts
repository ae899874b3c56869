/**
 * A table of a server fetched as the file it is. OMERO.tables keeps a table as an HDF5 file, which can be read like any other
 * (`omero::api::RawFileStore`); decoding it here spares the table service its work for each column and call.
 */
import { createHash } from "node:crypto";
import type { OnProgress, ReadableTable } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { DataError } from "../../errors.js";
import { awaitedLater } from "../../flow/failures.js";
import { openTemporaryFile, type TemporaryFile } from "../../flow/files/temporary-file.js";
import { WriteBehind } from "../../flow/write-behind.js";
import type { OriginalFileInfo } from "../../gateway/files/original-file.js";
import { RemoteFile } from "../../gateway/files/raw-file.js";
import type { RemoteTable } from "../../gateway/tables/table.js";
import { compileCondition } from "../../query/index.js";
import { askService, compareWithService, haveSameColumns } from "./service-comparison.js";

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes fetched so far. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Fetches a table's file into a temporary one and opens it: a file at rest that holds what the table service shows. Memory
 * holds a few blocks, whatever the file's size. A lost connection costs the blocks in flight.
 *
 * Always compared: the file's size with what the server noted when the table was last closed, columns and rows with what
 * the service says, and the file's own structure, so that one that is cut short, growing or another table's is refused.
 * Where the server has noted a SHA-1 it is compared too, and tells of any byte that has changed since. Where it has not, the
 * ordinary case for tables that others made, size, columns and rows are asked for again after the transfer, and a sample of
 * rows is compared with the service's ({@link compareWithService}): that tells of cells that were changed in many rows, not of
 * a few changed in between, which the service itself would give half old and half new.
 *
 * @throws DataError `CHECKSUM_MISMATCH` for a file that is not what the server noted; `MALFORMED_FILE` for one that is no
 * HDF5 file, or another table's; `UNSUPPORTED_TYPE` for one in a form OMERO does not write
 * @throws TableError `TABLE_CHANGED` for one that differs from what the service shows, or changed meanwhile
 * @throws FileError `CANNOT_WRITE_FILE` @throws AbortError
 */
export async function fetchTableFile(
  connection: OmeroConnection,
  table: RemoteTable,
  options: FetchOptions = {},
): Promise<ReadableTable> {
  const { signal } = options;
  const { file } = table;
  if (!file.size) throw notAtRest(file.id, "the server has noted no size of it");
  const target = await openTemporaryFile();
  const remote = RemoteFile.atRest(connection, file, file.size);
  // Loaded while the first block comes.
  const hdf5 = import("../../formats/hdf5/index.js");
  try {
    const sum = await fetchInto(target, remote, hdf5, options);
    const closed = remote.close();
    // Asked when the last byte has come, and answered while the file is opened.
    const shown = sum === undefined ? awaitedLater(askService(connection, table, signal)) : undefined;
    checkSum(file, sum);
    const fetched = await (await hdf5).openHdf5Table(target.handle, { compileCondition });
    checkSameTable(fetched, table);
    if (shown) await compareWithService(table, await shown, fetched, signal);
    return closingToo(fetched, () => Promise.all([closed, target.close()]));
  } catch (error) {
    await Promise.all([remote.close(), target.close()]);
    throw error;
  }
}

type Hdf5 = typeof import("../../formats/hdf5/index.js");

/** @returns the SHA-1 of what came, where the server has noted one to compare it with */
async function fetchInto(
  target: TemporaryFile,
  remote: RemoteFile,
  hdf5: Promise<Hdf5>,
  { signal, onProgress }: FetchOptions,
): Promise<string | undefined> {
  const { id, sha1 } = remote.file;
  const sum = sha1 === undefined ? undefined : createHash("sha1");
  let done = 0;
  // A block is written while it is summed up and the next one comes.
  const writes = new WriteBehind();
  for await (const block of remote.blocks({ signal })) {
    if (done === 0) {
      const { hasHdf5Signature } = await hdf5;
      if (!hasHdf5Signature(block)) throw noHdf5File(id);
      clearWritingFlag(block);
    }
    const position = done;
    await writes.next(() => target.write(block, position));
    sum?.update(block);
    done += block.length;
    onProgress?.({ done, total: remote.size, unit: "bytes" });
  }
  await writes.done();
  return sum?.digest("hex");
}

function checkSum({ id, sha1 }: OriginalFileInfo, found: string | undefined): void {
  if (found !== sha1) throw notAtRest(id, `it has SHA-1 ${found} where the server noted ${sha1}`);
}

function noHdf5File(fileId: number): DataError {
  const message = `file ${fileId} is no HDF5 file: the server keeps tables in another form`;
  return new DataError("MALFORMED_FILE", message, { fileId });
}

/** HDF5 superblocks of version 0 and 1, "File Consistency Flags": where they are, and the one of a file open for writing. */
const CONSISTENCY_FLAGS = 20;
const OPEN_FOR_WRITING = 1;

/**
 * The table service opens a table's file for writing even to read it, which marks it as open; the checksum the server noted is
 * of the file without the mark. Where anything else differs, the file is not what it was when it was closed.
 */
function clearWritingFlag(block: Uint8Array): void {
  const version = block[8]!;
  if (version <= 1 && block.length > CONSISTENCY_FLAGS) block[CONSISTENCY_FLAGS]! &= ~OPEN_FOR_WRITING;
}

function notAtRest(fileId: number, why: string): DataError {
  const message = `file ${fileId} cannot be read as a file: ${why}; it may be being written`;
  return new DataError("CHECKSUM_MISMATCH", message, { fileId });
}

function checkSameTable(fetched: ReadableTable, table: RemoteTable): void {
  if (fetched.rowCount === table.rowCount && haveSameColumns(fetched.fields, table.fields)) return;
  const message = `file ${table.file.id} holds another table than the service shows; it may be being written`;
  throw new DataError("MALFORMED_FILE", message, { fileId: table.file.id });
}

/** The table, which also closes what it is read from. */
function closingToo(table: ReadableTable, closeSource: () => Promise<unknown>): ReadableTable {
  return {
    fields: table.fields,
    rowCount: table.rowCount,
    read: (columns, start, stop, options) => table.read(columns, start, stop, options),
    slice: (columns, rows, options) => table.slice(columns, rows, options),
    getWhereList: (condition, variables, span, options) => table.getWhereList(condition, variables, span, options),
    getAllMetadata: (options) => table.getAllMetadata(options),
    close: () => table.close().finally(closeSource),
  };
}
