/** Arrow tables, which are read again, and streams of record batches, whose columns are spooled. */

import type * as Arrow from "apache-arrow";
import type { ColumnBatch, ColumnData, ColumnField } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import { columnValues } from "../../columns/column-values.js";
import { elementArray } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import type { TableCallOptions, TableMetadata } from "../../columns/table.js";
import { DataError, throwIfAborted } from "../../errors.js";
import { Spool } from "../../flow/files/spool.js";
import type { BatchStreamOptions, Source } from "../format.js";
import type { ColumnContent } from "../values/column-content.js";
import { isColumnType, tableFields } from "../values/column-types.js";
import { type Values, valueColumn } from "../values/value-columns.js";
import { type TypedValues, ValueProfile } from "../values/value-profile.js";
import { METADATA_PREFIX } from "./arrow.js";
import { type ArrowColumn, ArrowTypeId, arrowColumn, checkArrowField } from "./arrow-columns.js";

const { NULL, INT, FLOAT, BOOL, STRUCT, FIXED_SIZE_LIST } = ArrowTypeId;
/** The index of a pandas frame, and the row numbers that `readArrow` adds, are columns of such names; no data. */
const INDEX_COLUMN = /^__index_level_\d+__$/;

export function isArrowTable(source: object): source is Arrow.Table {
  return "getChildAt" in source && "batches" in source && "schema" in source;
}

export function isRecordBatch(value: unknown): value is Arrow.RecordBatch {
  return (
    typeof value === "object" && value !== null && "getChildAt" in value && "schema" in value && "numRows" in value
  );
}

export interface ArrowChunk {
  readonly rowCount: number;
  readonly columns: readonly ArrowColumn[];
}

/** @throws DataError `UNSUPPORTED_TYPE`, and for values that no column can hold */
export function openArrowTable(table: Arrow.Table, options: BatchStreamOptions): Promise<Source> {
  const readable = { schema: table.schema, batches: () => table.batches, close: async () => {} };
  return openChunks(chunkedColumns(readable, options.signal), options);
}

/** Record batches that can be read any number of times. */
interface ReadableAgain {
  readonly schema: Arrow.Schema;
  readonly batches: () => Iterable<Arrow.RecordBatch> | AsyncIterable<Arrow.RecordBatch>;
  readonly close: () => Promise<void>;
}

export function chunkedColumns(
  { schema, batches, close }: ReadableAgain,
  signal: AbortSignal | undefined,
): ChunkedColumns {
  return { schema, chunks: (positions) => chunksOf(batches(), positions, signal), close };
}

/** Columns described by an Arrow schema, of which those at some positions can be read any number of times. */
export interface ChunkedColumns {
  readonly schema: Arrow.Schema;
  readonly chunks: (positions: readonly number[]) => AsyncIterable<ArrowChunk>;
  readonly close: () => Promise<void>;
}

/** @throws DataError `UNSUPPORTED_TYPE`, and for values that no column can hold */
export async function openChunks(
  { schema, chunks, close }: ChunkedColumns,
  options: BatchStreamOptions,
): Promise<Source> {
  const profile = new ArrowProfile(schema, options);
  const again = () => chunks(profile.positions);
  for await (const chunk of again()) profile.add(chunk);
  return new ArrowSource(profile, again, close);
}

