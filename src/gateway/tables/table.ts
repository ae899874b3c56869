/** A table on an OMERO server, through `omero::grid::Table`. */
import { type ColumnBatch, type ColumnField, rowNumberArray } from "../../columns/batch.js";
import { emptyColumn } from "../../columns/kinds/kinds.js";
import type {
  RowSpan,
  SharedTable,
  TableCallOptions,
  TableMetadata,
  TableState,
  WritableTable,
} from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/connection.js";
import {
  columnFields,
  emptyColumns,
  fromColumnBatch,
  toColumnBatch,
  toRowNumbers,
} from "../../connect/ice/codec/columns/columns.js";
import type { Data, Table } from "../../connect/ice/schema/omero.js";
import type { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { ArgumentError, ServerError, TableError } from "../../errors.js";
import type { RType } from "../../rtypes.js";
import { findOriginalFile, type OriginalFileInfo } from "../files/original-file.js";
import { explainLargeWrite } from "./message-limits.js";
import { checkRowNumbers, checkStep, clampedSpan, toInt64Array } from "./row-numbers.js";
import { checkAnswer, checkedHits, rowCountOf } from "./table-answers.js";
import { requestChecksum } from "./table-checksum.js";
import { isOptimisticLock, notInitialized, withQuery } from "./table-errors.js";
import { checkNewFields, checkPositions, checkSameFields, positionOf } from "./table-fields.js";
import { metadataRType, tableMetadata } from "./table-metadata.js";
import { stateOf } from "./table-stamp.js";

/**
 * A table on a server. Reads are repeated, on the table opened again, after a lost connection; writes never are. A server that
 * says that someone else has changed the table since it was opened makes the call fail with `TABLE_CHANGED`, and the table is
 * then taken for what it is by now.
 *
 * Metadata: the server takes numbers as 32-bit floats only; give a bigint for a whole number.
 */
export class RemoteTable implements WritableTable, SharedTable {
  /** The connection it was opened by. */
  readonly connection: OmeroConnection;
  readonly #remote: RemoteObject;
  readonly #table: Table;
  #file: OriginalFileInfo;
  #fields: readonly ColumnField[] = [];
  #rowCount = 0;
  /** Loads the table again because of a change; calls that fail for the same change wait for one. */
  #reloading: Promise<void> | undefined;
  #written = false;
  /** Settles when the server knows that it is to sum up what is written. */
  #checksumRequested: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** @internal Made by `openTable` and `newTable`. `remote` opens the table; `context` goes with each call. */
  constructor(
    connection: OmeroConnection,
    remote: RemoteObject,
    file: OriginalFileInfo,
    context: Record<string, string>,
  ) {
    this.connection = connection;
    this.#remote = remote;
    this.#file = file;
    // Row numbers are known here, whichever rows are asked for.
    this.#table = remoteAccess(connection).service<Table>(remote, {
      ...context,
      "omero.tables.include_row_numbers": "false",
    });
  }

  /** The file the table is kept in. */
  get file(): OriginalFileInfo {
    return this.#file;
  }

  get fields(): readonly ColumnField[] {
    return this.#fields;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get openedState(): TableState | undefined {
    return this.#written ? undefined : stateOf(this.#file, this.#rowCount);
  }

  async readState(options: TableCallOptions = {}): Promise<TableState> {
    const [rows, file] = await Promise.all([
      this.#reading(() => this.#table.getNumberOfRows(options)),
      findOriginalFile(this.connection, { fileId: this.#file.id }, options),
    ]);
    return stateOf(file, rowCountOf(rows));
  }

  async reload(options: TableCallOptions = {}): Promise<void> {
    await remoteAccess(this.connection).close(this.#remote);
    this.#file = await findOriginalFile(this.connection, { fileId: this.#file.id }, options);
    await this.load(options);
  }

  /**
   * Reads the columns and the number of rows.
   * @throws TableError `NOT_INITIALIZED` if the table has no columns yet.
   */
  async load(options: TableCallOptions = {}): Promise<void> {
    ({ fields: this.#fields, rowCount: this.#rowCount } = await this.readHeaders(options));
  }

  /** The columns and the number of rows as the server has them now; what was loaded before stays. */
  async readHeaders(
    options: TableCallOptions = {},
  ): Promise<{ readonly fields: readonly ColumnField[]; readonly rowCount: number }> {
    const [headers, rows] = await this.#reading(() =>
      Promise.all([this.#table.getHeaders(options), this.#table.getNumberOfRows(options)]),
    );
    return { fields: columnFields(headers), rowCount: rowCountOf(rows) };
  }

  /**
   * Gives a new table its columns.
   * @throws ArgumentError `INVALID_ARGUMENT` for names and widths that a table cannot have; nothing is sent then.
   */
  async initialize(fields: readonly ColumnField[], options: TableCallOptions = {}): Promise<void> {
    checkNewFields(fields);
    await this.#writing(() => this.#table.initialize(emptyColumns(fields), options));
    this.#fields = [...fields];
    this.#rowCount = 0;
  }

  async read(
    columns: readonly number[],
    start: number,
    stop: number,
    options: TableCallOptions = {},
  ): Promise<ColumnBatch> {
    this.#checkPositions(columns);
    const span = clampedSpan({ start, stop }, this.#rowCount);
    if (span.start === span.stop) return this.#emptyBatch(columns);
    // A stop of 0 would mean the end, but it is never sent: an empty span is not asked for.
    const data = await this.#reading(() => this.#table.read(columns, span.start, span.stop, options));
    return this.#batch(data, columns, span.stop - span.start, { start: span.start, step: 1 });
  }

  async slice(columns: readonly number[], rows: Float64Array, options: TableCallOptions = {}): Promise<ColumnBatch> {
    this.#checkPositions(columns);
    checkRowNumbers(rows, this.#rowCount, this.file);
    if (rows.length === 0) return this.#emptyBatch(columns);
    const numbers = toInt64Array(rows);
    const data = await this.#reading(() => this.#table.slice(columns, numbers, options));
    return this.#batch(data, columns, rows.length, rows);
  }

  async getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options: TableCallOptions = {},
  ): Promise<Float64Array> {
    const { step = 1 } = span;
    checkStep(step);
    const { start, stop } = clampedSpan(span, this.#rowCount);
    if (start === stop) return new Float64Array(0);
    try {
      const hits = await this.#reading(() =>
        this.#table.getWhereList(condition, variables, start, stop, step, options),
      );
      return checkedHits(rowNumberArray(toRowNumbers(hits), hits.length), start, stop);
    } catch (error) {
      throw error instanceof ServerError ? withQuery(error, condition) : error;
    }
  }

  async getAllMetadata(options: TableCallOptions = {}): Promise<TableMetadata> {
    return tableMetadata(await this.#reading(() => this.#table.getAllMetadata(options)));
  }

  async countRows(options: TableCallOptions = {}): Promise<number> {
    this.#rowCount = rowCountOf(await this.#reading(() => this.#table.getNumberOfRows(options)));
    return this.#rowCount;
  }

  async addData(batch: ColumnBatch, options: TableCallOptions = {}): Promise<void> {
    checkSameFields(batch, this.#fields);
    if (batch.rowCount === 0) return;
    const columns = fromColumnBatch({ ...batch, fields: this.#fields });
    await this.#writing(() => this.#table.addData(columns, options)).catch((error) => {
      throw explainLargeWrite(error, batch);
    });
    this.#rowCount += batch.rowCount;
  }

  async update(batch: ColumnBatch, options: TableCallOptions = {}): Promise<void> {
    const positions = batch.fields.map((field) => positionOf(field, this.#fields, this.file));
    const rows = rowNumberArray(batch.rowNumbers, batch.rowCount);
    checkRowNumbers(rows, this.#rowCount, this.file);
    if (rows.length === 0 || positions.length === 0) return;
    const fields = positions.map((position) => this.#fields[position]!);
    const columns = fromColumnBatch({ ...batch, fields });
    const rowNumbers = toInt64Array(rows);
    const data: Data = { iceId: "::omero::grid::Data", lastModification: 0n, rowNumbers, columns };
    await this.#writing(() => this.#table.update(data, options));
  }

  async setMetadata(key: string, value: bigint | number | string, options: TableCallOptions = {}): Promise<void> {
    const rtype = metadataRType(key, value);
    await this.#writing(() => this.#table.setMetadata(key, rtype, options));
  }

  /**
   * Closes the table on the server, which then notes the file's size and, of what was written here, its SHA-1. After writing, a failure to do so is
   * thrown; otherwise closing never fails.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#checksumRequested;
    const failure = await remoteAccess(this.connection).close(this.#remote, this.#written);
    if (failure !== undefined && this.#written) throw failure;
  }

  /** Runs a read; if someone else has changed the table since it was opened, the table is opened again, and the read fails. */
  async #reading<T>(read: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    try {
      return await read();
    } catch (error) {
      if (!isOptimisticLock(error)) throw this.#tableError(error);
      this.#reloading ??= this.reload().finally(() => {
        this.#reloading = undefined;
      });
      await this.#reloading;
      const text = `table ${this.#file.id} was changed by someone else while it was read: read it again from the beginning`;
      throw new TableError("TABLE_CHANGED", text, { fileId: this.#file.id, cause: error });
    }
  }

  async #writing(write: () => Promise<void>): Promise<void> {
    this.#checkOpen();
    this.#written = true;
    if (this.file.sha1 === undefined) this.#checksumRequested ??= requestChecksum(this.connection, this.file);
    try {
      await write();
    } catch (error) {
      if (!isOptimisticLock(error)) throw this.#tableError(error);
      const text = `table ${this.file.id} was changed by someone else since it was opened: open it again and look before writing`;
      throw new TableError("TABLE_CHANGED", text, { fileId: this.file.id, cause: error });
    }
  }

  #tableError(error: unknown): unknown {
    if (!(error instanceof ServerError) || error.code !== "API_USAGE" || !/not yet initialized/i.test(error.message)) {
      return error;
    }
    return notInitialized(this.file, error);
  }

  #batch(
    data: Data | null,
    columns: readonly number[],
    rowCount: number,
    rowNumbers: ColumnBatch["rowNumbers"],
  ): ColumnBatch {
    const batch = toColumnBatch(data?.columns ?? [], { start: 0, step: 1 });
    const fields = columns.map((column) => this.#fields[column]!);
    checkAnswer(batch.fields, fields, this.#file.id);
    if (batch.rowCount !== rowCount) {
      const text = `table ${this.file.id} gave ${batch.rowCount} rows where ${rowCount} were asked for: it has changed`;
      throw new TableError("TABLE_CHANGED", text, { fileId: this.file.id });
    }
    return { fields, columns: batch.columns, rowCount, rowNumbers };
  }

  #emptyBatch(columns: readonly number[]): ColumnBatch {
    const fields = columns.map((column) => this.#fields[column]!);
    const data = fields.map(({ type, size }) => emptyColumn(type, size));
    return { fields, columns: data, rowCount: 0, rowNumbers: { start: 0, step: 1 } };
  }

  #checkPositions(columns: readonly number[]): void {
    if (this.#fields.length === 0) throw notInitialized(this.file);
    checkPositions(columns, this.#fields, this.file);
  }

  #checkOpen(): void {
    if (this.#closed) throw new ArgumentError("INVALID_ARGUMENT", `table ${this.file.id} is closed: open it again`);
  }
}
