/** Finds out what a source is and opens it. */
import type * as Arrow from "apache-arrow";
import type { ColumnBatch } from "../columns/batch.js";
import { ArgumentError, DataError } from "../errors.js";
import { isArrowTable, isRecordBatch, openArrowTable, openRecordBatches } from "./arrow/arrow-source.js";
import { isColumnBatch, openBatches } from "./batches-source.js";
import { openCsvSource } from "./csv/csv-source.js";
import type { ByteChunk } from "./csv/index.js";
import type { Source, SourceOptions } from "./format.js";
import { type FrameLike, frameColumns, isFrame } from "./frame/frame-columns.js";
import { openColumns } from "./values/columns-source.js";
import { openRows, type RowObject } from "./values/rows-source.js";
import type { Values } from "./values/value-columns.js";

type Stream<Item> = AsyncIterable<Item> | Iterable<Item>;

/**
 * Where rows come from:
 * - the path of a CSV file, plain or gzipped, or a stream of its bytes or text;
 * - a danfojs DataFrame, whose index is not taken;
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
 * @throws ArgumentError `INVALID_ARGUMENT`, `UNKNOWN_COLUMN`; DataError naming column, row and value; FileError
 */
export async function openSource(source: RowSource, options: SourceOptions): Promise<Source> {
  if (typeof source === "string" || source instanceof URL) return openCsvSource(source, options);
  if (typeof source !== "object" || source === null) throw notASource(source);
  if (isArrowTable(source)) return openArrowTable(source, options);
  if (isFrame(source)) return openColumns(frameColumns(source), options);
  if (isColumnBatch(source)) return openBatches([source], options);
  if (Symbol.asyncIterator in source || Symbol.iterator in source)
    return openStream(source as Stream<unknown>, options);
  const columns = Object.entries(source).map(([name, values]) => ({ name, values: values as Values }));
  return openColumns(columns, options);
}

function notASource(source: unknown): ArgumentError {
  const found = source === null ? "null" : typeof source;
  const message = `The source is ${found}; give a path, a stream, a frame, an Arrow table, rows or columns`;
  return new ArgumentError("INVALID_ARGUMENT", message);
}

/** The first item tells what a stream is made of. */
async function openStream(stream: Stream<unknown>, options: SourceOptions): Promise<Source> {
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

function openItems(first: unknown, items: Stream<unknown>, options: SourceOptions): Promise<Source> {
  if (first === undefined) {
    const message = "The source holds no row, so its columns are not known; give an object of empty columns";
    throw new DataError("INVALID_SCHEMA", message);
  }
  if (isRecordBatch(first)) return openRecordBatches(items as Stream<Arrow.RecordBatch>, options);
  if (isColumnBatch(first)) return openBatches(items as Stream<ColumnBatch>, options);
  const isBytes = first instanceof Uint8Array || typeof first === "string";
  if (isBytes && !Array.isArray(items)) return openCsvSource(items as AsyncIterable<ByteChunk>, options);
  return openRows(items as Stream<RowObject>, options);
}
