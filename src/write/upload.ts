/** Uploading: rows from any source become a new table, attached to objects; after a failure nothing of it is left. */

import { type OnProgress, TABLE_MIMETYPE } from "../columns/table.js";
import {
  type ConnectionOption,
  checkConnectionOption,
  type UsedConnection,
  useConnection,
} from "../connect/connection-option.js";
import { ArgumentError, DataError, ServerError, TableError, throwIfAborted } from "../errors.js";
import { both } from "../flow/both.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import type { CsvOptions } from "../formats/csv/index.js";
import type { Source } from "../formats/format.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { type ColumnTypes, checkColumnTypes, checkTypedColumns } from "../formats/values/column-types.js";
import { type AnnotationText, attachFile, removeFile } from "../gateway/attachment.js";
import { type Attachment, attachmentsOf } from "../gateway/attachments.js";
import { messageOf, type Remains, undo, uploadFailure } from "../gateway/files/upload-failure.js";
import type { LinkTarget } from "../gateway/link-target.js";
import { checkTargets, type LinkOptions, linkTargets } from "../gateway/links.js";
import { FileStore, LocalTable } from "./file-store.js";
import { checkMetadata, type MetadataInput, type MetadataValue } from "./metadata.js";
import { isRemoteTable, type RemoteTableOptions, uploadRemoteTable } from "./remote/remote-table.js";
import { checkChunkSize } from "./send-rows.js";
import { ServiceStore, type StoredTable, type TableStore } from "./service-store.js";

export interface UploadOptions extends ConnectionOption, LinkOptions, AnnotationText, RemoteTableOptions {
  /** Rows a call, or of each fragment of a remote table; chosen by the columns' width unless given. */
  readonly chunkSize?: number | undefined;
  /** Metadata of the table. Whole numbers are stored as int64, others in 32-bit floating point, text as it is. */
  readonly metadata?: MetadataInput | undefined;
  /** Types by column, in place of those that follow from the data. */
  readonly columnTypes?: ColumnTypes | undefined;
  /**
   * Replace the tables of the same name that are attached to the first object: they are removed when the new one is
   * whole, and stay if it fails.
   */
  readonly replace?: boolean | undefined;
  /**
   * How the rows reach the server: by its table service, call by call (`service`, default), or as the file that OMERO keeps
   * of a table, made here and sent as it is (`file`). The latter takes a fraction of the time, and as much room for
   * temporary files as the table. It is for servers that keep tables in HDF5, as OMERO does unless it is set up otherwise;
   * the server's table service opens the file, and if it does not find the same columns and rows, or the server refuses
   * the file, the file is removed and the service is used, with a warning.
   */
  readonly route?: "service" | "file" | undefined;
  /** How a CSV is written, where that is not to be found out. */
  readonly csv?: CsvOptions | undefined;
  /** Stops the upload, which then removes what it made. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of a CSV while it is looked through, then of the rows sent. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what is worth knowing but no error; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

export interface UploadResult {
  /** Of the FileAnnotation that attaches the table. */
  readonly annotationId: bigint;
  /** Of the table's OriginalFile. */
  readonly fileId: bigint;
  readonly rowCount: number;
}

/** All that is checked before anything is made. */
interface UploadPlan {
  readonly tableName: string;
  readonly targets: readonly LinkTarget[];
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  readonly options: UploadOptions;
  readonly onWarning: OnWarning;
  readonly isRemote: boolean;
}

/**
 * Uploads rows as a new table and attaches it to objects: `parentId` (an Image unless `parentType` says otherwise) and
 * `links`, which must all be in one group; the table is kept there.
 *
 * Column types follow from all of the data: integers Long, floats Double, text String (as wide as its longest value in
 * bytes of UTF-8), booleans Bool, lists array columns; integer columns named image, dataset, roi, well, plate, field,
 * wellsample or file, in any case, hold ids. Integers with missing values become Double with NaN, which is warned of.
 * A `/` in a name is stored as `\`.
 *
 * Everything is checked before anything is made on the server. If the upload fails half-way or is aborted, the table is
 * removed again; the error says so, or what is left.
 *
 * With `localPath` the table is a remote one: see {@link RemoteTableOptions}, `createTileDB` and `registerTable`, which do
 * the two halves of it. An array that is whole stays there when registering it fails.
 *
 * @throws ArgumentError, DataError (with `column`, `row`), FileError: nothing was made
 * @throws TableError `NOT_FOUND` for an object to attach to that is not there; `UPLOAD_FAILED` with `cause`, and `path`
 * of a remote table's array
 * @throws AbortError, and what `connectToOmero` throws
 */
export async function uploadTable(source: RowSource, tableName: string, options: UploadOptions): Promise<UploadResult> {
  const plan = planUpload(tableName, options);
  throwIfAborted(options.signal, "uploadTable");
  if (plan.isRemote) return uploadRemoteTable(source, plan);
  const [place, opened] = await both(
    options.signal,
    (signal) => openPlace(plan, signal),
    (signal) => openRows(source, plan, signal),
    (made) => made.release(),
    (made) => made.close(),
  );
  try {
    return await new TableUpload(plan, place).run(opened);
  } finally {
    await opened.close();
    await place.release();
  }
}

