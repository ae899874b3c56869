/** Uploading a table that the server keeps itself: stored in one way or another, attached, and removed if that fails. */
import { TABLE_MIMETYPE } from "../../columns/table.js";
import { type UsedConnection, useConnection } from "../../connect/connection-option.js";
import { bothOrNeither } from "../../flow/both-or-neither.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { Source } from "../../formats/format.js";
import { openSource, type RowSource } from "../../formats/open-source.js";
import {
  type AnnotationText,
  type Attachment,
  attachFile,
  attachmentsOf,
  removeFile,
} from "../../gateway/attachments.js";
import { type CreatedFile, messageOf, type Remains, undo, uploadFailure } from "../../gateway/files/upload-failure.js";
import { checkLinkTargets } from "../../gateway/links.js";
import { checkMetadata, type MetadataInput, type MetadataValue } from "../metadata.js";
import { chosenSource } from "../source-choice.js";
import type { CommonUploadOptions, NewTable, UploadResult } from "./destination.js";

export interface ServerTableOptions extends CommonUploadOptions, AnnotationText {
  /** Metadata of the table. Whole numbers are stored as int64, others in 32-bit floating point, text as it is. */
  readonly metadata?: MetadataInput | undefined;
  /**
   * Replace the tables of the same name that are attached to the first object: they are removed when the new one is
   * whole, and stay if it fails.
   */
  readonly replace?: boolean | undefined;
}

/** Where a table goes: a connection and a group. */
export interface Place extends UsedConnection {
  readonly group: number;
}

/** A table that is whole on the server. */
export interface OpenedTable {
  readonly fileId: number;
  readonly rowCount: number;
}

/** What makes a table, and knows what of it there is. */
export interface TableStore {
  readonly creation: CreatedFile & { done(): void };
  /** Ends what is open on the server. Never throws. */
  close(): Promise<void>;
}

/** What is to be stored, and what a way of storing it may do on the way. */
export interface Storing {
  readonly place: Place;
  readonly tableName: string;
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  readonly options: ServerTableOptions;
  readonly onWarning: OnWarning;
  /** Says what makes the table from now on: it is undone if anything fails. */
  begin<Store extends TableStore>(store: Store): Store;
  /** Removes what was made so far. */
  undo(): Promise<Remains>;
}

/** A way of storing a table. */
export interface StoringWay {
  /** Whether rows are taken one call after the other, as they come. */
  readonly slowConsumer: boolean;
  store(source: Source, storing: Storing): Promise<OpenedTable>;
}

export class ServerTableUpload {
  readonly #table: NewTable<ServerTableOptions>;
  readonly #metadata: ReadonlyMap<string, MetadataValue>;
  readonly #way: StoringWay;

  /** @throws ArgumentError, DataError for metadata that cannot be stored */
  constructor(table: NewTable<ServerTableOptions>, way: StoringWay) {
    this.#table = table;
    this.#way = way;
    this.#metadata = checkMetadata(table.options.metadata, table.onWarning);
  }

  async upload(source: RowSource): Promise<UploadResult> {
    const [place, opened] = await bothOrNeither(
      this.#table.options.signal,
      (signal) => this.#openPlace(signal),
      (signal) => this.#openRows(source, signal),
      (made) => made.release(),
      (made) => made.close(),
    );
    try {
      return await this.#run(opened, place);
    } finally {
      await opened.close();
      await place.release();
    }
  }

  async #openPlace(signal: AbortSignal): Promise<Place> {
    const { targets, options, onWarning } = this.#table;
    const used = await useConnection({ ...options, signal });
    try {
      return { ...used, group: await checkLinkTargets(used.connection, targets, onWarning, signal) };
    } catch (error) {
      await used.release();
      throw error;
    }
  }

  #openRows(source: RowSource, signal: AbortSignal): Promise<Source> {
    const { options, onWarning } = this.#table;
    const { onProgress } = options;
    const { slowConsumer } = this.#way;
    return openSource(source, { ...chosenSource(options), onWarning, signal, onProgress, slowConsumer });
  }

  async #run(source: Source, place: Place): Promise<UploadResult> {
    const { targets, options, tableName } = this.#table;
    const { connection, group } = place;
    const { signal } = options;
    const replaced = options.replace ? await this.#tablesToReplace(place) : [];
    const begun = new BegunTable(place);
    let result: UploadResult;
    try {
      const stored = await this.#way.store(source, this.#storing(place, begun));
      const annotationId = await attachFile(connection, stored.fileId, targets, group, options, signal);
      result = { annotationId, fileId: stored.fileId, rowCount: stored.rowCount };
    } catch (error) {
      const remains = await begun.undo();
      throw uploadFailure(error, remains, { functionName: "uploadTable", uploadName: `Table "${tableName}"`, signal });
    } finally {
      begun.done();
    }
    await this.#remove(replaced, place);
    return result;
  }

  #storing(place: Place, begun: BegunTable): Storing {
    const { tableName, options, onWarning } = this.#table;
    return {
      place,
      tableName,
      metadata: this.#metadata,
      options,
      onWarning,
      begin: (store) => begun.begin(store),
      undo: () => begun.undo(),
    };
  }

  #tablesToReplace({ connection, group }: Place): Promise<Attachment[]> {
    const { targets, tableName, options } = this.#table;
    const file = { name: tableName, mimetype: TABLE_MIMETYPE };
    return attachmentsOf(connection, targets[0]!, file, group, { signal: options.signal });
  }

  /** The new table is whole by now: an old one that stays is no failure of it. */
  async #remove(replaced: readonly Attachment[], { connection, group }: Place): Promise<void> {
    for (const { fileId } of replaced) {
      try {
        await removeFile(connection, fileId, group);
      } catch (error) {
        const text = `The table that was replaced, file ${fileId}, could not be removed: ${messageOf(error)}`;
        this.#table.onWarning(text);
      }
    }
  }
}

/** What has been made of a table so far. */
class BegunTable {
  readonly #place: Place;
  #store: TableStore | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  begin<Store extends TableStore>(store: Store): Store {
    this.#store = store;
    return store;
  }

  async undo(): Promise<Remains> {
    if (this.#store === undefined) return { state: "nothing" };
    await this.#store.close();
    return undo(this.#place.connection, this.#store.creation, this.#place.group);
  }

  done(): void {
    this.#store?.creation.done();
  }
}
