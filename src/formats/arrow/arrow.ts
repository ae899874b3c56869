/**
 * Batches as an Apache Arrow table. Columns become Int64, Float64, Bool, Utf8, FixedSizeList and, for masks, Struct;
 * all but Bool keep the batch's own memory.
 */
import type * as Arrow from "apache-arrow";
import {
  type ArrayColumn,
  type BoolColumn,
  type ColumnBatch,
  type ColumnField,
  type ColumnKind,
  type MaskColumn,
  type RowNumbers,
  rowNumberAt,
} from "../../columns/batch.js";
import { type ElementKind, elementKind } from "../../columns/kinds/array.js";
import { applyByKind, type ByKind } from "../../columns/kinds/by-kind.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import type { TableMetadata } from "../../columns/table.js";
import type { OptionNames } from "../../flow/options.js";

type ArrowModule = typeof Arrow;

/**
 * Column of row numbers: the name pandas gives to an index without one. No column of OMERO.tables can have it, as names
 * beginning with `__` are refused there.
 */
export const ROW_NUMBER_COLUMN = "__index_level_0__";

/** Before the keys of a table's metadata in a schema's. */
export const METADATA_PREFIX = "omero.metadata.";

export interface ArrowOptions {
  /** Add the rows' numbers in their table as a last column, {@link ROW_NUMBER_COLUMN}, marked as pandas' index. */
  readonly rowNumbers?: boolean | undefined;
  /** The table's metadata; each entry is kept as text in the schema's metadata, its key after `omero.metadata.`. */
  readonly metadata?: TableMetadata | undefined;
}

export const ARROW_OPTIONS: OptionNames<ArrowOptions> = { rowNumbers: true, metadata: true };

/** The Arrow schema of columns. Each field's metadata holds its `omero.type`, `omero.description` and `omero.size`. */
export function arrowSchema(
  arrow: ArrowModule,
  columns: readonly ColumnField[],
  { rowNumbers, metadata }: ArrowOptions = {},
): Arrow.Schema {
  const fields = columns.map((column) => {
    const { name, type, description, size } = column;
    const details = { "omero.type": type, "omero.description": description, "omero.size": String(size) };
    return new arrow.Field(name, arrowType(arrow, column), false, new Map(Object.entries(details)));
  });
  if (rowNumbers) fields.push(new arrow.Field(ROW_NUMBER_COLUMN, new arrow.Int64(), false));
  const entries = new Map([...(metadata ?? [])].map(([key, value]) => [`${METADATA_PREFIX}${key}`, String(value)]));
  if (rowNumbers) entries.set("pandas", PANDAS_INDEX);
  return new arrow.Schema(fields, entries);
}

/** Tells pandas which column is the index (pandas' developer guide, "Storing pandas DataFrame objects in Arrow"). */
const PANDAS_INDEX = JSON.stringify({
  index_columns: [ROW_NUMBER_COLUMN],
  column_indexes: [],
  columns: [{ name: null, field_name: ROW_NUMBER_COLUMN, pandas_type: "int64", numpy_type: "int64", metadata: null }],
});

const ARROW_TYPES: Readonly<Record<ColumnKind, typeof arrowType>> = {
  long: (arrow) => new arrow.Int64(),
  double: (arrow) => new arrow.Float64(),
  bool: (arrow) => new arrow.Bool(),
  string: (arrow) => new arrow.Utf8(),
  array: listType,
  mask: maskType,
};

function arrowType(arrow: ArrowModule, field: ColumnField): Arrow.DataType {
  return ARROW_TYPES[columnKind(field.type)](arrow, field);
}

const ELEMENT_TYPES: Readonly<Record<ElementKind, (arrow: ArrowModule) => Arrow.DataType>> = {
  float: (arrow) => new arrow.Float32(),
  double: (arrow) => new arrow.Float64(),
  long: (arrow) => new arrow.Int64(),
};

function listType(arrow: ArrowModule, { type, size }: ColumnField): Arrow.DataType {
  const element = ELEMENT_TYPES[elementKind(type)!](arrow);
  return new arrow.FixedSizeList(size, new arrow.Field("item", element, false));
}

