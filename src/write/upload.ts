/** Uploading: rows from any source become a new table, attached to objects; after a failure nothing of it is left. */
import { type Attachment, attachmentsOf } from "../connect/attachments.js";
import {
  type ConnectionOption,
  checkConnectionOption,
  type UsedConnection,
  useConnection,
} from "../connect/connection-option.js";
import { newTable, type OmeroConnection, type RemoteTable } from "../connect/index.js";
import type { LinkTarget } from "../connect/link-target.js";
import type { CsvOptions } from "../csv/index.js";
import { ArgumentError, TableError, throwIfAborted } from "../errors.js";
import type { OnProgress } from "../table.js";
import { type AnnotationText, attachFile, removeFile } from "./attachment.js";
import { both } from "./both.js";
import { type ColumnTypes, checkColumnTypes, checkTypedColumns, emitWarning, type OnWarning } from "./column-types.js";
import { FileMaking } from "./file-making.js";
import { checkTargets, type LinkOptions, linkTargets } from "./links.js";
import { checkMetadata, type MetadataInput, type MetadataValue } from "./metadata.js";
import { openSource, type RowSource } from "./open-source.js";
import { checkChunkSize, sendRows } from "./send-rows.js";
import type { TableSource } from "./table-source.js";
import { undo, uploadFailure } from "./upload-failure.js";

export interface UploadOptions extends ConnectionOption, LinkOptions, AnnotationText {
  /** Rows a call; chosen by the columns' width unless given. */
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
}

const TABLE_MIMETYPE = "OMERO.tables";

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
 * @throws ArgumentError, DataError (with `column`, `row`), FileError: nothing was made
 * @throws TableError `NOT_FOUND` for an object to attach to that is not there; `UPLOAD_FAILED` with `cause`
 * @throws AbortError, and what `connectToOmero` throws
 */
export async function uploadTable(source: RowSource, tableName: string, options: UploadOptions): Promise<UploadResult> {
  const plan = planUpload(tableName, options);
  throwIfAborted(options.signal, "uploadTable");
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
  checkColumnTypes(options.columnTypes);
  const metadata = checkMetadata(options.metadata, onWarning);
  return { tableName, targets: linkTargets(options), metadata, options, onWarning };
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

function openRows(source: RowSource, { options, onWarning }: UploadPlan, signal: AbortSignal): Promise<TableSource> {
  const types = checkColumnTypes(options.columnTypes);
  const checkNames = (names: readonly string[]) => checkTypedColumns(types, names);
  const { csv = {}, onProgress } = options;
  return openSource(source, { types, checkNames, csv, onWarning, signal, onProgress });
}

/** One table on its way to the server, and what of it must go if it fails. */
class TableUpload {
  readonly #plan: UploadPlan;
  readonly #connection: OmeroConnection;
  readonly #group: bigint;
  readonly #making: FileMaking<RemoteTable>;

  constructor(plan: UploadPlan, { connection, group }: Place) {
    this.#plan = plan;
    this.#connection = connection;
    this.#group = group;
    this.#making = new FileMaking(connection, {
      name: plan.tableName,
      mimetype: TABLE_MIMETYPE,
      group,
      work: "uploadTable",
      make: () => newTable(connection, plan.tableName, { group }),
    });
  }

  async run(source: TableSource): Promise<UploadResult> {
    const { targets, options } = this.#plan;
    const replaced = options.replace ? await this.#tablesToReplace() : [];
    let result: UploadResult;
    try {
      const { fileId, rowCount } = await this.#store(source);
      const annotationId = await attachFile(this.#connection, fileId, targets, this.#group, options, options.signal);
      result = { annotationId, fileId, rowCount };
    } catch (error) {
      const { tableName } = this.#plan;
      await this.#making.made?.close().catch(() => {});
      const remains = await undo(this.#connection, this.#making, this.#group);
      throw uploadFailure(error, remains, {
        work: "uploadTable",
        what: `Table "${tableName}"`,
        signal: options.signal,
      });
    } finally {
      this.#making.done();
    }
    await this.#remove(replaced);
    return result;
  }

  #tablesToReplace(): Promise<Attachment[]> {
    const { targets, tableName, options } = this.#plan;
    const file = { name: tableName, mimetype: TABLE_MIMETYPE };
    return attachmentsOf(this.#connection, targets[0]!, file, this.#group, { signal: options.signal });
  }

  /** Makes the table, whole and closed. */
  async #store(source: TableSource): Promise<{ fileId: bigint; rowCount: number }> {
    const { metadata, options } = this.#plan;
    const { signal } = options;
    const table = await this.#making.make(signal);
    await table.initialize(source.fields, { signal });
    const rowCount = await sendRows(table, source, options);
    for (const [key, value] of metadata) await table.setMetadata(key, value, { signal });
    await checkStored(table, rowCount, signal);
    await table.close();
    return { fileId: table.file.id, rowCount };
  }

  /** The new table is whole by now: an old one that stays is no failure of it. */
  async #remove(replaced: readonly Attachment[]): Promise<void> {
    for (const { fileId } of replaced) {
      try {
        await removeFile(this.#connection, fileId, this.#group);
      } catch (error) {
        this.#plan.onWarning(
          `The table that was replaced, file ${fileId}, could not be removed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}

/** Asks the server how many rows it has. */
async function checkStored(table: RemoteTable, rowCount: number, signal: AbortSignal | undefined): Promise<void> {
  await table.load({ signal });
  if (table.rowCount === rowCount) return;
  const message = `the server holds ${table.rowCount} rows where ${rowCount} were sent`;
  throw new TableError("UPLOAD_FAILED", message, { fileId: table.file.id });
}
