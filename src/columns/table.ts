/**
 * What a table can do, wherever it lives: on a server (`connect`), in an HDF5 file (`hdf5`) or in memory (`server`).
 * Readers and writers know tables only through these interfaces.
 */

import type { RType } from "../rtypes.js";
import type { ColumnBatch, ColumnField } from "./batch.js";

/** Media type by which OMERO knows that a file is a table. */
export const TABLE_MIMETYPE = "OMERO.tables";

/** Table metadata: OMERO.tables keeps int64, float64 and text. */
export type TableMetadata = ReadonlyMap<string, bigint | number | string>;

/** Options of every call on a table. */
export interface TableCallOptions {
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Times a call that only reads is sent at most, where connections are lost; 5 unless given. Files and memory need one. */
  readonly attempts?: number | undefined;
}

/** Rows from one number up to another, perhaps only some of them. */
export interface RowSpan {
  /** First row. */
  readonly start: number;
  /** Row after the last. */
  readonly stop: number;
  /** Default 1. */
  readonly step?: number;
}

/** A table of which columns and rows can be read. */
export interface ReadableTable {
  /** Its columns, in order. */
  readonly fields: readonly ColumnField[];
  /** Rows it had when it was opened, or after the last change made through it. */
  readonly rowCount: number;

  /**
   * Rows `start ..< stop` of the columns at `columns` (positions in {@link fields}), in the order given.
   * `0 <= start <= stop <= rowCount` and at least one column; an empty span gives an empty batch.
   */
  read(columns: readonly number[], start: number, stop: number, options?: TableCallOptions): Promise<ColumnBatch>;

  /** The rows numbered `rows`, in that order. An empty list gives an empty batch (never "all rows"). */
  slice(columns: readonly number[], rows: Float64Array, options?: TableCallOptions): Promise<ColumnBatch>;

  /**
   * Numbers of the rows in `span` that meet a PyTables condition, ascending. `variables` are substituted by the table;
   * one whose value is text naming a column stands for that column.
   */
  getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array>;

  /** All metadata, the reserved `__version` and `__initialized` included. */
  getAllMetadata(options?: TableCallOptions): Promise<TableMetadata>;

  /** Releases what the table holds. Safe to call twice. */
  close(): Promise<void>;
}

/** What tells states of a table apart that others may change. */
export interface TableState {
  /** Rows it has. */
  readonly rowCount: number;
  /** Bytes of its file when it was last closed after a change; undefined where that is not noted. */
  readonly size: number | undefined;
  /** SHA-1 of its file then; undefined where that is not noted. */
  readonly sha1: string | undefined;
  /** Event in which the server last noted anything of its file, as it does when a table is closed after a change. */
  readonly updateEventId: number | undefined;
}

/** A table that others may change while it is read. */
export interface SharedTable extends ReadableTable {
  /** Tables that it is kept in, where it was split: each answers for itself, in a state of its own. Default 1. */
  readonly partCount?: number;
  /** As it was when it was opened or reloaded; undefined where it was changed through this object since. */
  readonly openedState: TableState | undefined;
  /** As it is now. */
  readState(options?: TableCallOptions): Promise<TableState>;
  /** Takes the table for what it is by now; one that has no such way is opened again instead. */
  reload?(options?: TableCallOptions): Promise<void>;
}

export function isShared(table: ReadableTable): table is SharedTable {
  return "readState" in table;
}

/** A table that can be changed as well. */
export interface WritableTable extends ReadableTable {
  /** Rows it has now, whoever added them; `rowCount` unless others may add rows. */
  countRows?(options?: TableCallOptions): Promise<number>;
  /** Appends rows; `batch.fields` must equal {@link fields} in order, name and type. Never repeated by itself. */
  addData(batch: ColumnBatch, options?: TableCallOptions): Promise<void>;
  /** Overwrites the rows named by `batch.rowNumbers` in the columns named by `batch.fields`. Never repeated by itself. */
  update(batch: ColumnBatch, options?: TableCallOptions): Promise<void>;
  /** Sets one entry of the metadata. Never repeated by itself. */
  setMetadata(key: string, value: bigint | number | string, options?: TableCallOptions): Promise<void>;
}

/** Reported while something long runs. */
export interface Progress {
  /** Rows, bytes, planes or jobs finished. */
  readonly done: number;
  /** How many there will be; undefined while not known. */
  readonly total: number | undefined;
  /** What `done` and `total` count. */
  readonly unit: "rows" | "bytes" | "planes" | "thumbnails" | "jobs";
}
/** Told how far something long has come. What it throws, or a promise of it rejects with, ends the work as an error. */
export type OnProgress = (progress: Progress) => void;
