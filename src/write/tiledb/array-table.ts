/** A TileDB array as a table: row `i` is the cell with the `i`-th smallest row number. */
import { type ColumnBatch, type ColumnData, type ColumnField, field, type RowNumbers } from "../../batch.js";
import { type CompileCondition, scanWhereList } from "../../condition-scan.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { joinColumns } from "../../rebatch.js";
import type { RType } from "../../rtypes.js";
import type { ReadableTable, RowSpan, TableCallOptions, TableMetadata } from "../../table.js";
import { committedFragments, readArrayMetadata, readSchemas } from "./array-files.js";
import { unsupported } from "./byte-reader.js";
import { Fragment } from "./fragment-reader.js";
import { orderRows, type RowRun } from "./row-order.js";
import { type Attribute, CAPACITY } from "./schema.js";

export interface OpenArrayOptions {
  /** Applies conditions; without it {@link TileDBTable.getWhereList} is refused. */
  readonly compileCondition?: CompileCondition | undefined;
}

export class TileDBTable implements ReadableTable {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly #path: string;
  readonly #attributes: readonly Attribute[];
  readonly #runs: readonly RowRun[];
  readonly #metadata: TableMetadata;
  readonly #compileCondition: CompileCondition | undefined;

  private constructor(
    path: string,
    attributes: readonly Attribute[],
    runs: readonly RowRun[],
    metadata: TableMetadata,
    compileCondition: CompileCondition | undefined,
  ) {
    this.#path = path;
    this.#attributes = attributes;
    this.#runs = runs;
    this.#metadata = metadata;
    this.#compileCondition = compileCondition;
    this.fields = attributes.map(({ name, type, size }) => field(name, type, size));
    const last = runs.at(-1);
    this.rowCount = last ? last.start + last.count : 0;
  }

  /**
   * Opens a sparse array with one int64 dimension.
   *
   * @throws TableError `NOT_FOUND`; DataError `MALFORMED_FILE`, or `UNSUPPORTED_TYPE` naming what cannot be read.
   */
  static async open(path: string, options: OpenArrayOptions = {}): Promise<TileDBTable> {
    const { newest, schemas } = await readSchemas(path);
    const fragments: Fragment[] = [];
    for (const stem of await committedFragments(path)) fragments.push(await Fragment.open(path, stem, schemas));
    const { attributes } = schemas.get(newest)!;
    const metadata = await readArrayMetadata(path);
    return new TileDBTable(path, attributes, await orderRows(fragments), metadata, options.compileCondition);
  }