function maskType(arrow: ArrowModule): Arrow.Struct {
  const members: Record<string, Arrow.DataType> = {
    imageId: new arrow.Int64(),
    theZ: new arrow.Int32(),
    theT: new arrow.Int32(),
    x: new arrow.Float64(),
    y: new arrow.Float64(),
    w: new arrow.Float64(),
    h: new arrow.Float64(),
    bytes: new arrow.Binary(),
  };
  return new arrow.Struct(Object.entries(members).map(([name, type]) => new arrow.Field(name, type, false)));
}

/** A record batch of the given schema, which must be that of {@link arrowSchema}. */
export function toRecordBatch(
  arrow: ArrowModule,
  schema: Arrow.Schema,
  batch: ColumnBatch,
  rowNumbers: boolean,
): Arrow.RecordBatch {
  const children = batch.columns.map((column, index) =>
    applyByKind(ARROW_DATA, column, arrow, schema.fields[index]!.type, batch.rowCount),
  );
  if (rowNumbers) children.push(rowNumberData(arrow, batch.rowNumbers, batch.rowCount));
  const type = new arrow.Struct(schema.fields);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: batch.rowCount, nullCount: 0, children }));
}

const ARROW_DATA: ByKind<Arrow.Data, [arrow: ArrowModule, type: Arrow.DataType, length: number]> = {
  long: ({ values }, arrow, type) => valuesData(arrow, type, values),
  double: ({ values }, arrow, type) => valuesData(arrow, type, values),
  bool: (column, arrow, type, length) =>
    arrow.makeData({ type: type as Arrow.Bool, length, nullCount: 0, data: packBits(column) }),
  string: (column, arrow, type, length) => bytesData(arrow, type as Arrow.Utf8, column, length),
  array: (column, arrow, type, length) => arrayData(arrow, type as Arrow.FixedSizeList, column, length),
  mask: (column, arrow, type, length) => maskData(arrow, type as Arrow.Struct, column, length),
};

function valuesData(arrow: ArrowModule, type: Arrow.DataType, values: ArrayLike<number | bigint>): Arrow.Data {
  return arrow.makeData({
    type: type as Arrow.Float64,
    length: values.length,
    nullCount: 0,
    data: values as Float64Array,
  });
}

function bytesData(
  arrow: ArrowModule,
  type: Arrow.Utf8 | Arrow.Binary,
  { offsets, bytes }: { readonly offsets: Int32Array; readonly bytes: Uint8Array },
  length: number,
): Arrow.Data {
  return arrow.makeData({ type: type as Arrow.Utf8, length, nullCount: 0, valueOffsets: offsets, data: bytes });
}

function arrayData(arrow: ArrowModule, type: Arrow.FixedSizeList, column: ArrayColumn, length: number): Arrow.Data {
  const child = valuesData(arrow, type.valueType, column.values);
  return arrow.makeData({ type, length, nullCount: 0, child });
}

function maskData(arrow: ArrowModule, type: Arrow.Struct, column: MaskColumn, length: number): Arrow.Data {
  const { imageId, theZ, theT, x, y, w, h } = column;
  const children = [imageId, theZ, theT, x, y, w, h].map((values, index) =>
    valuesData(arrow, type.children[index]!.type, values),
  );
  children.push(bytesData(arrow, type.children[7]!.type as Arrow.Binary, column, length));
  return arrow.makeData({ type, length, nullCount: 0, children });
}

/** One bit a row, the first in the lowest bit. */
function packBits({ values }: BoolColumn): Uint8Array {
  const packed = new Uint8Array(((values.length + 63) >> 6) << 3);
  for (let row = 0; row < values.length; row++) if (values[row] !== 0) packed[row >> 3]! |= 1 << (row & 7);
  return packed;
}

function rowNumberData(arrow: ArrowModule, rowNumbers: RowNumbers, length: number): Arrow.Data {
  const values = new BigInt64Array(length);
  for (let row = 0; row < length; row++) values[row] = BigInt(rowNumberAt(rowNumbers, row));
  return valuesData(arrow, new arrow.Int64(), values);
}
