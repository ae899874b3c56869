/** Rows into a file of OMERO.tables, which appears whole or not at all. */

import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { clearUp } from "../../flow/failures.js";
import { LocalFile } from "../../flow/files/local-file.js";
import { syncFolder } from "../../flow/files/sync-folder.js";
import { cannotWrite, finalPath, giveName, openTargetFile, partPathOf } from "../../flow/files/target-file.js";
import { openTemporaryFile } from "../../flow/files/temporary-file.js";
import { isWrittenThrough } from "../../flow/files/written-through.js";
import { beginCleaning } from "../../flow/process/cleaning.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { dirname, rm } from "../node.js";
import type { Hdf5Table } from "./hdf5-table.js";
import { createHdf5Table } from "./open-table.js";

const WRITING = "writing the HDF5 file";

/** Written under another name beside `path`, and renamed when it is whole and on the disk. */
export class Hdf5Sink implements Sink {
  readonly #path: string;
  readonly #partPath: string;
  readonly #overwrite: boolean;
  #table: Hdf5Table | undefined;
  #endCleaning = () => {};

  private constructor(path: string, overwrite: boolean) {
    this.#path = path;
    this.#partPath = partPathOf(path);
    this.#overwrite = overwrite;
  }

  /** @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE` */
  static async create(path: string, { overwrite = false }: NewFileOptions = {}): Promise<Sink> {
    const final = await finalPath(path, overwrite);
    return (await isWrittenThrough(final)) ? new ThroughHdf5Sink(final) : new Hdf5Sink(final, overwrite);
  }

  /** @throws FileError `CANNOT_WRITE_FILE`; DataError as `createHdf5Table` and `Hdf5Table.addData`. */
  async write(rows: RowStream, options: SinkOptions = {}): Promise<number> {
    const metadata = ownMetadata(await rows.metadata?.());
    this.#endCleaning = beginCleaning();
    this.#table = await createHdf5Table(this.#partPath, rows.fields, { metadata });
    await addBatches(this.#table, rows, options);
    await this.#table.close();
    await this.#giveName();
    return this.#table.rowCount;
  }

  async close(): Promise<void> {
    await clearUp(
      () => this.#table?.abandon(),
      () => rm(this.#partPath, { force: true }),
    );
    this.#endCleaning();
  }

  async #giveName(): Promise<void> {
    try {
      await giveName(this.#partPath, this.#path, this.#overwrite);
      await syncFolder(dirname(this.#path));
    } catch (cause) {
      throw cause instanceof ArgumentError ? cause : cannotWrite(this.#path, cause);
    }
  }
}

const COPIED_BYTES = 1 << 20;

/** The file is made whole in a temporary one, as its parts are not written one after the other, and then passed on. */
class ThroughHdf5Sink implements Sink {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async write(rows: RowStream, options: SinkOptions = {}): Promise<number> {
    const file = await openTemporaryFile();
    const target = await openTargetFile(this.#path);
    try {
      const metadata = ownMetadata(await rows.metadata?.());
      const table = await createHdf5Table(file.handle, rows.fields, { metadata });
      await addBatches(table, rows, options);
      await table.close();
      const local = await LocalFile.of(file.handle, this.#path);
      for await (const block of local.blocks(COPIED_BYTES, 1)) await target.write(block);
      await target.commit();
      return table.rowCount;
    } finally {
      await target.discard();
      await file.close();
    }
  }

  async close(): Promise<void> {}
}

/** Without what a new table gets of its own. */
function ownMetadata(metadata: TableMetadata = new Map()): TableMetadata {
  return new Map([...metadata].filter(([key]) => !key.startsWith("__")));
}

async function addBatches(table: Hdf5Table, rows: RowStream, { signal, onProgress }: SinkOptions): Promise<void> {
  for await (const batch of rows.batches) {
    throwIfAborted(signal, WRITING);
    await table.addData(batch, { signal });
    onProgress?.({ done: table.rowCount, total: rows.rowCount, unit: "rows" });
  }
  throwIfAborted(signal, WRITING);
}

export interface WriteHdf5Options extends NewFileOptions, SinkOptions {
  /** User metadata. */
  readonly metadata?: TableMetadata | undefined;
  /** Rows there will be, for progress. */
  readonly rowCount?: number | undefined;
}

/** Writes a file of OMERO.tables and gives the number of rows. Throws as {@link Hdf5Sink} does. */
export async function writeHdf5Table(
  path: string,
  fields: readonly ColumnField[],
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  options: WriteHdf5Options = {},
): Promise<number> {
  const { metadata, rowCount } = options;
  const sink = await Hdf5Sink.create(path, options);
  try {
    const rows = { fields, rowCount, batches: streamed(batches), metadata: metadata && (async () => metadata) };
    return await sink.write(rows, options);
  } finally {
    await sink.close();
  }
}

async function* streamed(batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>) {
  yield* batches;
}
