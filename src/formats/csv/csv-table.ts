/**
 * A CSV file as a table: its columns with the types its whole content has, and its rows as column batches, in bounded
 * memory. The file is read once to learn types, widths and the number of rows; its rows are kept from that, in memory or a
 * temporary file, or it is read again for them.
 */
import { type ColumnBatch, type ColumnField, type ColumnType, field } from "../../columns/batch.js";
import { rechunk } from "../../columns/rechunk.js";
import type { OnProgress, TableCallOptions } from "../../columns/table.js";
import { ArgumentError, DataError, throwIfAborted } from "../../errors.js";
import { type CsvOpening, learnKinds, readOpening } from "./opening/csv-opening.js";
import { type CsvDialect, type CsvOptions, checkCsvOptions } from "./opening/dialect.js";
import { CellColumn, NONE, STRING_CELLS } from "./scan/cell-column.js";
import { CELL_KINDS, type CsvColumn, type CsvKind, concludeColumn } from "./scan/column-kind.js";
import { KeptChunks } from "./scan/kept-chunks.js";
import { MissingValues } from "./scan/missing-values.js";
import { scan } from "./scan/scan.js";
import { type CsvInput, openCsvInput, type RereadableBytes } from "./text/csv-input.js";
import { openText, skip } from "./text/csv-text.js";

/** Cells a chunk of the first reading, and its rows at most. */
const SCANNED_CELLS = 512 * 1024;
const SCANNED_ROWS = 16 * 1024;
const KEPT_BYTES = 16 * 1024 * 1024;

export type CsvKinds = ReadonlyMap<string, CsvKind>;

export interface OpenCsvOptions extends CsvOptions {
  /**
   * Kinds of columns by name, whatever their cells look like; a cell that does not fit is an error. A function is given
   * the names when they are known, and may refuse them.
   */
  readonly kinds?: CsvKinds | ((names: readonly string[]) => CsvKinds) | undefined;
  /** Columns to take; default all. They come in the file's order. */
  readonly columnNames?: readonly string[] | undefined;
  /**
   * Bytes of columns to keep in memory from the first reading; default 16 MiB. What exceeds them goes to a temporary file;
   * with 0 nothing is kept and the file is read twice.
   */
  readonly keptBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of the first reading in bytes of text; `total` is known of a file that is neither packed nor recoded. */
  readonly onProgress?: OnProgress | undefined;
}