/** @param batches at least one, all of one schema */
export async function openRecordBatches(
  batches: AsyncIterable<Arrow.RecordBatch> | Iterable<Arrow.RecordBatch>,
  options: BatchStreamOptions,
): Promise<Source> {
  const spool = new Spool<ArrowChunk>();
  let profile: ArrowProfile | undefined;
  try {
    for await (const batch of batches) {
      profile ??= new ArrowProfile(batch.schema, options);
      profile.checkSchema(batch.schema);
      for await (const chunk of chunksOf([batch], profile.positions, options.signal, profile.rowCount)) {
        profile.add(chunk);
        await spool.append(chunk);
      }
    }
    if (profile === undefined)
      throw new DataError("INVALID_SCHEMA", "There is no record batch, so there are no columns");
    return new ArrowSource(
      profile,
      () => spool.items(),
      () => spool.close(),
    );
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function* chunksOf(
  batches: Iterable<Arrow.RecordBatch> | AsyncIterable<Arrow.RecordBatch>,
  positions: readonly number[],
  signal: AbortSignal | undefined,
  firstRow = 0,
): AsyncGenerator<ArrowChunk, void, undefined> {
  let row = firstRow;
  for await (const batch of batches) {
    throwIfAborted(signal, "Reading Arrow");
    const columns = positions.map((position) =>
      arrowColumn(batch.getChildAt(position)!, batch.schema.fields[position]!.name, row),
    );
    if (batch.numRows > 0) yield { rowCount: batch.numRows, columns };
    row += batch.numRows;
  }
}

class ArrowProfile {
  rowCount = 0;
  /** Of the columns taken, in the schema. */
  readonly positions: readonly number[];
  /** What `arrowSchema` noted of the table. */
  readonly metadata: TableMetadata;
  readonly #fields: readonly Arrow.Field[];
  readonly #options: BatchStreamOptions;
  readonly #profiles: readonly ValueProfile[];

  constructor(schema: Arrow.Schema, options: BatchStreamOptions) {
    this.positions = schema.fields.flatMap(({ name }, index) => (INDEX_COLUMN.test(name) ? [] : [index]));
    this.#fields = this.positions.map((position) => schema.fields[position]!);
    this.#options = options;
    this.metadata = tableMetadata(schema);
    for (const field of this.#fields) checkArrowField(field);
    options.checkNames(this.#fields.map(({ name }) => name));
    this.#profiles = this.#fields.map(
      (field) => new ValueProfile(field.name, options.types.get(field.name), options.typesOf),
    );
  }

  checkSchema({ fields }: Arrow.Schema): void {
    const same = this.positions.every((position, index) => {
      const expected = this.#fields[index]!;
      const found = fields[position];
      return found?.name === expected.name && String(found.type) === String(expected.type);
    });
    if (same) return;
    throw new DataError(
      "INVALID_SCHEMA",
      "The record batches differ in their schemas; all must have that of the first",
    );
  }

  add({ rowCount, columns }: ArrowChunk): void {
    for (const [index, column] of columns.entries()) addTo(this.#profiles[index]!, column, this.rowCount);
    this.rowCount += rowCount;
  }

  fields(): ColumnField[] {
    const { types } = this.#options;
    const contents = this.#profiles.map((profile, index) => {
      const { type, metadata } = this.#fields[index]!;
      const content = profile.conclude(this.rowCount);
      const emptied = profile.isEmpty && !types.has(content.name) ? emptyContent(type, this.rowCount) : undefined;
      return { ...content, ...emptied, ...noted(metadata, { ...content, ...emptied }) };
    });
    return tableFields(contents, this.#options);
  }
}

function tableMetadata({ metadata }: Arrow.Schema): TableMetadata {
  const entries = [...metadata].filter(([key]) => key.startsWith(METADATA_PREFIX));
  return new Map(entries.map(([key, value]) => [key.slice(METADATA_PREFIX.length), value]));
}

/** What `readArrow` notes on a column; text keeps the width it had where that suffices. */
function noted(metadata: ReadonlyMap<string, string>, { kind, size }: ColumnContent): Partial<ColumnContent> {
  const type = metadata.get("omero.type");
  if (!isColumnType(type)) return {};
  const width = Number(metadata.get("omero.size"));
  const keepsWidth = kind === "string" && type === "String" && Number.isSafeInteger(width);
  const description = metadata.get("omero.description");
  return { type, description, size: keepsWidth ? Math.max(size ?? 1, width) : size };
}

/** What a column without a value holds, by its Arrow type; integers and booleans have no place for missing values. */
function emptyContent(type: Arrow.DataType, rowCount: number): Partial<ColumnContent> {
  const id: number = type.typeId;
  const listed = id === FIXED_SIZE_LIST && rowCount === 0 ? String(type.children[0]!.type) : undefined;
  if (listed !== undefined) {
    const element = listed === "Float32" ? "float" : listed.startsWith("Float") ? "double" : "long";
    return { kind: "array", size: (type as Arrow.FixedSizeList).listSize, element };
  }
  const text = /Utf8|Date|Time/.test(String(type));
  if (text) return { kind: "string", size: 0 };
  if (id === STRUCT && rowCount === 0) return { kind: "mask" };
  if (rowCount > 0 || id === FLOAT || id === NULL) return { kind: "double" };
  return id === INT ? { kind: "long" } : id === BOOL ? { kind: "bool" } : { kind: "string", size: 0 };
}

function addTo(profile: ValueProfile, column: ArrowColumn, firstRow: number): void {
  if (column.kind !== "values") profile.addColumn(column, firstRow);
  else if (ArrayBuffer.isView(column.values)) profile.addTyped(column.values as unknown as TypedValues, firstRow);
  else profile.addValues(column.values, firstRow);
}

class ArrowSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly metadata: TableMetadata;
  readonly close: () => Promise<void>;
  readonly #chunks: () => AsyncIterable<ArrowChunk>;

  constructor(profile: ArrowProfile, chunks: () => AsyncIterable<ArrowChunk>, close: () => Promise<void>) {
    this.fields = profile.fields();
    this.rowCount = profile.rowCount;
    this.metadata = profile.metadata;
    this.#chunks = chunks;
    this.close = close;
  }

  batches(rows: number, { signal }: TableCallOptions = {}): AsyncIterable<ColumnBatch> {
    return rechunk(this.#convert(signal), rows);
  }

  async *#convert(signal: AbortSignal | undefined): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const { rowCount, columns } of this.#chunks()) {
      throwIfAborted(signal, "Reading Arrow");
      const data = this.fields.map((field, index) => convert(columns[index]!, rowCount, field));
      yield { fields: this.fields, columns: data, rowCount, rowNumbers: { start: 0, step: 1 } };
    }
  }
}

function convert(column: ArrowColumn, rowCount: number, field: ColumnField): ColumnData {
  if (column.kind === columnKind(field.type) && column.kind !== "array") return column as ColumnData;
  if (column.kind === "array" && column.values instanceof elementArray(field.type)) return column;
  const values: Values = column.kind === "values" ? column.values : columnValues(column);
  return valueColumn(values, 0, rowCount, field);
}