  async read(
    columns: readonly number[],
    start: number,
    stop: number,
    { signal }: TableCallOptions = {},
  ): Promise<ColumnBatch> {
    this.#check(columns, start, stop);
    const data: ColumnData[] = [];
    for (const index of columns) {
      throwIfAborted(signal, "reading a TileDB array");
      data.push(await this.#column(this.#attributes[index]!, start, stop));
    }
    return this.#batch(columns, data, stop - start, { start, step: 1 });
  }

  async slice(columns: readonly number[], rows: Float64Array, { signal }: TableCallOptions = {}): Promise<ColumnBatch> {
    for (const row of rows) this.#check(columns, row, row + 1);
    const data: ColumnData[] = [];
    for (const index of columns) {
      throwIfAborted(signal, "reading a TileDB array");
      const parts: ColumnData[] = [];
      for (const [start, stop] of consecutive(rows))
        parts.push(await this.#column(this.#attributes[index]!, start, stop));
      data.push(parts.length === 0 ? await this.#column(this.#attributes[index]!, 0, 0) : joinColumns(parts));
    }
    return this.#batch(columns, data, rows.length, rows);
  }

  async getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    if (!this.#compileCondition) {
      throw new ArgumentError("INVALID_ARGUMENT", "this array was opened without a way to apply conditions");
    }
    return scanWhereList(this, this.#compileCondition(condition, this.fields, variables), span, 5 * CAPACITY, options);
  }

  async getAllMetadata(): Promise<TableMetadata> {
    return this.#metadata;
  }

  async close(): Promise<void> {}

  #check(columns: readonly number[], start: number, stop: number): void {
    const unknown = columns.find((index) => this.fields[index] === undefined);
    if (unknown !== undefined)
      throw new ArgumentError("UNKNOWN_COLUMN", `${this.#path} has no column number ${unknown}`);
    if (!(Number.isInteger(start) && start >= 0 && start <= stop && stop <= this.rowCount)) {
      const message = `rows ${start} to ${stop} asked for, ${this.#path} has ${this.rowCount}`;
      throw new ArgumentError("ROWS_OUT_OF_RANGE", message, { path: this.#path });
    }
  }

  #batch(columns: readonly number[], data: ColumnData[], rowCount: number, rowNumbers: RowNumbers): ColumnBatch {
    return { fields: columns.map((index) => this.fields[index]!), columns: data, rowCount, rowNumbers };
  }

  async #column(attribute: Attribute, start: number, stop: number): Promise<ColumnData> {
    const parts: ColumnData[] = [];
    for (const run of this.#runs) {
      const [first, last] = [Math.max(start - run.start, 0), Math.min(stop - run.start, run.count)];
      if (first < last) parts.push(...(await this.#cells(attribute, run, first, last)));
    }
    return parts.length > 0 ? joinColumns(parts) : emptyColumn(attribute);
  }

  async #cells(attribute: Attribute, { cells }: RowRun, first: number, last: number): Promise<ColumnData[]> {
    if ("fragment" in cells) return [await cells.fragment.cells(this.#indexIn(cells.fragment, attribute), first, last)];
    const parts: ColumnData[] = [];
    for (let row = first; row < last; ) {
      let stop = row + 1;
      while (stop < last && cells.which[stop] === cells.which[row] && cells.cell[stop] === cells.cell[stop - 1]! + 1)
        stop++;
      const fragment = cells.fragments[cells.which[row]!]!;
      const cell = cells.cell[row]!;
      parts.push(await fragment.cells(this.#indexIn(fragment, attribute), cell, cell + stop - row));
      row = stop;
    }
    return parts;
  }

  /** Position of an attribute in the schema of a fragment, which may be older than the array's. */
  #indexIn(fragment: Fragment, attribute: Attribute): number {
    const index = fragment.schema.attributes.findIndex(({ name }) => name === attribute.name);
    const found = fragment.schema.attributes[index];
    if (!found || found.storage !== attribute.storage || found.size !== attribute.size) {
      throw unsupported(this.#path, `the attribute "${attribute.name}", added or changed after rows were written,`);
    }
    return index;
  }
}

/** Opens the array at `path` as a table. See {@link TileDBTable.open}. */
export function openTileDBTable(path: string, options?: OpenArrayOptions): Promise<TileDBTable> {
  return TileDBTable.open(path, options);
}

function emptyColumn({ type, storage, size }: Attribute): ColumnData {
  if (storage === "text") return { kind: "string", offsets: new Int32Array(1), bytes: new Uint8Array(0) };
  if (storage === "bool") return { kind: "bool", values: new Uint8Array(0) };
  switch (type) {
    case "Double":
      return { kind: "double", values: new Float64Array(0) };
    case "FloatArray":
      return { kind: "array", size, values: new Float32Array(0) };
    case "DoubleArray":
      return { kind: "array", size, values: new Float64Array(0) };
    case "LongArray":
      return { kind: "array", size, values: new BigInt64Array(0) };
    default:
      return { kind: "long", values: new BigInt64Array(0) };
  }
}

function* consecutive(rows: Float64Array): Generator<[start: number, stop: number]> {
  for (let i = 0; i < rows.length; ) {
    const start = rows[i]!;
    let count = 1;
    while (rows[i + count] === start + count) count++;
    yield [start, start + count];
    i += count;
  }
}