export interface CsvTable {
  readonly dialect: CsvDialect;
  readonly columns: readonly CsvColumn[];
  /** The columns with the types OMERO.tables has for them: Bool, Long, Double or String; widths are at least 1. */
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  /** All rows in batches of `rows`, the last one of fewer. */
  batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined>;
  /** Releases the file and what is kept of it. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Reads a CSV file, plain or gzipped, to its end and finds out its columns.
 * @throws DataError `MALFORMED_CSV` naming the line, `MALFORMED_FILE` for damaged gzip data, `INVALID_SCHEMA` for
 * unusable column names, `UNSAFE_INTEGER` and `VALUE_DOES_NOT_FIT` naming column, row and value.
 * @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT`
 * @throws FileError `CANNOT_READ_FILE`
 */
export async function openCsv(input: CsvInput, options: OpenCsvOptions = {}): Promise<CsvTable> {
  checkCsvOptions(options);
  const bytes = await openCsvInput(input);
  try {
    const text = await openText(await bytes.open(), options.encoding);
    const opening = await readOpening(text, options);
    const total = text.verbatim ? bytes.size : undefined;
    return new CsvFile(bytes, options, opening, await readOnce(opening, total, options));
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

interface FirstReading {
  readonly columns: readonly CsvColumn[];
  readonly rowCount: number;
  readonly kept: KeptChunks;
}

async function readOnce(
  opening: CsvOpening,
  total: number | undefined,
  options: OpenCsvOptions,
): Promise<FirstReading> {
  const { names, dialect, start } = opening;
  const chunkRows = Math.max(1, Math.min(SCANNED_ROWS, Math.floor(SCANNED_CELLS / names.length)));
  const missing = new MissingValues(options.missingValues);
  const columns = newColumns(names, chunkRows, options);
  const wanted = columns.filter(({ wanted }) => wanted).map(({ column }) => column);
  const all = columns.map(({ column }) => column);
  learnKinds(all, opening, missing);
  for (const { column, wanted } of columns) column.restart(wanted);
  const kept = new KeptChunks(options.keptBytes ?? KEPT_BYTES);
  const onChunk = (rows: number) => {
    kept.add(wanted, rows);
    if (!kept.complete) for (const column of all) column.storing = false;
  };
  const { signal } = options;
  try {
    await skip(opening.reader, start.offset);
    const scanning = scan(opening.reader, all, { dialect, missing, chunkRows, firstLine: start.line, onChunk, signal });
    let rowCount = 0;
    for await (const progress of scanning) {
      rowCount = progress.rowCount;
      options.onProgress?.({ done: start.offset + progress.byteCount, total, unit: "bytes" });
      await kept.settled();
    }
    return { columns: wanted.map((column) => concludeColumn(column, rowCount)), rowCount, kept };
  } catch (error) {
    await kept.drop();
    throw error;
  }
}

/** A column for each name; those not wanted are text that is not stored. */
function newColumns(names: readonly string[], chunkRows: number, options: OpenCsvOptions) {
  const { columnNames } = options;
  const kinds = typeof options.kinds === "function" ? options.kinds(names) : options.kinds;
  for (const name of [...(kinds?.keys() ?? []), ...(columnNames ?? [])]) {
    if (!names.includes(name)) throw unknownColumn(name, names);
  }
  return names.map((name) => {
    const wanted = columnNames === undefined || columnNames.includes(name);
    const kind = kinds?.get(name);
    const fixed = !wanted || kind !== undefined;
    const cellKind = !wanted ? STRING_CELLS : kind === undefined ? NONE : CELL_KINDS[kind];
    return { column: new CellColumn(name, chunkRows, false, cellKind, fixed), wanted };
  });
}

function unknownColumn(name: string, names: readonly string[]): ArgumentError {
  const shown = names.slice(0, 20).map((known) => `"${known}"`);
  const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  const message = `The CSV has no column "${name}"; it has ${shown.join(", ")}${rest}`;
  return new ArgumentError("UNKNOWN_COLUMN", message, { column: name });
}

const FIELD_TYPES: Readonly<Record<CsvKind, ColumnType>> = {
  bool: "Bool",
  long: "Long",
  double: "Double",
  string: "String",
};

class CsvFile implements CsvTable {
  readonly dialect: CsvDialect;
  readonly columns: readonly CsvColumn[];
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly #bytes: RereadableBytes;
  readonly #options: OpenCsvOptions;
  readonly #opening: Pick<CsvOpening, "names" | "start">;
  readonly #kept: KeptChunks;

  constructor(bytes: RereadableBytes, options: OpenCsvOptions, opening: CsvOpening, reading: FirstReading) {
    this.#bytes = bytes;
    this.#options = options;
    this.#opening = { names: opening.names, start: opening.start };
    this.#kept = reading.kept;
    this.dialect = opening.dialect;
    this.columns = reading.columns;
    this.rowCount = reading.rowCount;
    this.fields = this.columns.map(({ name, kind, width }) =>
      field(name, FIELD_TYPES[kind], kind === "string" ? Math.max(1, width) : 1),
    );
  }

  async *batches(rows: number, { signal }: TableCallOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    if (!this.#kept.complete) {
      yield* this.#readAgain(Math.min(rows, this.rowCount), signal);
      return;
    }
    const kinds = this.columns.map(({ kind }) => kind);
    for await (const batch of rechunk(this.#kept.batches(this.fields, kinds), rows)) {
      throwIfAborted(signal, "Reading CSV");
      yield batch;
    }
  }

  async *#readAgain(chunkRows: number, signal: AbortSignal | undefined): AsyncGenerator<ColumnBatch, void, undefined> {
    const { names, start } = this.#opening;
    const kinds = new Map(this.columns.map(({ name, kind }) => [name, kind]));
    const columns = newColumns(names, chunkRows, { kinds, columnNames: [...kinds.keys()] });
    for (const { column, wanted } of columns) column.restart(wanted);
    const wanted = columns.filter(({ wanted }) => wanted).map(({ column }) => column);
    const { reader } = await openText(await this.#bytes.open(), this.dialect.encoding);
    await skip(reader, start.offset);
    const ready: ColumnBatch[] = [];
    let firstRow = 0;
    const onChunk = (rowCount: number) => {
      const taken = wanted.map((column) => column.take(rowCount)!);
      ready.push({ fields: this.fields, columns: taken, rowCount, rowNumbers: { start: firstRow, step: 1 } });
      firstRow += rowCount;
    };
    const missing = new MissingValues(this.#options.missingValues);
    const options = { dialect: this.dialect, missing, chunkRows, firstLine: start.line, onChunk, signal };
    const all = columns.map(({ column }) => column);
    for await (const _ of scan(reader, all, options)) {
      yield* ready;
      ready.length = 0;
    }
    if (firstRow !== this.rowCount) {
      const message = `The CSV had ${this.rowCount} rows when it was read first and ${firstRow} when it was read again`;
      throw new DataError("MALFORMED_FILE", message);
    }
  }

  async close(): Promise<void> {
    await this.#kept.drop();
    await this.#bytes.close();
  }
}
