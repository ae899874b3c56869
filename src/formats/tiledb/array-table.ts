/** A TileDB array as a table: row `i` is the cell with the `i`-th smallest row number. */
import { type ColumnBatch, type ColumnData, type ColumnField, field, type RowNumbers } from "../../columns/batch.js";
import type { ReadableTable, RowSpan, TableCallOptions, TableMetadata } from "../../columns/table.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { Secret } from "../../flow/secret.js";
import { compileCondition } from "../../query/index.js";
import { scanWhereList } from "../../query/scan.js";
import type { RType } from "../../rtypes.js";
import { committedFragments, readArrayMetadata, readSchemas } from "./array-files.js";
import { TOKEN_KEY } from "./array-metadata.js";
import { CellReader, take } from "./fragments/cell-reader.js";
import { Fragment } from "./fragments/fragment-reader.js";
import { type CellList, orderRows, type RowRun } from "./fragments/row-order.js";
import { type Attribute, CAPACITY } from "./schema.js";

const READING = "Reading the TileDB array";
/** Rows a condition is applied to at a time. */
const CONDITION_ROWS = 5 * CAPACITY;

/** What an array consists of. */
interface ArrayParts {
  readonly attributes: readonly Attribute[];
  /** Parallel to `attributes`: bytes of the longest text, or values a cell. */
  readonly sizes: readonly number[];
  readonly runs: readonly RowRun[];
  readonly metadata: ReadonlyMap<string, bigint | number | string>;
}

export class TileDBTable implements ReadableTable {
  readonly path: string;
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly #attributes: readonly Attribute[];
  readonly #runs: readonly RowRun[];
  readonly #metadata: TableMetadata;
  readonly #cells: CellReader;
  readonly #secretToken: Secret | undefined;

  private constructor(path: string, { attributes, sizes, runs, metadata }: ArrayParts) {
    const last = runs.at(-1);
    const token = metadata.get(TOKEN_KEY);
    this.path = path;
    this.fields = attributes.map(({ name, type }, index) => field(name, type, sizes[index]!));
    this.rowCount = last ? last.start + last.count : 0;
    this.#secretToken = typeof token === "string" ? new Secret(token) : undefined;
    this.#attributes = attributes;
    this.#runs = runs;
    this.#metadata = new Map([...metadata].filter(([key]) => key !== TOKEN_KEY));
    this.#cells = new CellReader(path);
  }

  /**
   * Opens a sparse array with one int64 dimension, as `createTileDB` and `tiledb.from_pandas(sparse=True)` write it. Looks
   * through the lengths of all texts, because a table's columns say how wide they are.
   *
   * @throws TableError `NOT_FOUND`, `NOT_A_TABLE`; FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`, or
   *   `UNSUPPORTED_TYPE` naming what cannot be read; AbortError.
   */
  static async open(path: string, { signal }: TableCallOptions = {}): Promise<TileDBTable> {
    const { newest, schemas } = await readSchemas(path);
    const fragments: Fragment[] = [];
    for (const stem of await committedFragments(path)) {
      throwIfAborted(signal, READING);
      fragments.push(await Fragment.open(path, stem, schemas));
    }
    const { attributes } = schemas.get(newest)!;
    const cells = new CellReader(path);
    const sizes: number[] = [];
    for (const attribute of attributes) {
      throwIfAborted(signal, READING);
      sizes.push(attribute.storage === "text" ? await cells.longestText(attribute, fragments) : attribute.size);
    }
    const runs = await orderRows(fragments);
    return new TileDBTable(path, { attributes, sizes, runs, metadata: await readArrayMetadata(path) });
  }

  /** The token that registering the array asks for, if it has one. It is never printed or serialised. */
  get secretToken(): string | undefined {
    return this.#secretToken?.reveal();
  }

