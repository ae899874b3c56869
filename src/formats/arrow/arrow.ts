/**
 * Batches as an Apache Arrow table. Columns become Int64, Float64, Bool, Utf8, FixedSizeList and, for masks, Struct;
 * all but Bool keep the batch's own memory.
 */
import type * as Arrow from "apache-arrow";
import {
  type ArrayColumn,
  type BoolColumn,
  type ColumnBatch,
  type ColumnData,
  type ColumnField,
  type MaskColumn,
  type RowNumbers,
  rowNumberAt,
} from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";

type ArrowModule = typeof Arrow;

/**
 * Column of row numbers: the name pandas gives to an index without one. No column of OMERO.tables can have it, as names
 * beginning with `__` are refused there.
 */
export const ROW_NUMBER_COLUMN = "__index_level_0__";

export interface ArrowOptions {
  /** Add the rows' numbers in their table as a last column, {@link ROW_NUMBER_COLUMN}, marked as pandas' index. */
  readonly rowNumbers?: boolean | undefined;
  /** The table's metadata; each entry is kept as text in the schema's metadata, its key after `omero.metadata.`. */
  readonly metadata?: TableMetadata | undefined;
}

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
  const entries = new Map([...(metadata ?? [])].map(([key, value]) => [`omero.metadata.${key}`, String(value)]));
  if (rowNumbers) entries.set("pandas", PANDAS_INDEX);
  return new arrow.Schema(fields, entries);
}

/** Tells pandas which column is the index (pandas' developer guide, "Storing pandas DataFrame objects in Arrow"). */
const PANDAS_INDEX = JSON.stringify({
  index_columns: [ROW_NUMBER_COLUMN],
  column_indexes: [],
  columns: [{ name: null, field_name: ROW_NUMBER_COLUMN, pandas_type: "int64", numpy_type: "int64", metadata: null }],
});

function arrowType(arrow: ArrowModule, { type, size }: ColumnField): Arrow.DataType {
  switch (type) {
    case "Bool":
      return new arrow.Bool();
    case "Double":
      return new arrow.Float64();
    case "String":
      return new arrow.Utf8();
    case "FloatArray":
      return listType(arrow, size, new arrow.Float32());
    case "DoubleArray":
      return listType(arrow, size, new arrow.Float64());
    case "LongArray":
      return listType(arrow, size, new arrow.Int64());
    case "Mask":
      return maskType(arrow);
    default:
      return new arrow.Int64();
  }
}

function listType(arrow: ArrowModule, size: number, element: Arrow.DataType): Arrow.DataType {
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
    columnData(arrow, schema.fields[index]!.type, column, batch.rowCount),
  );
  if (rowNumbers) children.push(rowNumberData(arrow, batch.rowNumbers, batch.rowCount));
  const type = new arrow.Struct(schema.fields);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: batch.rowCount, nullCount: 0, children }));
}

function columnData(arrow: ArrowModule, type: Arrow.DataType, column: ColumnData, length: number): Arrow.Data {
  switch (column.kind) {
    case "bool":
      return arrow.makeData({ type: type as Arrow.Bool, length, nullCount: 0, data: packBits(column) });
    case "string":
      return bytesData(arrow, type as Arrow.Utf8, column, length);
    case "array":
      return arrayData(arrow, type as Arrow.FixedSizeList, column, length);
    case "mask":
      return maskData(arrow, type as Arrow.Struct, column, length);
    default:
      return valuesData(arrow, type, column.values);
  }
}

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
