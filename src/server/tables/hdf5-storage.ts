/** Tables as HDF5 files: the content of their OriginalFiles, which clients can download like any other. */
import { chmod, rename, rm } from "node:fs/promises";
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import type { RowSpan, TableMetadata } from "../../columns/table.js";
import { clearUp } from "../../flow/failures.js";
import { createHdf5Table, type Hdf5Table, openHdf5Table } from "../../formats/hdf5/index.js";
import { compileCondition } from "../../query/index.js";
import type { RType } from "../../rtypes.js";
import { apiUsage } from "../exceptions.js";
import type { FileContents } from "../world/files.js";
import { isReservedName, type KeptTable, type TableStorage } from "./storage.js";

/** Rows copied at a time. */
const COPIED_ROWS = 50_000;

export class Hdf5TableStorage implements TableStorage {
  readonly #files: FileContents;

  constructor(files: FileContents) {
    this.#files = files;
  }

  async has(fileId: bigint): Promise<boolean> {
    return ((await this.#files.size(fileId)) ?? 0) > 0;
  }

  async create(fileId: bigint, fields: readonly ColumnField[]): Promise<KeptTable> {
    // An empty file was never more than a place for the table.
    await this.#files.remove(fileId);
    const path = this.#files.path(fileId);
    const table = await createHdf5Table(path, fields, { compileCondition });
    await chmod(path, 0o600);
    return new FileTable(table, this.#files.maximumSize);
  }

  async open(fileId: bigint): Promise<KeptTable | undefined> {
    if (!(await this.has(fileId))) return undefined;
    const table = await openHdf5Table(this.#files.path(fileId), { readOnly: false, compileCondition });
    return new FileTable(table, this.#files.maximumSize);
  }

  async remove(fileId: bigint): Promise<void> {
    await this.#files.remove(fileId);
  }
}

/** A table whose file is up to date after every change, for whoever reads the file meanwhile. */
class FileTable implements KeptTable {
  #table: Hdf5Table;
  readonly #maximumSize: number;

  /** @param maximumSize bytes that its rows may take. */
  constructor(table: Hdf5Table, maximumSize: number) {
    this.#table = table;
    this.#maximumSize = maximumSize;
  }

  get fields(): readonly ColumnField[] {
    return this.#table.fields;
  }

  get rowCount(): number {
    return this.#table.rowCount;
  }

  read(columns: readonly number[], start: number, stop: number): Promise<ColumnBatch> {
    return this.#table.read(columns, start, stop);
  }

  slice(columns: readonly number[], rows: Float64Array): Promise<ColumnBatch> {
    return this.#table.slice(columns, rows);
  }

  getWhereList(condition: string, variables: ReadonlyMap<string, RType>, span: RowSpan): Promise<Float64Array> {
    return this.#table.getWhereList(condition, variables, span);
  }

  getAllMetadata(): Promise<TableMetadata> {
    return this.#table.getAllMetadata();
  }

  async addData(batch: ColumnBatch): Promise<void> {
    const { rowCount } = this;
    const size = (rowCount + batch.rowCount) * this.#table.recordSize;
    if (size > this.#maximumSize) {
      throw apiUsage(`Cannot add ${batch.rowCount} rows: tables take ${this.#maximumSize} bytes at most, not ${size}`);
    }
    // Columns of ids are sent as the whole numbers they are.
    await this.#table.addData({ ...batch, fields: this.fields });
    try {
      await this.#table.flush({ durable: false });
    } catch (error) {
      // The client is told that they were not added.
      await clearUp(() => this.#table.dropRows(rowCount));
      throw error;
    }
  }

  async update(batch: ColumnBatch): Promise<void> {
    await this.#table.update(batch);
    await this.#table.flush({ durable: false });
  }

  async setMetadata(key: string, value: bigint | number | string): Promise<void> {
    await this.#table.setMetadata(key, value);
    await this.#table.flush({ durable: false });
  }

  async replaceMetadata(metadata: TableMetadata): Promise<void> {
    const before = await this.#table.getAllMetadata();
    const isRemoval = [...before.keys()].some((key) => !isReservedName(key) && !metadata.has(key));
    if (isRemoval) await this.#copy(metadata);
    else for (const [key, value] of metadata) await this.setMetadata(key, value);
  }

  /** An attribute is removed by leaving it out of a copy. */
  async #copy(metadata: TableMetadata): Promise<void> {
    const { path, fields, rowCount } = this.#table;
    const part = `${path}.part`;
    try {
      const copy = await createHdf5Table(part, fields, { compileCondition, metadata });
      const columns = fields.map((_, position) => position);
      for (let start = 0; start < rowCount; start += COPIED_ROWS) {
        await copy.addData(await this.#table.read(columns, start, Math.min(start + COPIED_ROWS, rowCount)));
      }
      await copy.close();
      await chmod(part, 0o600);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    await this.#table.close();
    await rename(part, path);
    this.#table = await openHdf5Table(path, { readOnly: false, compileCondition });
  }

  close(): Promise<void> {
    return this.#table.close();
  }

  abandon(): Promise<void> {
    return this.#table.abandon();
  }
}
