/** Opens whatever rows come from. */
import type * as Arrow from "apache-arrow";
import type { ColumnBatch } from "../columns/batch.js";
import { ArgumentError, DataError } from "../errors.js";
import { CallersSource, sourceFailure } from "./callers-source.js";
import { formatOfFile, formatOfItem, formatOfObject } from "./choose-format.js";
import type { ByteChunk } from "./csv/index.js";
import type { BatchStreamOptions, Items, Source } from "./format.js";
import type { FrameLike } from "./frame/frame-columns.js";
import { chooseColumns } from "./values/chosen-columns.js";
import type { RowObject } from "./values/rows-source.js";
import type { Values } from "./values/value-columns.js";

type Stream<Item> = AsyncIterable<Item> | Iterable<Item>;

/**
 * Where rows come from:
 * - the path of a file: CSV, plain or gzipped, Parquet, an Arrow file or stream, NDJSON, JSON, a file of OMERO.tables
 *   (HDF5), or a TileDB array; a folder of Parquet or Arrow files, as Spark and Dask write it; or a stream of the bytes or text of a CSV;
 * - a DataFrame, of this package or of danfojs, whose index is not taken;
 * - an Arrow table, or a stream of record batches;
 * - a list or stream of objects, one a row; properties that a row lacks are missing values;
 * - an object of columns: arrays or typed arrays of equal length;
 * - a stream of column batches, as `readBatches` gives them.
 */
export type RowSource =
  | string
  | URL
  | AsyncIterable<ByteChunk>
  | FrameLike
  | Arrow.Table
  | Stream<Arrow.RecordBatch>
  | Stream<RowObject>
  | Stream<ColumnBatch>
  | ColumnBatch
  | Readonly<Record<string, Values>>;

/**
 * Opens a source: reads what must be known of all rows before the first is sent.
 * @throws ArgumentError `INVALID_ARGUMENT`, `UNKNOWN_COLUMN`; DataError naming column, row and value; FileError; CallerError
 * `SOURCE_FAILED` with what the caller's stream threw as its cause
 */
export async function openSource(source: RowSource, options: BatchStreamOptions): Promise<Source> {
  if (typeof source === "string" || source instanceof URL) return openChosen(source, options);
  try {
    return new CallersSource(await openChosen(source, options));
  } catch (error) {
    throw sourceFailure(error, options.signal);
  }
}

async function openChosen(source: RowSource, options: BatchStreamOptions): Promise<Source> {
  const opened = await openAny(source, options);
  try {
    return chooseColumns(opened, options.columnNames);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openAny(source: RowSource, options: BatchStreamOptions): Promise<Source> {
  if (typeof source === "string" || source instanceof URL) {
    return (await formatOfFile(source)).openSource!(source, options);
  }
  if (typeof source !== "object" || source === null) throw notASource(source);
  const format = formatOfObject(source);
  return format === undefined ? openStream(source as Items, options) : format.openObject!(source, options);
}

function notASource(source: unknown): ArgumentError {
  const found = source === null ? "null" : typeof source;
  const message = `The source is ${found}; give a path, a stream, a frame, an Arrow table, rows or columns`;
  return new ArgumentError("INVALID_ARGUMENT", message);
}

/** The first item tells what a stream is made of. */
async function openStream(stream: Items, options: BatchStreamOptions): Promise<Source> {
  if (Array.isArray(stream)) return openItems(stream[0], stream, options);
  const iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  const first = await iterator.next();
  const all = continued(first, iterator);
  try {
    return await openItems(first.done === true ? undefined : first.value, all, options);
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

async function* continued(
  first: IteratorResult<unknown>,
  rest: AsyncIterator<unknown> | Iterator<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  try {
    for (let item = first; item.done !== true; item = await rest.next()) yield item.value;
  } finally {
    await rest.return?.();
  }
}

function openItems(first: unknown, items: Items, options: BatchStreamOptions): Promise<Source> {
  if (first === undefined) {
    const message = "The source holds no row, so its columns are not known; give an object of empty columns";
    throw new DataError("INVALID_SCHEMA", message);
  }
  return formatOfItem(first, Array.isArray(items)).openItems!(items, options);
}
