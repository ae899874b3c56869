/** The reading functions for TileDB arrays on this machine. */
import type { Table as ArrowTable } from "apache-arrow";
import type { ColumnBatch } from "../columns/batch.js";
import type { ReadableTable } from "../columns/table.js";
import { checkOptions } from "../flow/options.js";
import type { DataFrame } from "../formats/frame/types/data-frame.js";
import { SELECTION_OPTIONS, type SelectionOptions } from "./plan/table-selection.js";
import { type ReadArrowOptions, type ReadTableOptions, readArrow, readBatches, readTable } from "./read-table.js";

/** Which part of an array to read, and how int64 appears in the frame. */
export type ReadTileDBOptions = SelectionOptions & Pick<ReadTableOptions, "int64">;
/** Which part of an array to read, and whether with row numbers. */
export type ReadTileDBArrowOptions = SelectionOptions & Pick<ReadArrowOptions, "rowNumbers">;

/**
 * Reads a TileDB array into a DataFrame, as {@link readTable} does a table; see `openTileDBTable` for which
 * arrays can be read. Row `i` is the cell with the `i`-th smallest row number. Integers are Long columns whatever
 * their width, floats Double.
 *
 * @throws what `openTileDBTable` and {@link readTable} throw
 *
 * @example
 * ```ts
 * const frame = await readTileDB("/mnt/lab/tables/cells.tiledb", { query: "area > 20" });
 * ```
 */
export async function readTileDB(path: string, options: ReadTileDBOptions = {}): Promise<DataFrame> {
  checkOptions(options, { ...SELECTION_OPTIONS, int64: true }, "readTileDB");
  return withArray(path, options, (table) => readTable({ ...options, table }));
}

/**
 * Reads a TileDB array into an Apache Arrow table, as {@link readArrow} does a table. Throws as {@link readTileDB} does.
 *
 * @example
 * ```ts
 * const arrow = await readTileDBArrow("/mnt/lab/tables/cells.tiledb");
 * ```
 */
export async function readTileDBArrow(path: string, options: ReadTileDBArrowOptions = {}): Promise<ArrowTable> {
  checkOptions(options, { ...SELECTION_OPTIONS, rowNumbers: true }, "readTileDBArrow");
  return withArray(path, options, (table) => readArrow({ ...options, table }));
}

/**
 * Reads a TileDB array batch by batch, in bounded memory, as {@link readBatches} does a table. Throws as {@link readTileDB}
 * does.
 *
 * @example
 * ```ts
 * for await (const batch of readTileDBBatches("/mnt/lab/tables/cells.tiledb")) console.log(batch.rowCount);
 * ```
 */
export async function* readTileDBBatches(
  path: string,
  options: SelectionOptions = {},
): AsyncGenerator<ColumnBatch, void, undefined> {
  checkOptions(options, SELECTION_OPTIONS, "readTileDBBatches");
  const table = await openArray(path, options);
  try {
    yield* readBatches({ ...options, table });
  } finally {
    await table.close();
  }
}

async function withArray<T>(
  path: string,
  options: SelectionOptions,
  use: (table: ReadableTable) => Promise<T>,
): Promise<T> {
  const table = await openArray(path, options);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

/** The format is loaded when an array is to be read. */
async function openArray(path: string, options: SelectionOptions): Promise<ReadableTable> {
  const { openTileDBTable } = await import("../formats/tiledb/index.js");
  return openTileDBTable(path, options);
}
