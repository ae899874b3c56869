/** Tables in memory, gone with the process. */
import type { ColumnBatch, ColumnData, ColumnField } from "../../columns/batch.js";
import { rowNumberArray } from "../../columns/batch.js";
import type { RowSpan, TableCallOptions, TableMetadata } from "../../columns/table.js";
import { compileCondition } from "../../query/index.js";
import { scanWhereList } from "../../query/scan.js";
import type { RType } from "../../rtypes.js";
import { type GrowingColumn, growingColumn, type RowPlaces } from "./growing-column.js";
import { initialMetadata, isReservedName, type KeptTable, type TableStorage } from "./storage.js";

/** Rows a condition is evaluated on at a time. */
const CONDITION_ROWS = 65_536;

export class MemoryTableStorage implements TableStorage {
  readonly #tables = new Map<bigint, MemoryTable>();

  async has(fileId: bigint): Promise<boolean> {
    return this.#tables.has(fileId);
  }

  async create(fileId: bigint, fields: readonly ColumnField[]): Promise<MemoryTable> {
    const table = new MemoryTable(fields);
    this.#tables.set(fileId, table);
    return table;
  }

  async open(fileId: bigint): Promise<MemoryTable | undefined> {
    return this.#tables.get(fileId);
  }

  async remove(fileId: bigint): Promise<void> {
    this.#tables.delete(fileId);
  }
}

export class MemoryTable implements KeptTable {
  readonly fields: readonly ColumnField[];
  readonly #columns: readonly GrowingColumn[];
  readonly #metadata = initialMetadata();
  #rowCount = 0;

  constructor(fields: readonly ColumnField[]) {
    this.fields = fields;
    this.#columns = fields.map(growingColumn);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  async read(columns: readonly number[], start: number, stop: number): Promise<ColumnBatch> {
    return {
      ...this.#take(columns, { start, stop }),
      rowCount: stop - start,
      rowNumbers: { start, step: 1 },
    };
  }

  async slice(columns: readonly number[], rows: Float64Array): Promise<ColumnBatch> {
    return { ...this.#take(columns, rows), rowCount: rows.length, rowNumbers: rows };
  }

  #take(columns: readonly number[], rows: RowPlaces): { fields: ColumnField[]; columns: ColumnData[] } {
    return {
      fields: columns.map((column) => this.fields[column]!),
      columns: columns.map((column) => this.#columns[column]!.take(rows)),
    };
  }

  async getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    const compiled = compileCondition(condition, this.fields, variables);
    return scanWhereList(this, compiled, span, CONDITION_ROWS, options);
  }

  async addData(batch: ColumnBatch): Promise<void> {
    for (const [index, column] of this.#columns.entries()) column.append(batch.columns[index]!);
    this.#rowCount += batch.rowCount;
  }

  async update(batch: ColumnBatch): Promise<void> {
    const rows = rowNumberArray(batch.rowNumbers, batch.rowCount);
    for (const [index, { name }] of batch.fields.entries()) {
      const column = this.fields.findIndex((field) => field.name === name);
      this.#columns[column]!.overwrite(rows, batch.columns[index]!);
    }
  }

  async getAllMetadata(): Promise<TableMetadata> {
    return new Map(this.#metadata);
  }

  async setMetadata(key: string, value: bigint | number | string): Promise<void> {
    this.#metadata.set(key, value);
  }

  async replaceMetadata(metadata: TableMetadata): Promise<void> {
    for (const key of this.#metadata.keys()) if (!isReservedName(key)) this.#metadata.delete(key);
    for (const [key, value] of metadata) this.#metadata.set(key, value);
  }

  async close(): Promise<void> {}

  async abandon(): Promise<void> {}
}
