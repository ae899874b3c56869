import type { ColumnBatch, ColumnField, RowNumbers } from "../../columns/batch.js";
import { rowNumberArray } from "../../columns/batch.js";
import { fitsInt64 } from "../../columns/int64.js";
import type { RowSpan, TableCallOptions, TableMetadata, WritableTable } from "../../columns/table.js";
import { ArgumentError, DataError, TableError } from "../../errors.js";
import { TaskQueue } from "../../flow/task-queue.js";
import { type CompileCondition, scanWhereList } from "../../query/scan.js";
import type { RType } from "../../rtypes.js";
import { attributeMessage, type Hdf5MetadataValue, metadataAttribute } from "./attribute-values.js";
import { BlockBuffers, rowsInBlock } from "./records/block-buffers.js";
import { type ColumnPlace, columnPlaces } from "./records/record-layout.js";
import { pickRows, readRows } from "./records/record-reader.js";
import { appendBatch, overwriteRows } from "./records/record-writer.js";
import { checkColumns, checkMetadataKey, checkSameColumns } from "./rules/column-rules.js";
import { isSystemAttribute, type TableFile } from "./table-file.js";

export interface Hdf5TableOptions {
  /** Applies conditions; without it {@link Hdf5Table.getWhereList} is refused. */
  readonly compileCondition?: CompileCondition | undefined;
}

/** What an {@link Hdf5Table} is made of. */
export interface OpenTableFile {
  readonly path: string;
  readonly file: TableFile;
  readonly writable: boolean;
  /** Called once, when the table has been closed. */
  readonly onClose?: () => void;
}

/**
 * An OMERO.tables file. Calls may overlap; they run one after the other. Added rows are seen by this object at once, by
 * others after {@link flush} or {@link close}.
 */
export class Hdf5Table implements WritableTable {
  readonly path: string;
  readonly fields: readonly ColumnField[];
  readonly #places: readonly ColumnPlace[];
  readonly #file: TableFile;
  readonly #writable: boolean;
  readonly #compileCondition: CompileCondition | undefined;
  readonly #onClose: () => void;
  readonly #turns = new TaskQueue();
  readonly #buffers = new BlockBuffers();
  #closed = false;

  /** Takes over `file`. @throws DataError `MALFORMED_FILE` or `UNSUPPORTED_TYPE` where its columns are none of OMERO's. */
  constructor({ path, file, writable, onClose = () => {} }: OpenTableFile, options: Hdf5TableOptions = {}) {
    this.path = path;
    this.#file = file;
    this.#writable = writable;
    this.#onClose = onClose;
    this.#compileCondition = options.compileCondition;
    this.#places = columnPlaces(file.record, file.columnTypes, file.columnDescriptions);
    this.fields = this.#places.map(({ field }) => field);
  }

  get rowCount(): number {
    return this.#file.rowCount;
  }

  /** Bytes of a row in the file. */
  get recordSize(): number {
    return this.#file.record.size;
  }

