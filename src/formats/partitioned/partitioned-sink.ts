/**
 * Rows in a folder of files, which DuckDB, Spark, pandas and others read as one data set: so many rows to a file, or a folder for each
 * value of a column (`well=A1/part-00000.parquet`, as Hive names them). The folder appears when it is whole, with an empty `_SUCCESS`.
 */
import { type ColumnBatch, type ColumnField, rowNumberArray, type StringColumn } from "../../columns/batch.js";
import { batchBytes, emptyBatch, takeRows } from "../../columns/batch-operations.js";
import { columnValues } from "../../columns/column-values.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { ArgumentError, DataError, invalidArgument, throwIfAborted } from "../../errors.js";
import { TargetFolder } from "../../flow/files/target-folder.js";
import type { Format, NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { join, mkdir, writeFile } from "../node.js";

/** How rows are put into files. One of both. */
export interface Partitioning {
  /** Rows of each file but the last. */
  readonly partitionRows?: number | undefined;
  /** Column, whose values name folders; it is not in the files. */
  readonly partitionBy?: string | undefined;
}

const DATA_SET = { name: "partitioned data set", mark: "_SUCCESS" };
/** Bytes of rows that wait for more of their value, at most. */
const WAITING_BYTES = 128 << 20;
/** Values that have a folder. */
const MOST_VALUES = 10_000;
/** What Hive, Spark and DuckDB take for no value. */
const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

export class PartitionedSink implements Sink {
  readonly #target: TargetFolder;
  readonly #format: Format;
  readonly #partitioning: Partitioning;
  readonly #onWarning: NewFileOptions["onWarning"];

  private constructor(target: TargetFolder, format: Format, partitioning: Partitioning, { onWarning }: NewFileOptions) {
    this.#target = target;
    this.#format = format;
    this.#partitioning = partitioning;
    this.#onWarning = onWarning;
  }

  /** @param format of the files @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT` */
  static async create(path: string, format: Format, partitioning: Partitioning, options: NewFileOptions) {
    const { partitionRows, partitionBy } = partitioning;
    if (partitionRows !== undefined && partitionBy !== undefined) {
      throw invalidArgument("partitionRows and partitionBy are both given; give one of them");
    }
    if (partitionRows !== undefined && !(Number.isSafeInteger(partitionRows) && partitionRows > 0)) {
      throw invalidArgument(`partitionRows must be a whole number of rows, from 1; found ${String(partitionRows)}`);
    }
    if (format.endings === undefined || format.name === "tiledb") {
      throw invalidArgument(`a data set of files has no format "${format.name}"`);
    }
    const target = await TargetFolder.open(path, DATA_SET, options.overwrite ?? false, options.onWarning);
    return new PartitionedSink(target, format, partitioning, options);
  }

  write(rows: RowStream, options: SinkOptions = {}): Promise<number> {
    const { partitionRows, partitionBy } = this.#partitioning;
    return this.#target.write(async (folder) => {
      const written =
        partitionBy === undefined
          ? await this.#byRows(folder, rows, partitionRows!, options)
          : await this.#byValue(folder, rows, partitionBy, options);
      await writeFile(join(folder, DATA_SET.mark), "");
      return written;
    });
  }

  async close(): Promise<void> {}

  async #byRows(folder: string, rows: RowStream, perFile: number, options: SinkOptions): Promise<number> {
    const stream = new CutStream(rows.batches);
    let written = 0;
    for (let file = 0; file === 0 || !(await stream.isAtEnd()); file++) {
      const batches = stream.next(perFile, rows.fields);
      const onProgress =
        options.onProgress &&
        ((part: { done: number }) =>
          options.onProgress!({ done: written + part.done, total: rows.rowCount, unit: "rows" }));
      const part = { ...rows, rowCount: undefined, batches, ownsMemory: false };
      written += await this.#writeFile(folder, file, part, { ...options, onProgress });
    }
    return written;
  }

  async #byValue(folder: string, rows: RowStream, name: string, options: SinkOptions): Promise<number> {
    const position = partitionColumn(rows.fields, name);
    const fields = rows.fields.filter((_, index) => index !== position);
    const waiting = new Waiting();
    let written = 0;
    const flush = async (value: string, batches: ColumnBatch[], file: number) => {
      const inside = join(folder, `${escaped(name)}=${value}`);
      await mkdir(inside, { recursive: true });
      await this.#writeFile(
        inside,
        file,
        { ...rows, fields, rowCount: undefined, batches: each(batches), ownsMemory: false },
        { signal: options.signal },
      );
    };
    for await (const batch of rows.batches) {
      throwIfAborted(options.signal, "writing the data set");
      for (const [value, part] of byValue(batch, position)) waiting.add(value, part);
      while (waiting.bytes > WAITING_BYTES) await flush(...waiting.takeLargest());
      written += batch.rowCount;
      options.onProgress?.({ done: written, total: rows.rowCount, unit: "rows" });
    }
    for (const left of waiting.takeAll()) await flush(...left);
    return written;
  }

  async #writeFile(folder: string, file: number, rows: RowStream, options: SinkOptions): Promise<number> {
    const path = join(folder, `part-${String(file).padStart(5, "0")}${this.#format.endings![0]}`);
    const sink = await this.#format.createSink!(path, { onWarning: this.#onWarning });
    try {
      return await sink.write(rows, options);
    } finally {
      await sink.close();
    }
  }
}

