/** A table in memory that answers as OMERO.tables does, notes each call and can be slow, broken or aborted. */
import { setImmediate } from "node:timers/promises";
import type { ColumnBatch, ColumnField } from "../../src/columns/batch.js";
import { field } from "../../src/columns/batch.js";
import type { ReadableTable, RowSpan, TableCallOptions, TableMetadata } from "../../src/columns/table.js";
import { batchOf, type Cell } from "./cells.js";

export interface TableCall {
  readonly operation: "read" | "slice" | "getWhereList";
  /** Rows asked for or searched. */
  readonly rows: number;
  readonly span?: RowSpan;
}

export interface MemoryTableOptions {
  /** The condition's meaning; default: every row meets it. */
  readonly where?: (row: number) => boolean;
  /** Runs before each answer; may wait or throw. */
  readonly before?: (call: TableCall, index: number, signal: AbortSignal | undefined) => Promise<void> | void;
  readonly metadata?: TableMetadata;
}

export class MemoryTable implements ReadableTable {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly calls: TableCall[] = [];
  running = 0;
  mostRunning = 0;
  closed = 0;
  readonly #cells: readonly (readonly Cell[])[];
  readonly #options: MemoryTableOptions;

  constructor(fields: readonly ColumnField[], cells: readonly (readonly Cell[])[], options: MemoryTableOptions = {}) {
    this.fields = fields;
    this.rowCount = cells[0]?.length ?? 0;
    this.#cells = cells;
    this.#options = options;
  }

  read(columns: readonly number[], start: number, stop: number, options?: TableCallOptions): Promise<ColumnBatch> {
    if (!(start >= 0 && start <= stop && stop <= this.rowCount) || columns.length === 0)
      throw new RangeError("bad read");
    const rows = Array.from({ length: stop - start }, (_, index) => start + index);
    return this.#answer({ operation: "read", rows: rows.length }, options, () => this.#pick(columns, rows));
  }

  slice(columns: readonly number[], rows: Float64Array, options?: TableCallOptions): Promise<ColumnBatch> {
    if (rows.some((row) => !(row >= 0 && row < this.rowCount)) || columns.length === 0)
      throw new RangeError("bad slice");
    return this.#answer({ operation: "slice", rows: rows.length }, options, () => this.#pick(columns, [...rows]));
  }

  getWhereList(
    _condition: string,
    _variables: ReadonlyMap<string, unknown>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    const { where = () => true } = this.#options;
    return this.#answer({ operation: "getWhereList", rows: span.stop - span.start, span }, options, () => {
      const rows = Array.from({ length: span.stop - span.start }, (_, index) => span.start + index);
      return Float64Array.from(rows.filter(where));
    });
  }

  async getAllMetadata(): Promise<TableMetadata> {
    return this.#options.metadata ?? new Map();
  }

  async close(): Promise<void> {
    this.closed++;
  }

  async #answer<T>(call: TableCall, options: TableCallOptions | undefined, result: () => T): Promise<T> {
    if (this.closed > 0) throw new Error("called after close");
    const index = this.calls.push(call) - 1;
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    try {
      await setImmediate();
      await this.#options.before?.(call, index, options?.signal);
      options?.signal?.throwIfAborted();
      return result();
    } finally {
      this.running--;
    }
  }

  #pick(columns: readonly number[], rows: readonly number[]): ColumnBatch {
    const fields = columns.map((column) => this.fields[column]!);
    const cells = columns.map((column) => rows.map((row) => this.#cells[column]![row]!));
    return batchOf(fields, cells, Float64Array.from(rows));
  }
}

/** A column of every type. */
export const EVERY_TYPE: readonly ColumnField[] = [
  field("image", "Image", 1, "an id"),
  field("count", "Long"),
  field("mean area", "Double", 1, "in square pixels"),
  field("a/b", "Bool"),
  field("Größe", "String", 16),
  field("floats", "FloatArray", 2),
  field("doubles", "DoubleArray", 3),
  field("longs", "LongArray", 1),
  field("mask", "Mask"),
  field("file", "File"),
  field("dataset", "Dataset"),
  field("roi", "Roi"),
  field("well", "Well"),
  field("plate", "Plate"),
];

/** Cells of `rowCount` rows in a column of every type, different in each row. */
export function everyTypeCells(rowCount: number): Cell[][] {
  return EVERY_TYPE.map((column, index) => Array.from({ length: rowCount }, (_, row) => makeCell(column, index, row)));
}

function makeCell({ type, size }: ColumnField, index: number, row: number): Cell {
  switch (type) {
    case "Bool":
      return row % 3 === 0;
    case "Double":
      return row % 7 === 3 ? Number.NaN : (row - 5) / 3;
    case "String":
      return ["", "a", "é", "日本", `t"${row},`][row % 5]!;
    case "FloatArray":
      return Array.from({ length: size }, (_, element) => Math.fround(row / 10 + element));
    case "DoubleArray":
      return Array.from({ length: size }, (_, element) => row / 10 - element);
    case "LongArray":
      return Array.from({ length: size }, (_, element) => BigInt(row * 10 + element));
    case "Mask":
      return {
        imageId: BigInt(row),
        theZ: row,
        theT: 1 - row,
        x: row / 2,
        y: 1,
        w: 2,
        h: 3,
        bytes: [row & 255].slice(row % 2),
      };
    default:
      return BigInt(row) * 1000n + BigInt(index);
  }
}