function planUpload(tableName: string, options: UploadOptions): UploadPlan {
  if (typeof tableName !== "string" || tableName.trim() === "") {
    throw new ArgumentError("INVALID_ARGUMENT", "The table needs a name");
  }
  const { onWarning = emitWarning } = options;
  checkConnectionOption(options);
  checkChunkSize(options.chunkSize);
  if (!["service", "file", undefined].includes(options.route)) {
    throw new ArgumentError("INVALID_ARGUMENT", `route must be "service" or "file"; found ${String(options.route)}`);
  }
  checkColumnTypes(options.columnTypes);
  const metadata = checkMetadata(options.metadata, onWarning);
  const isRemote = isRemoteTable(options);
  return { tableName, targets: linkTargets(options), metadata, options, onWarning, isRemote };
}

/** Where the table goes: a connection and a group. */
interface Place extends UsedConnection {
  readonly group: bigint;
}

async function openPlace({ targets, options, onWarning }: UploadPlan, signal: AbortSignal): Promise<Place> {
  const used = await useConnection({ ...options, signal });
  try {
    return { ...used, group: await checkTargets(used.connection, targets, onWarning, signal) };
  } catch (error) {
    await used.release();
    throw error;
  }
}

function openRows(source: RowSource, { options, onWarning }: UploadPlan, signal: AbortSignal): Promise<Source> {
  const types = checkColumnTypes(options.columnTypes);
  const checkNames = (names: readonly string[]) => checkTypedColumns(types, names);
  const { csv = {}, onProgress } = options;
  const slowConsumer = options.route !== "file";
  return openSource(source, { types, checkNames, csv, onWarning, signal, onProgress, slowConsumer });
}

/** One table on its way to the server, and what of it must go if it fails. */
class TableUpload {
  readonly #plan: UploadPlan;
  readonly #place: Place;
  /** What holds the table, or did. */
  #store: TableStore | undefined;

  constructor(plan: UploadPlan, place: Place) {
    this.#plan = plan;
    this.#place = place;
  }

  async run(source: Source): Promise<UploadResult> {
    const { targets, options, tableName } = this.#plan;
    const { connection, group } = this.#place;
    const { signal } = options;
    const replaced = options.replace ? await this.#tablesToReplace() : [];
    let result: UploadResult;
    try {
      const stored = await (options.route === "file" ? this.#storeByFile(source) : this.#storeByService(source));
      const annotationId = await attachFile(connection, stored.fileId, targets, group, options, signal);
      result = { annotationId, ...stored };
    } catch (error) {
      const remains = await this.#undo();
      throw uploadFailure(error, remains, { work: "uploadTable", what: `Table "${tableName}"`, signal });
    } finally {
      this.#store?.making.done();
    }
    await this.#remove(replaced);
    return result;
  }

  #tablesToReplace(): Promise<Attachment[]> {
    const { targets, tableName, options } = this.#plan;
    const { connection, group } = this.#place;
    const file = { name: tableName, mimetype: TABLE_MIMETYPE };
    return attachmentsOf(connection, targets[0]!, file, group, { signal: options.signal });
  }

  #storeByService(source: Source): Promise<StoredTable> {
    const { connection, group } = this.#place;
    const store = new ServiceStore(connection, this.#plan.tableName, group);
    this.#store = store;
    return store.store(source, this.#plan.metadata, this.#plan.options);
  }

  /** A server that does not take the file gets the rows by its table service. */
  async #storeByFile(source: Source): Promise<StoredTable> {
    const { tableName, metadata, options, onWarning } = this.#plan;
    const { connection, group } = this.#place;
    await using local = await LocalTable.write(source, metadata, options);
    const store = new FileStore(connection, tableName, group);
    this.#store = store;
    try {
      return await store.store(local, options);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const remains = await this.#undo();
      if (remains.state === "left") throw error;
      onWarning(`The server did not take the table as a file, so it goes row by row: ${messageOf(error)}`);
      return await this.#storeByService(local.source());
    }
  }

  async #undo(): Promise<Remains> {
    if (this.#store === undefined) return { state: "nothing" };
    await this.#store.close();
    return undo(this.#place.connection, this.#store.making, this.#place.group);
  }

  /** The new table is whole by now: an old one that stays is no failure of it. */
  async #remove(replaced: readonly Attachment[]): Promise<void> {
    for (const { fileId } of replaced) {
      try {
        await removeFile(this.#place.connection, fileId, this.#place.group);
      } catch (error) {
        const text = `The table that was replaced, file ${fileId}, could not be removed: ${messageOf(error)}`;
        this.#plan.onWarning(text);
      }
    }
  }
}

/** Whether the server answered, but would not take the file. */
function isRefusal(error: unknown): boolean {
  return error instanceof ServerError || error instanceof DataError || error instanceof TableError;
}