  /** @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE`; DataError `MALFORMED_FILE`. */
  async read(columns: readonly number[], start: number, stop: number, options: TableCallOptions = {}) {
    const places = this.#placesOf(columns);
    this.#checkSpan(start, stop);
    return this.#run(async () =>
      this.#batch(
        places,
        await readRows(this.#file, this.#buffers, places, start, stop, options.signal),
        { start, step: 1 },
        stop - start,
      ),
    );
  }

  /** @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE`; DataError `MALFORMED_FILE`. */
  async slice(columns: readonly number[], rows: Float64Array, options: TableCallOptions = {}) {
    const places = this.#placesOf(columns);
    this.#checkRows(rows);
    return this.#run(async () =>
      this.#batch(places, await pickRows(this.#file, places, rows, options.signal), rows, rows.length),
    );
  }

  async getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options: TableCallOptions = {},
  ): Promise<Float64Array> {
    if (this.#compileCondition === undefined) {
      throw new ArgumentError("INVALID_ARGUMENT", "this table was opened without a way to apply conditions");
    }
    const compiled = this.#compileCondition(condition, this.fields, variables);
    return scanWhereList(this, compiled, span, rowsInBlock(this.recordSize), options);
  }

  async getAllMetadata(): Promise<TableMetadata> {
    return this.#run(() => this.#file.readMetadata());
  }

  /**
   * @throws DataError `INVALID_SCHEMA` or `VALUE_DOES_NOT_FIT` for rows that do not fit the columns: none is added.
   * @throws TableError `READ_ONLY`.
   */
  async addData(batch: ColumnBatch, { signal }: TableCallOptions = {}): Promise<void> {
    this.#checkWritable();
    checkSameColumns(batch, this.fields);
    checkColumns(batch, this.fields);
    if (batch.rowCount === 0) return;
    await this.#run(() => appendBatch(this.#file, this.#buffers, this.#places, batch, signal));
  }

  /**
   * @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE`; DataError as {@link addData}; none is changed then.
   * @throws TableError `READ_ONLY`.
   */
  async update(batch: ColumnBatch, { signal }: TableCallOptions = {}): Promise<void> {
    this.#checkWritable();
    const places = batch.fields.map((field) => this.#placeNamed(field));
    checkColumns(
      batch,
      places.map(({ field }) => field),
    );
    const rows = rowNumberArray(batch.rowNumbers, batch.rowCount);
    if (rows.length !== batch.rowCount) {
      throw new DataError("INVALID_SCHEMA", `${batch.rowCount} rows to update have ${rows.length} row numbers`);
    }
    this.#checkRows(rows);
    if (batch.rowCount === 0 || places.length === 0) return;
    await this.#run(() => overwriteRows(this.#file, places, batch, signal));
  }

  /**
   * @throws ArgumentError `INVALID_ARGUMENT` for a key that is kept for OMERO.tables or PyTables, or an int over 64 bits.
   * @throws DataError `VALUE_DOES_NOT_FIT` for text over about 64 kB. @throws TableError `READ_ONLY`.
   */
  async setMetadata(key: string, value: Hdf5MetadataValue): Promise<void> {
    this.#checkWritable();
    checkTableMetadata(key, value);
    await this.#run(() => this.#file.setMetadata(key, value));
  }

  /**
   * Puts these entries in place of all metadata but the reserved ones, whose names begin with `__`.
   * @throws as {@link setMetadata}
   */
  async replaceMetadata(metadata: TableMetadata): Promise<void> {
    this.#checkWritable();
    for (const [key, value] of metadata) checkTableMetadata(key, value);
    await this.#run(async () => {
      for (const key of (await this.#file.readMetadata()).keys()) {
        if (!key.startsWith("__") && !metadata.has(key)) await this.#file.removeMetadata(key);
      }
      for (const [key, value] of metadata) await this.#file.setMetadata(key, value);
    });
  }

  /** Forgets rows that were added since the last {@link flush}, down to this many. */
  async dropRows(rowCount: number): Promise<void> {
    if (this.#writable) await this.#run(() => this.#file.dropRows(rowCount));
  }

  /** Makes everything written part of the file for every reader, and if `durable` (the default) safe on the disk. */
  async flush({ durable = true }: { durable?: boolean } = {}): Promise<void> {
    if (this.#writable) await this.#run(() => this.#file.commit(durable));
  }

  /** Flushes, then gives the file back. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.run(async () => {
      try {
        if (this.#writable) await this.#file.commit(true);
      } finally {
        await this.#release();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Gives the file back without what was not yet flushed. */
  async abandon(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.run(() => this.#release());
  }

  async #release(): Promise<void> {
    this.#buffers.release();
    await this.#file.close().finally(this.#onClose);
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new TableError("NOT_FOUND", `${this.path} has been closed`, { path: this.path });
    return withPath(this.path, () => this.#turns.run(action));
  }

  #batch(
    places: readonly ColumnPlace[],
    columns: ColumnBatch["columns"],
    rowNumbers: RowNumbers,
    rowCount: number,
  ): ColumnBatch {
    return { fields: places.map(({ field }) => field), columns, rowCount, rowNumbers };
  }

  #placesOf(columns: readonly number[]): ColumnPlace[] {
    if (columns.length === 0) throw new ArgumentError("UNKNOWN_COLUMN", "name at least one column to read");
    return columns.map((index) => {
      const place = this.#places[index];
      if (place !== undefined) return place;
      throw new ArgumentError("UNKNOWN_COLUMN", `there is no column ${index}; ${this.path} has ${this.fields.length}`);
    });
  }

  #placeNamed({ name, type }: ColumnField): ColumnPlace {
    const place = this.#places.find(({ field }) => field.name === name);
    if (place === undefined) {
      throw new ArgumentError("UNKNOWN_COLUMN", `${this.path} has no column "${name}"`, { column: name });
    }
    if (place.field.type === type) return place;
    throw new DataError("INVALID_SCHEMA", `column "${name}" is of type ${place.field.type}, not ${type}`, {
      column: name,
    });
  }

  #checkSpan(start: number, stop: number): void {
    const whole = Number.isInteger(start) && Number.isInteger(stop);
    if (whole && start >= 0 && start <= stop && stop <= this.rowCount) return;
    throw new ArgumentError(
      "ROWS_OUT_OF_RANGE",
      `rows ${start} to ${stop} were asked for; ${this.path} has ${this.rowCount}`,
    );
  }

  #checkRows(rows: Float64Array): void {
    const { rowCount } = this;
    const wrong = rows.findIndex((row) => !(Number.isInteger(row) && row >= 0 && row < rowCount));
    if (wrong < 0) return;
    throw new ArgumentError("ROWS_OUT_OF_RANGE", `there is no row ${rows[wrong]}; ${this.path} has ${rowCount}`, {
      row: rows[wrong]!,
    });
  }

  #checkWritable(): void {
    if (this.#writable) return;
    throw new TableError("READ_ONLY", `${this.path} was opened for reading only`, { path: this.path });
  }
}

/** @throws ArgumentError `INVALID_ARGUMENT`; DataError `VALUE_DOES_NOT_FIT`. */
export function checkTableMetadata(key: string, value: Hdf5MetadataValue): void {
  checkMetadataKey(key, isSystemAttribute);
  if (typeof value === "bigint" && !fitsInt64(value)) {
    throw new ArgumentError("INVALID_ARGUMENT", `metadata "${key}": ${value} exceeds 64 bits`);
  }
  attributeMessage(metadataAttribute(key, value));
}

/** Runs work on a file; errors about its content say which file it was. */
export async function withPath<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof DataError) || error.path !== undefined) throw error;
    const { column, row } = error;
    throw new DataError(error.code, `${path}: ${error.message}`, {
      path,
      cause: error,
      ...(column !== undefined && { column }),
      ...(row !== undefined && { row }),
    });
  }
}
