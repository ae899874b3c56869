/** Stores a table as the file that OMERO keeps of it: made here, sent as it is, and opened by the table service. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { type OnProgress, TABLE_MIMETYPE, type TableCallOptions } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { DataError, FileError, ServerError, TableError, throwIfAborted } from "../../errors.js";
import { clearUp } from "../../flow/failures.js";
import { LocalFile } from "../../flow/files/local-file.js";
import { openTemporaryFile, type TemporaryFile } from "../../flow/files/temporary-file.js";
import type { Source } from "../../formats/format.js";
import { FileCreation } from "../../gateway/files/file-creation.js";
import { createFile, type RemoteFile } from "../../gateway/files/raw-file.js";
import { storeContent } from "../../gateway/files/store-content.js";
import { messageOf } from "../../gateway/files/upload-failure.js";
import { openTable } from "../../gateway/tables/open-table.js";
import type { RemoteTable } from "../../gateway/tables/table.js";
import type { MetadataValue } from "../metadata.js";
import { rowsPerCall, type SendOptions } from "../send-rows.js";
import type { TableStore } from "./begun-tables.js";
import type { OpenedTable, StoringWay } from "./server-table.js";
import { BY_SERVICE } from "./service.js";

/**
 * The table's file is made here and sent whole; a server that does not take it gets the rows by its table service, with a
 * warning.
 */
export const BY_FILE: StoringWay = {
  slowConsumer: false,
  async store(source, storing) {
    const { place, tableName, metadata, options, onWarning } = storing;
    await using local = await LocalTable.write(source, metadata, options);
    try {
      return await storing.begin(new FileStore(place.connection, tableName, place.group)).store(local, options);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const remains = await storing.undo();
      if (remains.state === "left") throw error;
      onWarning(`The server did not take the table as a file, so it goes row by row: ${messageOf(error)}`);
      return await BY_SERVICE.store(local.source(), storing);
    }
  },
};

/** Whether the server answered, but would not take the file. */
function isRefusal(error: unknown): boolean {
  return error instanceof ServerError || error instanceof DataError || error instanceof TableError;
}

/** Rows written to a file at a time: more cost memory and gain nothing. */
const WRITTEN_ROWS = 16_384;

/** A table as a temporary file of this machine. */
class LocalTable implements AsyncDisposable {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly #file: TemporaryFile;

  private constructor(file: TemporaryFile, fields: readonly ColumnField[], rowCount: number) {
    this.#file = file;
    this.fields = fields;
    this.rowCount = rowCount;
  }

  /** @throws FileError `CANNOT_WRITE_FILE`, and what the source throws */
  static async write(
    source: Source,
    metadata: ReadonlyMap<string, MetadataValue>,
    options: SendOptions,
  ): Promise<LocalTable> {
    const file = await openTemporaryFile();
    try {
      return new LocalTable(file, source.fields, await writeRows(file, source, metadata, options));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  content(): Promise<LocalFile> {
    return LocalFile.of(this.#file.handle, "the table's temporary file");
  }

  /** Its rows, to be sent in another way. */
  source(): Source {
    const { fields, rowCount } = this;
    return { fields, rowCount, batches: (rows, options) => readRows(this.#file, rows, options), close: async () => {} };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

async function writeRows(
  file: TemporaryFile,
  source: Source,
  metadata: ReadonlyMap<string, MetadataValue>,
  { signal, onProgress, chunkSize }: SendOptions,
): Promise<number> {
  const { createHdf5Table } = await import("../../formats/hdf5/index.js");
  const written = <T>(writing: Promise<T>) =>
    writing.catch((error) => {
      throw error instanceof FileError ? file.failure(error.cause) : error;
    });
  const table = await written(createHdf5Table(file.handle, source.fields, { metadata }));
  try {
    const total = source.rowCount;
    for await (const batch of source.batches(Math.min(rowsPerCall(source, chunkSize), WRITTEN_ROWS), { signal })) {
      throwIfAborted(signal, "uploadTable");
      await written(table.addData(batch, { signal }));
      onProgress?.({ done: table.rowCount, total, unit: "rows" });
    }
    // It is read once and thrown away: it need not reach the disk.
    await written(table.flush({ durable: false }));
    return table.rowCount;
  } finally {
    await clearUp(() => table.abandon());
  }
}

async function* readRows(
  file: TemporaryFile,
  batchRows: number,
  { signal }: TableCallOptions = {},
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { readHdf5Batches } = await import("../../formats/hdf5/index.js");
  yield* readHdf5Batches(file.handle, { batchRows, signal });
}

class FileStore implements TableStore {
  readonly creation: FileCreation<RemoteFile>;
  readonly #connection: OmeroConnection;
  #table: RemoteTable | undefined;

  constructor(connection: OmeroConnection, name: string, group: number) {
    this.#connection = connection;
    const mimetype = TABLE_MIMETYPE;
    const create = () => createFile(connection, { name, path: name, mimetype, group });
    this.creation = new FileCreation(connection, { name, mimetype, group, functionName: "uploadTable", create });
  }

  /**
   * Sends the file and has the table service open it.
   * @throws TableError `UPLOAD_FAILED` where the service does not find the table that was sent
   */
  async store(
    local: LocalTable,
    options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: OnProgress | undefined },
  ): Promise<OpenedTable> {
    const { signal, onProgress } = options;
    const file = await this.creation.create(signal);
    await storeContent(file, await local.content(), { signal, onProgress });
    await this.#check(local, signal);
    return { fileId: file.file.id, rowCount: local.rowCount };
  }

  async close(): Promise<void> {
    await clearUp(() => this.#table?.close());
    await this.creation.created?.close();
  }

  async #check(local: LocalTable, signal: AbortSignal | undefined): Promise<void> {
    const fileId = this.creation.created!.file.id;
    const table = await openTable(this.#connection, { fileId }, { signal });
    this.#table = table;
    const fault = difference(table, local);
    if (fault !== undefined) throw new TableError("UPLOAD_FAILED", `the server finds ${fault}`, { fileId });
    if (local.rowCount > 0)
      await table.read(
        local.fields.map((_, index) => index),
        local.rowCount - 1,
        local.rowCount,
        { signal },
      );
    await table.close();
  }
}

function difference(found: RemoteTable, sent: LocalTable): string | undefined {
  if (found.rowCount !== sent.rowCount) return `${found.rowCount} rows where ${sent.rowCount} were sent`;
  const described = (fields: readonly ColumnField[]) =>
    fields.map(({ name, type, size }) => `${type} "${name}" (${size})`);
  const [there, here] = [described(found.fields), described(sent.fields)];
  const index = here.findIndex((one, position) => one !== there[position]);
  if (index < 0 && there.length === here.length) return undefined;
  return `${there[index] ?? "no column"} where ${here[index] ?? "no column"} was sent`;
}
