/** CSV files that are attached to objects, plain or gzipped: read as tables, or downloaded. */
import type { Table as ArrowTable } from "apache-arrow";
import type { ColumnBatch } from "../columns/batch.js";
import { emptyBatch } from "../columns/batch-operations.js";
import { type OnProgress, TABLE_MIMETYPE } from "../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../connect/connection-option.js";
import { ArgumentError, DataError, throwIfAborted } from "../errors.js";
import { watchingCallbacks } from "../flow/callbacks.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import { toArrowTable } from "../formats/arrow/arrow-sink.js";
import type { CsvKind, CsvOptions, CsvTable } from "../formats/csv/index.js";
import { checkCsvNames } from "../formats/csv/opening/dialect.js";
import { checkInt64, type Int64Option } from "../formats/frame/frame-column.js";
import type { DataFrame } from "../formats/frame/types/data-frame.js";
import {
  ATTACHED_FILE_OPTIONS,
  type AttachedFileOption,
  checkAttachedFile,
  checkChunkBytes,
  DEFAULT_CHUNK_BYTES,
  DOWNLOAD_FILE_OPTIONS,
  type DownloadFileOptions,
  download,
  inFlight,
  openAttachedFile,
} from "../gateway/files/attached-file.js";
import type { OriginalFileInfo } from "../gateway/files/original-file.js";
import type { RemoteFile } from "../gateway/files/raw-file.js";

