/** Uploading a table that the server keeps itself: stored in one way or another, attached, and removed if that fails. */
import type { OnProgress } from "../../columns/table.js";
import { useConnection } from "../../connect/connection-option.js";
import { bothOrNeither } from "../../flow/both-or-neither.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { Source } from "../../formats/format.js";
import { HDF5_RULES, WIDE_RULES } from "../../formats/hdf5/rules/hdf5-rules.js";
import { openSource, type RowSource } from "../../formats/open-source.js";
import type { TableRules } from "../../formats/table-rules.js";
import { type AnnotationText, attachFile } from "../../gateway/attachments.js";
import { type Remains, uploadFailure } from "../../gateway/files/upload-failure.js";
import { checkLinkTargets } from "../../gateway/links.js";
import { partMetadata } from "../../gateway/tables/split-layout.js";
import { checkMetadata, type MetadataInput, type MetadataValue } from "../metadata.js";
import { namedRows, namedTypes } from "../named-rows.js";
import { chosenSource } from "../source-choice.js";
import { type BegunTable, BegunTables, type Place, type TableStore } from "./begun-tables.js";
import type { CommonUploadOptions, NewTable, ReplacedTable, UploadResult } from "./destination.js";
import { notePartFiles } from "./part-files.js";
import { type Replace, removeReplaced } from "./replacement.js";
import { splitSource, type TableRows } from "./split-source.js";

export interface ServerTableOptions extends CommonUploadOptions, AnnotationText {
  /** Metadata of the table. Whole numbers are stored as int64, others in 32-bit floating point, text as it is. */
  readonly metadata?: MetadataInput | undefined;
  /**
   * Replace the tables of the same name that are attached to the first object: they are removed when the new one is
   * whole, and stay if it fails. True means those that this user owns, `"everyone's"` those of others, too, as far as the
   * server lets them be removed. Where several are replaced at once, the last one stays. A table that is removed goes from
   * all objects that it is attached to.
   */
  readonly replace?: Replace | undefined;
  /**
   * Store more columns than one table has room for (512) as several tables of the same name, attached to the same objects.
   * Each numbers its rows in a first column, repeats the columns of ids, and has metadata that say which group of tables
   * it belongs to (`split.group`, `split.files`): reading any of them reads them all as one. Default false: more columns
   * than the server can keep are an error.
   */
  readonly split?: boolean | undefined;
}

/** A table that is whole on the server. */
export interface OpenedTable {
  readonly fileId: number;
  readonly rowCount: number;
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
      const { signal } = this.#table.options;
      return await this.#run(await namedRows(opened, this.#table, { ...place, signal }, this.#rules), place);
    } finally {
      await opened.close();
      await place.release();
    }
  }

  get #rules(): TableRules {
    return this.#table.options.split ? WIDE_RULES : HDF5_RULES;
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
    const taking = {
      namedTypes: namedTypes(this.#table),
      rules: this.#rules,
      onWarning,
      signal,
      onProgress,
      slowConsumer,
    };
    return openSource(source, { ...chosenSource(options), ...taking });
  }

  async #run(source: Source, place: Place): Promise<UploadResult> {
    const { options, tableName } = this.#table;
    const { signal } = options;
    const begun = new BegunTables(place);
    let result: UploadResult;
    try {
      result = await this.#storeAll(
        options.split ? splitSource(source) : [{ rows: source, part: undefined }],
        place,
        begun,
      );
    } catch (error) {
      const remains = await begun.undo();
      throw uploadFailure(error, remains, { functionName: "uploadTable", uploadName: `Table "${tableName}"`, signal });
    } finally {
      begun.done();
    }
    return options.replace ? { ...result, replaced: await this.#removeReplaced(result.annotationId, place) } : result;
  }

  async #storeAll(tables: readonly TableRows[], place: Place, begun: BegunTables): Promise<UploadResult> {
    const { signal } = this.#table.options;
    const stored: UploadResult[] = [];
    for (const table of tables) {
      const done = stored.length * (stored[0]?.rowCount ?? 0);
      stored.push(await this.#store(table, place, begun.next(), this.#progress(tables.length, done)));
    }
    if (stored.length === 1) return stored[0]!;
    await notePartFiles(place.connection, stored, signal);
    const parts = stored.map(({ annotationId, fileId }) => ({ annotationId, fileId }));
    return { ...stored[0]!, parts };
  }

  /** Rows of all parts are counted. */
  #progress(parts: number, before: number): OnProgress | undefined {
    const { onProgress } = this.#table.options;
    if (onProgress === undefined || parts === 1) return onProgress;
    return ({ done, total, unit }) =>
      onProgress({ done: before + done, total: total === undefined ? undefined : parts * total, unit });
  }

  async #store(
    { rows, part }: TableRows,
    place: Place,
    begun: BegunTable,
    onProgress: OnProgress | undefined,
  ): Promise<UploadResult> {
    const { targets, options, claim, onWarning } = this.#table;
    const { name: tableName } = claim ?? { name: this.#table.tableName };
    const { connection, group } = place;
    const metadata = part === undefined ? this.#metadata : new Map([...this.#metadata, ...partMetadata(part)]);
    const stored = await this.#way.store(rows, {
      place,
      tableName,
      metadata,
      options: { ...options, onProgress },
      onWarning,
      begin: (store) => begun.begin(store),
      undo: () => begun.undo(),
    });
    await claim?.settle(stored.fileId, group);
    const annotationId = await attachFile(connection, stored.fileId, targets, group, options, options.signal);
    return { annotationId, fileId: stored.fileId, rowCount: stored.rowCount };
  }

  #removeReplaced(annotationId: number, { connection, group }: Place): Promise<ReplacedTable[]> {
    const { targets, tableName: name, options, onWarning } = this.#table;
    const { replace = false } = options;
    return removeReplaced({ connection, parent: targets[0]!, group, name, replace, onWarning }, annotationId);
  }
}
