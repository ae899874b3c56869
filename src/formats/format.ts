/** What every format is made of: a source gives rows as column batches, a sink takes them. */
import type { ColumnBatch, ColumnField, ColumnType } from "../columns/batch.js";
import type { OnProgress, ReadableTable, TableCallOptions, TableMetadata } from "../columns/table.js";
import type { OnWarning } from "../flow/warnings.js";
import type { CsvOptions } from "./csv/opening/dialect.js";
import type { FieldOptions } from "./values/column-types.js";

/** Rows in. */
export interface Source {
  /** The columns a table for this source has: names, types and sizes are final. */
  readonly fields: readonly ColumnField[];
  /** Undefined where it is known only when all rows were read. */
  readonly rowCount: number | undefined;
  /** What a file that keeps a table's metadata has of them. */
  readonly metadata?: TableMetadata;
  /** What columns hold by the source's own words, which are ids or names of objects; by the columns' names. Default nothing. */
  readonly declared?: ReadonlyMap<string, ColumnType> | undefined;
  /** All rows in batches of `rows`, the last one of fewer. A source that is not a stream of batches gives them anew each time. */
  batches(rows: number, options?: TableCallOptions): AsyncIterable<ColumnBatch>;
  /** Releases what the source holds, temporary files among it. Safe to call twice. */
  close(): Promise<void>;
}

export interface BatchStreamOptions extends FieldOptions {
  /** Refuses a source by the names of its columns, as soon as they are known. */
  readonly checkNames: (names: readonly string[]) => void;
  readonly csv: CsvOptions;
  /** Columns to take; default all. */
  readonly columnNames?: readonly string[] | undefined;
  /** Names that are right as they are, as those a table has. */
  readonly knownNames?: readonly string[] | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told of the first reading of a CSV. */
  readonly onProgress: OnProgress | undefined;
  /** Types of ids whose columns may hold names of objects, which become ids later. Default none. */
  readonly namedTypes?: readonly ColumnType[] | undefined;
  /** Whether rows are taken more slowly than they can be read: a CSV is then read again meanwhile, not kept. Default false. */
  readonly slowConsumer?: boolean | undefined;
}

/** Rows on their way to a sink. */
export interface RowStream {
  readonly fields: readonly ColumnField[];
  /** Undefined while not known. */
  readonly rowCount: number | undefined;
  /** At least one batch; one without rows where there are none. */
  readonly batches: AsyncIterable<ColumnBatch>;
  /** The table's metadata, for sinks that keep them. Default none. */
  readonly metadata?: (() => Promise<TableMetadata>) | undefined;
  /** Whether the batches' memory is of no use to anyone else, so that a sink may give it to other threads. Default false. */
  readonly ownsMemory?: boolean | undefined;
}

export interface SinkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of rows written. */
  readonly onProgress?: OnProgress | undefined;
}

/** Batches out: into a file, which gives the number of rows, or into an object in memory, which is the result itself. */
export interface Sink<Result = number> {
  /** Writes all rows. When it returns, what was written is whole and under its name; until then nothing is. */
  write(rows: RowStream, options?: SinkOptions): Promise<Result>;
  /** Removes what is not whole, and releases the rest. Never throws; safe to call at any time. */
  close(): Promise<void>;
}

export interface NewFileOptions {
  /** Replace what is of that name; default: its presence is an error. */
  readonly overwrite?: boolean | undefined;
  readonly onWarning?: OnWarning | undefined;
}

/** What is at a path: the first bytes of a file, or the names in a folder. */
export interface PathContent {
  readonly head: Uint8Array;
  readonly names: readonly string[];
}

/** One format, in both directions. What it has no use for, or cannot do, is left out. */
export interface Format {
  /** As in `format: "csv"`. */
  readonly name: string;

  /** Endings of its files' names, lower case, with the dot. */
  readonly endings?: readonly string[];
  /** Whether it is what is at a path, whatever the name. */
  isContent?(content: PathContent): boolean;
  /** Opens a file as rows for a new table. */
  openSource?(path: string | URL, options: BatchStreamOptions): Promise<Source>;
  /** Opens a file as a table, of which columns and rows are selected. */
  openTable?(path: string, options: TableCallOptions): Promise<ReadableTable>;
  /** Prepares to write a file. @throws ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE` */
  createSink?(path: string, options: NewFileOptions): Promise<Sink>;

  /** Whether an object in memory is of this format. */
  isObject?(source: object): boolean;
  openObject?(source: object, options: BatchStreamOptions): Promise<Source>;
  /** Whether a stream, or list, that begins with `item` is of this format. */
  isItem?(item: unknown, isList: boolean): boolean;
  /** Opens a list, which can be read again, or a stream of at least one item. */
  openItems?(items: Items, options: BatchStreamOptions): Promise<Source>;
}

export type Items = AsyncIterable<unknown> | Iterable<unknown>;
