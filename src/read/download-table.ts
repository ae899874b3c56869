/** What is selected from a table as a file. */
import type { ReadableTable } from "../columns/table.js";
import { watchingCallbacks } from "../flow/callbacks.js";
import { TARGET_FILE_OPTIONS, type TargetFileOptions } from "../flow/files/target-file.js";
import { isWrittenThrough } from "../flow/files/written-through.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import type { RowStream, Sink } from "../formats/format.js";
import type { Partitioning } from "../formats/partitioned/partitioned-sink.js";
import { selectedBatches } from "./kept-batches.js";
import type { TableRoutes } from "./plan/route.js";
import { type CheckedSelection, select } from "./plan/table-selection.js";
import { checkRead, READ_OPTIONS, type ReadOptions } from "./read-table.js";
import { withTable } from "./source.js";

export interface DownloadTableOptions extends ReadOptions, TargetFileOptions, Partitioning {
  /**
   * Path of the file to make; its ending says the format: `.parquet`, `.arrow`, `.arrows`, `.ndjson`,
   * `.json`, `.h5`, `.tiledb` (a folder), or else CSV. `-` is standard
   * output; it, a pipe and a device take the bytes as they come. A file that is replaced keeps its mode.
   */
  readonly targetPath: string;
  /** "csv", "tsv", "parquet", "arrow", "arrows", "ndjson", "json", "hdf5" or "tiledb", whatever the path's ending. */
  readonly format?: string | undefined;
}

const DOWNLOAD_OPTIONS: OptionNames<DownloadTableOptions> = {
  ...READ_OPTIONS,
  ...TARGET_FILE_OPTIONS,
  targetPath: true,
  format: true,
  partitionRows: true,
  partitionBy: true,
};

/**
 * Writes a table to a file and returns the number of rows. A CSV holds the bytes that pandas' `to_csv` would write, row
 * numbers first: doubles take the shortest form that reads back equal, NaN is empty, arrays are lists, a mask is JSON
 * text. Parquet, Arrow, a file of OMERO.tables (HDF5) and a TileDB array keep types and metadata as well. The file appears under its name
 * when it is whole; after a failure there is none. With `partitionRows` or `partitionBy` it is a folder of such files (Parquet unless
 * `format` says otherwise), which DuckDB, Spark and pandas read as one data set.
 *
 * @throws ArgumentError `FILE_EXISTS` before anything is sent, unless `overwrite`; `INVALID_ARGUMENT` for an unknown
 * format; and what {@link readBatches} throws
 * @throws FileError `CANNOT_WRITE_FILE`; DataError for columns that the format cannot keep
 *
 * @example
 * ```ts
 * const rows = await downloadTable({ connection, fileId: 10, targetPath: "table.csv", query: "area > 20" });
 * ```
 */
export async function downloadTable(options: DownloadTableOptions): Promise<number> {
  checkOptions(options, DOWNLOAD_OPTIONS, "downloadTable");
  return watchingCallbacks(options, (watched) => downloadTo(watched, checkRead(watched)));
}

async function downloadTo(options: DownloadTableOptions, checked: CheckedSelection): Promise<number> {
  const { targetPath } = options;
  // What was passed on cannot be taken back.
  const canRepeat = !(await isWrittenThrough(targetPath));
  const sinks = new Sinks(options);
  try {
    // Before anything is sent, so that what is in the way of the file is found.
    await sinks.begin();
    return await withTable(
      options,
      async (table, routes) => (await sinks.take()).write(rowsOf(table, routes, checked, options)),
      () => canRepeat,
    );
  } finally {
    await sinks.close();
  }
}

function rowsOf(
  table: ReadableTable,
  routes: TableRoutes,
  checked: CheckedSelection,
  options: DownloadTableOptions,
): RowStream {
  const { signal, table: given } = options;
  const selection = select(table, checked);
  return {
    fields: selection.fields,
    rowCount: selection.rowCount,
    batches: selectedBatches(selection, routes, options),
    metadata: () => table.getAllMetadata({ signal }),
    ownsMemory: given === undefined,
  };
}

/** The file that is made, begun anew for each reading. */
class Sinks {
  readonly #options: DownloadTableOptions;
  #sink: Sink | undefined;
  #isFresh = false;

  constructor(options: DownloadTableOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    await this.close();
    this.#sink = await createFileSink(this.#options);
    this.#isFresh = true;
  }

  /** One that nothing has been written to. */
  async take(): Promise<Sink> {
    if (!this.#isFresh) await this.begin();
    this.#isFresh = false;
    return this.#sink!;
  }

  async close(): Promise<void> {
    await this.#sink?.close();
  }
}

/** Formats are loaded when a file is to be made. */
async function createFileSink(options: DownloadTableOptions): Promise<Sink> {
  const { targetPath, format, overwrite, partitionRows, partitionBy } = options;
  const { formatOfNewFile } = await import("../formats/choose-format.js");
  if (partitionRows === undefined && partitionBy === undefined) {
    return formatOfNewFile(targetPath, format).createSink!(targetPath, { overwrite });
  }
  const { PartitionedSink } = await import("../formats/partitioned/partitioned-sink.js");
  const parts = formatOfNewFile(targetPath, format ?? "parquet");
  return PartitionedSink.create(targetPath, parts, { partitionRows, partitionBy }, { overwrite });
}