/** Which CSV file, which part of it, and how. */
export interface ReadCsvOptions extends ConnectionOption, AttachedFileOption {
  /** Columns to read; they come in the file's order. Default: all. */
  readonly columnNames?: readonly string[] | undefined;
  /** Types of columns, in place of those that follow from their cells. */
  readonly columnTypes?: Readonly<Record<string, "Bool" | "Long" | "Double" | "String">> | undefined;
  /** How the CSV is written, where that is not to be found out. */
  readonly csv?: CsvOptions | undefined;
  /** Refuses a CSV that needs repair, as `csv.strict` does. Default false: it is repaired, with warnings. */
  readonly strict?: boolean | undefined;
  /** Bytes a call. Default 1 MiB; several calls are in flight. */
  readonly chunkSize?: number | undefined;
  /** Bytes of text that are read at most, unpacked: all of it is held in memory. Default 2 GiB. */
  readonly maxBytes?: number | undefined;
  /** Whether the file must be CSV by its media type or the ending of its name (.csv, .csv.gz). Default true. */
  readonly checkType?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes read. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what was found out of the CSV, and repaired in it; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

const CSV_OPTIONS: OptionNames<ReadCsvOptions> = {
  ...CONNECTION_OPTIONS,
  ...ATTACHED_FILE_OPTIONS,
  columnNames: true,
  columnTypes: true,
  csv: true,
  strict: true,
  chunkSize: true,
  maxBytes: true,
  checkType: true,
  onProgress: true,
  onWarning: true,
};

const ROWS_A_BATCH = 65_536;
const KINDS: Readonly<Record<string, CsvKind>> = { Bool: "bool", Long: "long", Double: "double", String: "string" };
const CSV_MIMETYPES = [
  "text/csv",
  "application/csv",
  "text/comma-separated-values",
  "application/x-gzip",
  "application/gzip",
];
const CSV_NAME = /\.csv(\.gz)?$/i;

/**
 * Reads an attached CSV file into an Arrow table. Integers are Int64, floating-point numbers Float64 (NaN where missing),
 * `True` and `False` Bool, all else Utf8; types come from the whole file. The file is compared with the server's SHA-1.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` for a file that is no CSV, `UNKNOWN_COLUMN`; TableError `NOT_FOUND`
 * @throws DataError `MALFORMED_CSV` with `line`, `MALFORMED_FILE`, `UNSAFE_INTEGER`, `CHECKSUM_MISMATCH`
 *
 * @example
 * ```ts
 * const arrow = await readCsvArrow({ connection, fileId: 101 });
 * ```
 */
export async function readCsvArrow(options: ReadCsvOptions): Promise<ArrowTable> {
  checkNoPath(options, "readCsvArrow", "readArrow");
  checkOptions(options, CSV_OPTIONS, "readCsvArrow");
  return withCsv(options, (csv, signal) => toArrowTable(batchesOf(csv, signal)));
}

export interface ReadCsvFrameOptions extends ReadCsvOptions {
  /** How integers appear: as numbers (default), where one beyond 2^53 is an error, or as bigints. */
  readonly int64?: Int64Option | undefined;
}

/**
 * Reads an attached CSV file into a DataFrame, as `readCsvArrow` does into an Arrow table.
 * @throws DataError `UNSAFE_INTEGER` with `column` and `row`; and what `readCsvArrow` throws
 *
 * @example
 * ```ts
 * const frame = await readCsv({ connection, fileId: 101, columnNames: ["object", "intensity"] });
 * ```
 */
export async function readCsv(options: ReadCsvFrameOptions): Promise<DataFrame> {
  checkNoPath(options, "readCsv", "readTable");
  checkOptions(options, { ...CSV_OPTIONS, int64: true }, "readCsv");
  const { int64 = "number" } = options;
  checkInt64(int64);
  return withCsv(options, async (csv, signal) => {
    const batches = batchesOf(csv, signal);
    const { FrameSink } = await import("../formats/frame/frame.js");
    return new FrameSink({ int64 }).write({ batches, rowCount: csv.rowCount });
  });
}

export interface DownloadCsvOptions extends DownloadFileOptions {
  /** Whether the file must be CSV by its media type or the ending of its name (.csv, .csv.gz). Default true. */
  readonly checkType?: boolean | undefined;
}

/**
 * Downloads an attached CSV file as it is, as `downloadFile` does; a gzipped one stays so. Returns its size in bytes.
 *
 * @example
 * ```ts
 * await downloadCsv({ connection, annotationId: 201, targetPath: "attached.csv" });
 * ```
 */
export async function downloadCsv(options: DownloadCsvOptions): Promise<number> {
  checkOptions(options, { ...DOWNLOAD_FILE_OPTIONS, checkType: true }, "downloadCsv");
  return download(options, (file) => checkCsvType(file, options.checkType ?? true));
}

/** A file of this machine is read by another function. */
function checkNoPath(options: unknown, name: string, forPaths: string): void {
  const path = typeof options === "string" ? options : (options as { path?: unknown } | undefined)?.path;
  if (typeof path !== "string") return;
  throw new ArgumentError(
    "INVALID_ARGUMENT",
    `${name} reads CSV files that OMERO keeps: ${name}({ connection, fileId }); for a file of this machine there is ${forPaths}({ path: ${JSON.stringify(path)} })`,
  );
}

function withCsv<T>(options: ReadCsvOptions, use: (csv: CsvTable, signal?: AbortSignal) => Promise<T>): Promise<T> {
  return watchingCallbacks(options, (watched) => withOpenedCsv(watched, use));
}

async function withOpenedCsv<T>(
  options: ReadCsvOptions,
  use: (csv: CsvTable, signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  const kinds = kindsOf(options.columnTypes);
  checkAttachedFile(options);
  checkCsvNames(options.csv);
  checkChunkBytes(options.chunkSize);
  checkMaxBytes(options.maxBytes);
  throwIfAborted(options.signal, "readCsv");
  return withConnection(options, async (connection) => {
    await using remote = await openAttachedFile(connection, options);
    checkCsvType(remote.file, options.checkType ?? true);
    const { columnNames, signal, csv: dialect, strict = false, onWarning = emitWarning } = options;
    const keptBytes = Number.POSITIVE_INFINITY;
    // All text counts, compressed or not: it stays in memory.
    const { maxBytes = 2 ** 31 } = options;
    const onRead = withinBytes(remote.file, maxBytes);
    const bounds = { keptBytes, maxBytes, signal, onProgress: onRead };
    const settings = { strict, ...dialect, columnNames, kinds, onWarning, ...bounds };
    const { openCsv } = await import("../formats/csv/index.js");
    const csv = await openCsv(fileBytes(remote, options), settings);
    try {
      return await use(csv, signal);
    } finally {
      await csv.close();
    }
  });
}

function checkMaxBytes(bytes: number | undefined): void {
  if (bytes === undefined || bytes > 0) return;
  throw new ArgumentError("INVALID_ARGUMENT", `maxBytes ${String(bytes)} must be a number of bytes, more than 0`);
}

/** Told of the bytes of text that were read. @throws DataError `LIMIT_EXCEEDED` from within the reading */
function withinBytes({ id, name }: OriginalFileInfo, maxBytes: number): OnProgress {
  return ({ done }) => {
    if (done <= maxBytes) return;
    const text = `File ${id} ("${name}") holds more than ${maxBytes} bytes of text, which are not read into memory: download it, or set maxBytes`;
    throw new DataError("LIMIT_EXCEEDED", text, { fileId: id });
  };
}

function kindsOf(columnTypes: ReadCsvOptions["columnTypes"]): ReadonlyMap<string, CsvKind> {
  return new Map(
    Object.entries(columnTypes ?? {}).map(([column, type]) => {
      const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
      if (kind !== undefined) return [column, kind];
      const message = `columnTypes: "${type}" is no type of a CSV column; there are ${Object.keys(KINDS).join(", ")}`;
      throw new ArgumentError("INVALID_ARGUMENT", message, { column });
    }),
  );
}

async function* fileBytes(remote: RemoteFile, options: ReadCsvOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, onProgress, chunkSize = DEFAULT_CHUNK_BYTES } = options;
  let done = 0;
  const blocks = remote.blocks({ blockSize: chunkSize, inFlight: inFlight(chunkSize), verify: true, signal });
  for await (const block of blocks) {
    yield block;
    done += block.length;
    onProgress?.({ done, total: remote.size, unit: "bytes" });
  }
}

/** At least one batch, so that the columns are known. */
async function* batchesOf(
  csv: CsvTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<ColumnBatch, void, undefined> {
  if (csv.rowCount === 0) yield emptyBatch(csv.fields);
  yield* csv.batches(ROWS_A_BATCH, { signal });
}

/** @throws ArgumentError `INVALID_ARGUMENT` for a file that is no CSV, or a table */
function checkCsvType({ id, name, mimetype }: OriginalFileInfo, checkType: boolean): void {
  if (mimetype === TABLE_MIMETYPE) {
    throw new ArgumentError("INVALID_ARGUMENT", `File ${id} is a table: read it by readTable, or downloadTable`, {
      fileId: id,
    });
  }
  if (!checkType || CSV_MIMETYPES.includes(mimetype.toLowerCase()) || CSV_NAME.test(name)) return;
  const message = `File ${id} ("${name}") is of type "${mimetype}", not CSV; set checkType to false to take it for CSV all the same`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { fileId: id });
}
