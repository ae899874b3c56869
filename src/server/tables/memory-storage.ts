/** Tables in memory, gone with the process. */
import type { ColumnBatch, ColumnData, ColumnField } from "../../columns/batch.js";
import { rowNumberArray } from "../../columns/batch.js";
import { recordBytes } from "../../columns/chunk-size.js";
import type { RowSpan, TableCallOptions, TableMetadata } from "../../columns/table.js";
import { DataError } from "../../errors.js";
import { compileCondition } from "../../query/index.js";
import { scanWhereList } from "../../query/scan.js";
import type { RType } from "../../rtypes.js";
import { type GrowingColumn, growingColumn, type RowPlaces } from "./growing-column.js";
import { initialMetadata, isReservedName, type KeptTable, type TableStorage } from "./storage.js";

/** Rows a condition is evaluated on at a time. */
const CONDITION_ROWS = 65_536;

/** Bytes of all tables, unless something else is said: 2 GiB. */
const MOST_BYTES = 2 ** 31;

/** What all tables take. */
class HeldBytes {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws DataError `LIMIT_EXCEEDED` where so many more bytes are too many */
  check(more: number): void {
    if (this.#held + more <= this.#most) return;
    const text = `the tables of this server are kept in memory, ${this.#most} bytes at most: remove some`;
    throw new DataError("LIMIT_EXCEEDED", text);
  }

  add(bytes: number): void {
    this.#held += bytes;
  }
}

export class MemoryTableStorage implements TableStorage {
  readonly #tables = new Map<bigint, MemoryTable>();
  readonly #held: HeldBytes;

  /** @param mostBytes of all tables together */
  constructor(mostBytes = MOST_BYTES) {
    this.#held = new HeldBytes(mostBytes);
  }

  async has(fileId: bigint): Promise<boolean> {
    return this.#tables.has(fileId);
  }

  async create(fileId: bigint, fields: readonly ColumnField[]): Promise<MemoryTable> {
    const table = new MemoryTable(fields, this.#held);
    this.#tables.set(fileId, table);
    return table;
  }

  async open(fileId: bigint): Promise<MemoryTable | undefined> {
    return this.#tables.get(fileId);
  }

  async remove(fileId: bigint): Promise<void> {
    this.#held.add(-(this.#tables.get(fileId)?.bytes ?? 0));
    this.#tables.delete(fileId);
  }
}

export class MemoryTable implements KeptTable {
  readonly fields: readonly ColumnField[];
  readonly #columns: readonly GrowingColumn[];
  readonly #metadata = initialMetadata();
  readonly #held: HeldBytes;
  #rowCount = 0;

  /** @param held what this table takes part in */
  constructor(fields: readonly ColumnField[], held = new HeldBytes(MOST_BYTES)) {
    this.fields = fields;
    this.#columns = fields.map(growingColumn);
    this.#held = held;
    held.add(this.bytes);
  }

  /** Of its cells and metadata. */
  get bytes(): number {
    return this.#columns.reduce((sum, column) => sum + column.bytes, metadataBytes(this.#metadata));
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
    this.#change(batch.rowCount * recordBytes(this.fields) + maskBytes(batch), () => {
      for (const [index, column] of this.#columns.entries()) column.append(batch.columns[index]!);
      this.#rowCount += batch.rowCount;
    });
  }

  async update(batch: ColumnBatch): Promise<void> {
    const rows = rowNumberArray(batch.rowNumbers, batch.rowCount);
    this.#change(maskBytes(batch), () => {
      for (const [index, { name }] of batch.fields.entries()) {
        const column = this.fields.findIndex((field) => field.name === name);
        this.#columns[column]!.overwrite(rows, batch.columns[index]!);
      }
    });
  }

  /** @param most bytes that the table may have more then */
  #change(most: number, change: () => void): void {
    this.#held.check(most);
    const before = this.bytes;
    change();
    this.#held.add(this.bytes - before);
  }

  async getAllMetadata(): Promise<TableMetadata> {
    return new Map(this.#metadata);
  }

  async setMetadata(key: string, value: bigint | number | string): Promise<void> {
    this.#change(metadataBytes([[key, value]]), () => this.#metadata.set(key, value));
  }

  async replaceMetadata(metadata: TableMetadata): Promise<void> {
    this.#change(metadataBytes(metadata), () => {
      for (const key of this.#metadata.keys()) if (!isReservedName(key)) this.#metadata.delete(key);
      for (const [key, value] of metadata) this.#metadata.set(key, value);
    });
  }

  async close(): Promise<void> {}

  async abandon(): Promise<void> {}
}

function maskBytes({ columns }: ColumnBatch): number {
  return columns.reduce((sum, column) => sum + (column.kind === "mask" ? column.bytes.length : 0), 0);
}

function metadataBytes(metadata: Iterable<readonly [string, bigint | number | string]>): number {
  let bytes = 0;
  for (const [key, value] of metadata) bytes += 2 * (key.length + (typeof value === "string" ? value.length : 8));
  return bytes;
}