  async read(
    columns: readonly number[],
    start: number,
    stop: number,
    { signal }: TableCallOptions = {},
  ): Promise<ColumnBatch> {
    const attributes = this.#attributesAt(columns);
    if (!(Number.isInteger(start) && start >= 0 && start <= stop && stop <= this.rowCount)) {
      throw this.#outOfRange(`rows ${start} to ${stop}`);
    }
    const data: ColumnData[] = [];
    for (const attribute of attributes) data.push(await this.#span(attribute, start, stop, signal));
    return this.#batch(columns, data, stop - start, { start, step: 1 });
  }

  async slice(columns: readonly number[], rows: Float64Array, { signal }: TableCallOptions = {}): Promise<ColumnBatch> {
    const attributes = this.#attributesAt(columns);
    for (const row of rows) {
      if (!(Number.isInteger(row) && row >= 0 && row < this.rowCount)) throw this.#outOfRange(`row ${row}`);
    }
    const { sorted, ranks } = ascending(rows);
    const list = this.#locate(sorted);
    const data: ColumnData[] = [];
    for (const attribute of attributes) {
      const column = await this.#cells.read(attribute, [{ cells: list, start: 0, stop: rows.length }], signal);
      data.push(ranks ? take(column, ranks) : column);
    }
    return this.#batch(columns, data, rows.length, rows);
  }

  async getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    return scanWhereList(this, compileCondition(condition, this.fields, variables), span, CONDITION_ROWS, options);
  }

  /** All metadata but the secret token. */
  async getAllMetadata(): Promise<TableMetadata> {
    return this.#metadata;
  }

  async close(): Promise<void> {}

  #attributesAt(columns: readonly number[]): Attribute[] {
    return columns.map((index) => {
      const attribute = this.#attributes[index];
      if (attribute) return attribute;
      throw new ArgumentError("UNKNOWN_COLUMN", `${this.path} has no column number ${index}`, { path: this.path });
    });
  }

  #outOfRange(asked: string): ArgumentError {
    const message = `${asked} asked for, ${this.path} has ${this.rowCount} rows`;
    return new ArgumentError("ROWS_OUT_OF_RANGE", message, { path: this.path });
  }

  #batch(columns: readonly number[], data: ColumnData[], rowCount: number, rowNumbers: RowNumbers): ColumnBatch {
    return { fields: columns.map((index) => this.fields[index]!), columns: data, rowCount, rowNumbers };
  }

  #span(attribute: Attribute, start: number, stop: number, signal: AbortSignal | undefined): Promise<ColumnData> {
    const runs = this.#runs.filter((run) => run.start < stop && run.start + run.count > start);
    const spans = runs.map((run) => ({
      cells: run.cells,
      start: Math.max(start - run.start, 0),
      stop: Math.min(stop - run.start, run.count),
    }));
    return this.#cells.read(attribute, spans, signal);
  }

  /** The cells of rows in ascending order. */
  #locate(rows: Float64Array): CellList {
    const fragments = [...new Set(this.#runs.flatMap(({ cells }) => ("which" in cells ? cells.fragments : cells)))];
    const numbers = new Map(fragments.map((fragment, index) => [fragment, index]));
    const which = new Uint32Array(rows.length);
    const cell = new Uint32Array(rows.length);
    let run = 0;
    for (const [index, row] of rows.entries()) {
      while (row >= this.#runs[run]!.start + this.#runs[run]!.count) run++;
      const { cells, start } = this.#runs[run]!;
      const at = row - start;
      const isList = "which" in cells;
      which[index] = numbers.get(isList ? cells.fragments[cells.which[at]!]! : cells)!;
      cell[index] = isList ? cells.cell[at]! : at;
    }
    return { fragments, which, cell };
  }
}

/** Opens the array at `path` as a table. See {@link TileDBTable.open}. */
export function openTileDBTable(path: string, options?: TableCallOptions): Promise<TileDBTable> {
  return TileDBTable.open(path, options);
}

/** Rows in ascending order, and the place of each given row there unless they come so. */
function ascending(rows: Float64Array): { sorted: Float64Array; ranks?: Int32Array } {
  if (rows.every((row, index) => index === 0 || rows[index - 1]! <= row)) return { sorted: rows };
  const order = Int32Array.from(rows, (_, index) => index).sort((a, b) => rows[a]! - rows[b]!);
  const ranks = new Int32Array(rows.length);
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return { sorted: Float64Array.from(order, (index) => rows[index]!), ranks };
}