/** Takes a stream so many rows at a time. */
class CutStream {
  readonly #batches: AsyncIterator<ColumnBatch>;
  #rest: ColumnBatch | undefined;

  constructor(batches: AsyncIterable<ColumnBatch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Whether no row is left. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest === undefined || this.#rest.rowCount === 0) {
      const { done, value } = await this.#batches.next();
      if (done) return true;
      this.#rest = value;
    }
    return false;
  }

  /** The next rows, or all that are left; a batch of none where there are none. */
  async *next(rows: number, fields: readonly ColumnField[]): AsyncGenerator<ColumnBatch, void, undefined> {
    let missing = rows;
    while (missing > 0 && !(await this.isAtEnd())) {
      const batch = this.#rest!;
      const count = Math.min(missing, batch.rowCount);
      this.#rest = count === batch.rowCount ? undefined : partOf(batch, count, batch.rowCount);
      missing -= count;
      yield count === batch.rowCount ? batch : partOf(batch, 0, count);
    }
    if (missing === rows) yield emptyBatch(fields);
  }
}

function partOf(batch: ColumnBatch, start: number, stop: number): ColumnBatch {
  const positions = Int32Array.from({ length: stop - start }, (_, index) => start + index);
  return takeRows(batch, positions, rowNumberArray(batch.rowNumbers, batch.rowCount).slice(start, stop));
}

/** Rows of each value that wait until there are enough for a file. */
class Waiting {
  readonly #parts = new Map<string, { batches: ColumnBatch[]; bytes: number; file: number }>();
  bytes = 0;

  add(value: string, batch: ColumnBatch): void {
    const part = this.#parts.get(value) ?? { batches: [], bytes: 0, file: 0 };
    if (part.file === 0 && part.batches.length === 0 && this.#parts.size === MOST_VALUES) {
      throw new DataError(
        "LIMIT_EXCEEDED",
        `partitionBy: the column has over ${MOST_VALUES} values, each of which would be a folder`,
      );
    }
    this.#parts.set(value, part);
    const bytes = batchBytes(batch);
    part.batches.push(batch);
    part.bytes += bytes;
    this.bytes += bytes;
  }

  /** What waits of the value of which most does, and the number of its file. */
  takeLargest(): [value: string, batches: ColumnBatch[], file: number] {
    const [value] = [...this.#parts].reduce((most, one) => (one[1].bytes > most[1].bytes ? one : most));
    return this.#take(value);
  }

  takeAll(): [value: string, batches: ColumnBatch[], file: number][] {
    return [...this.#parts].filter(([, { batches }]) => batches.length > 0).map(([value]) => this.#take(value));
  }

  #take(value: string): [string, ColumnBatch[], number] {
    const part = this.#parts.get(value)!;
    const { batches } = part;
    this.bytes -= part.bytes;
    [part.batches, part.bytes] = [[], 0];
    return [value, batches, part.file++];
  }
}

/** @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT` for one that cannot name folders */
function partitionColumn(fields: readonly ColumnField[], name: string): number {
  const position = fields.findIndex((field) => field.name === name);
  if (position < 0)
    throw new ArgumentError("UNKNOWN_COLUMN", `There is no column "${name}" to make folders of`, { column: name });
  if (!["long", "bool", "string", "double"].includes(columnKind(fields[position]!.type))) {
    throw invalidArgument(`column "${name}" holds ${fields[position]!.type}, which cannot name folders`, {
      column: name,
    });
  }
  if (fields.length === 1) throw invalidArgument(`"${name}" is the only column, so nothing would be in the files`);
  return position;
}

function* byValue(batch: ColumnBatch, position: number): Generator<[value: string, rows: ColumnBatch]> {
  const rows = new Map<string, number[]>();
  for (const [row, value] of folderNames(batch, position).entries()) {
    const known = rows.get(value);
    if (known) known.push(row);
    else rows.set(value, [row]);
  }
  const numbers = rowNumberArray(batch.rowNumbers, batch.rowCount);
  const without = <T>(list: readonly T[]) => list.filter((_, index) => index !== position);
  const rest = { ...batch, fields: without(batch.fields), columns: without(batch.columns) };
  for (const [value, positions] of rows) {
    const of = Int32Array.from(positions);
    yield [
      value,
      takeRows(
        rest,
        of,
        Float64Array.from(of, (row) => numbers[row]!),
      ),
    ];
  }
}

/** Values as folders are named by them. */
function folderNames({ columns }: ColumnBatch, position: number): string[] {
  const column = columns[position]!;
  if (column.kind === "long" || column.kind === "double") {
    return Array.from(column.values as ArrayLike<bigint | number>, (value) =>
      Number.isNaN(value) ? NO_VALUE : String(value),
    );
  }
  return columnValues(column as StringColumn).map((value) => (value === "" ? NO_VALUE : escaped(String(value))));
}

/** As Hive and Spark escape: by `%` for ASCII, which all of them take back. Spark would take back other characters byte by byte. */
function escaped(text: string): string {
  return text.replace(
    /[^\w\u0080-\uffff-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
