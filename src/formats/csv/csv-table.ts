/**
 * A CSV file as a table: its columns with the types its whole content has, and its rows as column batches, in bounded
 * memory. The file is read once to learn types, widths and the number of rows; its rows are kept from that, in memory or a
 * temporary file, or it is read again for them.
 */
import { type ColumnBatch, type ColumnField, type ColumnType, field } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import type { OnProgress, TableCallOptions } from "../../columns/table.js";
import { DataError, throwIfAborted } from "../../errors.js";
import { type FirstReading, readOnce } from "./first-reading.js";
import { type CsvOpening, readOpening } from "./opening/csv-opening.js";
import { type CsvDialect, type CsvOptions, checkedCsvOptions } from "./opening/dialect.js";
import type { CsvColumn, CsvKind } from "./scan/column-kind.js";
import { MissingValues } from "./scan/missing-values.js";
import { scan } from "./scan/scan.js";
import { type CsvKinds, newRepairs, scannedColumns } from "./scanned-columns.js";
import { type CsvInput, openCsvInput, type RereadableBytes } from "./text/csv-input.js";
import { openText } from "./text/csv-text.js";
import { dataReader } from "./text/data-reader.js";
import { UndecodableText } from "./text/undecodable-text.js";

export interface OpenCsvOptions extends CsvOptions {
  /**
   * Kinds of columns by name, whatever their cells look like; a cell that does not fit is an error. A function is given
   * the names when they are known, and whether each is made for a column without one, and may refuse them.
   */
  readonly kinds?: CsvKinds | ((names: readonly string[], nameless: readonly boolean[]) => CsvKinds) | undefined;
  /** Whether a column holds ids of objects: then "1.0" is one, and a missing one is -1. Default: none does. */
  readonly isId?: ((name: string) => boolean) | undefined;
  /** Names that need no repair, as those a table has. */
  readonly knownNames?: readonly string[] | undefined;
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
  /** Told what was found out and repaired, when the file was read; by default nobody is. See also {@link CsvTable.messages}. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export interface CsvTable {
  readonly dialect: CsvDialect;
  readonly columns: readonly CsvColumn[];
  /** The columns with the types OMERO.tables has for them: Bool, Long, Double or String; widths are at least 1. */
  readonly fields: readonly ColumnField[];
  /** Types that the file itself declares for columns, by name. */
  readonly declared: ReadonlyMap<string, ColumnType>;
  readonly rowCount: number;
  /** What was found out and repaired, in sentences. */
  readonly messages: readonly string[];
  /** All rows in batches of `rows`, the last one of fewer. */
  batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined>;
  /** Releases the file and what is kept of it. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Reads a CSV file, plain or gzipped, to its end and finds out its columns.
 * @throws DataError `MALFORMED_CSV` naming the line, `MALFORMED_FILE` for damaged gzip data and for what is no CSV,
 * `LIMIT_EXCEEDED` for a compressed one of more text than `maxBytes`, `INVALID_SCHEMA` for unusable column names, `UNSAFE_INTEGER` and `VALUE_DOES_NOT_FIT` naming column, row and value.
 * @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT`
 * @throws FileError `CANNOT_READ_FILE`
 */
export async function openCsv(input: CsvInput, options: OpenCsvOptions = {}): Promise<CsvTable> {
  const checked: OpenCsvOptions = { ...options, ...checkedCsvOptions(options) };
  const bytes = await openCsvInput(input);
  try {
    const table = await openLikely(bytes, checked);
    for (const message of table.messages) checked.onWarning?.(message);
    return table;
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/** Text that is no UTF-8 is read again in the encoding that it is likely in. */
async function openLikely(bytes: RereadableBytes, options: OpenCsvOptions): Promise<CsvTable> {
  try {
    return await openAs(bytes, options, options.encoding);
  } catch (error) {
    const isGuess = options.encoding === undefined && options.strict !== true;
    if (!(isGuess && error instanceof UndecodableText && error.likely !== undefined)) throw error;
    return openAs(bytes, options, error.likely);
  }
}

async function openAs(
  bytes: RereadableBytes,
  options: OpenCsvOptions,
  encoding: string | undefined,
): Promise<CsvTable> {
  const text = await openText(await bytes.open(), encoding, options.maxBytes);
  const opening = await readOpening(text, options, new Set(options.knownNames));
  const total = text.verbatim ? bytes.size : undefined;
  return new CsvFile(bytes, options, opening, await readOnce(opening, total, options));
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
  readonly declared: ReadonlyMap<string, ColumnType>;
  readonly rowCount: number;
  readonly messages: readonly string[];
  readonly #bytes: RereadableBytes;
  readonly #options: OpenCsvOptions;
  readonly #opening: CsvOpening;
  readonly #reading: FirstReading;

  constructor(bytes: RereadableBytes, options: OpenCsvOptions, opening: CsvOpening, reading: FirstReading) {
    this.#bytes = bytes;
    this.#options = options;
    this.#opening = opening;
    this.#reading = reading;
    this.dialect = opening.dialect;
    this.columns = reading.columns;
    this.fields = this.columns.map(({ name, kind, width }) =>
      field(name, FIELD_TYPES[kind], kind === "string" ? Math.max(1, width) : 1),
    );
    this.declared = opening.declared;
    this.rowCount = reading.rowCount;
    this.messages = [...opening.messages, ...reading.messages];
  }

  async *batches(rows: number, { signal }: TableCallOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    const { kept, positions } = this.#reading;
    if (!kept.complete) {
      yield* this.#readAgain(Math.min(rows, this.rowCount), signal);
      return;
    }
    const kinds = this.columns.map(({ kind }) => kind);
    for await (const batch of rechunk(kept.batches(this.fields, kinds, positions), rows)) {
      throwIfAborted(signal, "Reading CSV");
      yield batch;
    }
  }

  async *#readAgain(chunkRows: number, signal: AbortSignal | undefined): AsyncGenerator<ColumnBatch, void, undefined> {
    const { start } = this.#opening;
    const kinds = new Map(this.columns.map(({ name, kind }) => [name, kind]));
    const { isId, maxBytes } = this.#options;
    const columns = scannedColumns(this.#opening, chunkRows, { kinds, columnNames: [...kinds.keys()], isId });
    for (const { column, wanted } of columns) column.restart(wanted);
    const wanted = columns.filter(({ wanted }) => wanted).map(({ column }) => column);
    const { reader } = await openText(await this.#bytes.open(), this.dialect.encoding, maxBytes);
    const ready: ColumnBatch[] = [];
    let firstRow = 0;
    const onChunk = (rowCount: number) => {
      const taken = wanted.map((column) => column.take(rowCount)!);
      ready.push({ fields: this.fields, columns: taken, rowCount, rowNumbers: { start: firstRow, step: 1 } });
      firstRow += rowCount;
    };
    const missing = new MissingValues(this.#options.missing ?? this.#options.missingValues);
    const repairs = newRepairs(this.#options);
    const options = { dialect: this.dialect, missing, repairs, chunkRows, firstLine: start.line, onChunk, signal };
    const all = columns.map(({ column }) => column);
    for await (const _ of scan(await dataReader(reader, start.offset, this.dialect), all, options)) {
      yield* ready;
      ready.length = 0;
    }
    if (firstRow !== this.rowCount) {
      const message = `The CSV had ${this.rowCount} rows when it was read first and ${firstRow} when it was read again`;
      throw new DataError("MALFORMED_FILE", message);
    }
  }

  async close(): Promise<void> {
    await this.#reading.kept.drop();
    await this.#bytes.close();
  }
}
