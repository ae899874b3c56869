/**
 * The column batch: some rows of a table as typed columns of equal length, in Arrow's memory layout. It is the one
 * currency between the rooms of this package; frames, rows and files are made from it and turned into it.
 */

/** Column classes of OMERO.tables (`omero/Tables.ice`), without the word "Column". */
export const COLUMN_TYPES = [
  "File",
  "Image",
  "Dataset",
  "Roi",
  "Well",
  "Plate",
  "Bool",
  "Double",
  "Long",
  "String",
  "FloatArray",
  "DoubleArray",
  "LongArray",
  "Mask",
] as const;

/** Name of a column class of OMERO.tables. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** What a table's header says of a column. */
export interface ColumnField {
  /** Name of the column, unique in its table. */
  readonly name: string;
  /** Column class of OMERO.tables. */
  readonly type: ColumnType;
  /** Free text; OMERO.tables also keeps JSON here. Empty by default. */
  readonly description: string;
  /** String: width in bytes of UTF-8. Arrays: elements in each row. 1 for the others. */
  readonly size: number;
}

/** Ids and Long: one int64 a row. */
export interface LongColumn {
  /** Tells this kind of column from the others. */
  readonly kind: "long";
  /** One int64 a row. */
  readonly values: BigInt64Array;
}
/** One byte a row, 0 or 1. */
export interface BoolColumn {
  /** Tells this kind of column from the others. */
  readonly kind: "bool";
  /** One byte a row, 0 or 1. */
  readonly values: Uint8Array;
}
/** One float64 a row; NaN stands for a missing value. */
export interface DoubleColumn {
  /** Tells this kind of column from the others. */
  readonly kind: "double";
  /** One float64 a row. */
  readonly values: Float64Array;
}
/** Row `i` is the UTF-8 text in `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`; `offsets` has one entry more than rows. */
export interface StringColumn {
  /** Tells this kind of column from the others. */
  readonly kind: "string";
  /** Where each text begins in `bytes`; one entry more than rows. */
  readonly offsets: Int32Array;
  /** All texts in UTF-8, one after the other. */
  readonly bytes: Uint8Array;
}
/** Row `i` is `values[i * size] ..< values[(i + 1) * size]`. */
export interface ArrayColumn {
  /** Tells this kind of column from the others. */
  readonly kind: "array";
  /** Elements in each row. */
  readonly size: number;
  /** The elements of all rows, row by row. */
  readonly values: Float32Array | Float64Array | BigInt64Array;
}
/** Row `i` is a mask on a region of interest; its bits are `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`. */
export interface MaskColumn {
  /** Tells this kind of column from the others. */
  readonly kind: "mask";
  /** Id of the image each mask is on. */
  readonly imageId: BigInt64Array;
  /** Plane of the stack, from 0. */
  readonly theZ: Int32Array;
  /** Time point, from 0. */
  readonly theT: Int32Array;
  /** Left edge, in pixels. */
  readonly x: Float64Array;
  /** Upper edge, in pixels. */
  readonly y: Float64Array;
  /** Width, in pixels. */
  readonly w: Float64Array;
  /** Height, in pixels. */
  readonly h: Float64Array;
  /** Where each mask begins in `bytes`; one entry more than rows. */
  readonly offsets: Int32Array;
  /** The bits of all masks, one after the other. */
  readonly bytes: Uint8Array;
}

/** The cells of a column, in one of the ways in which columns lie in memory. */
export type ColumnData = LongColumn | BoolColumn | DoubleColumn | StringColumn | ArrayColumn | MaskColumn;
/** How a column lies in memory. */
export type ColumnKind = ColumnData["kind"];

/**
 * Rows' numbers in their table, from 0: an arithmetic run (row `i` has number `start + i * step`), or one number a row.
 * Numbers are exact integers below 2^53.
 */
export type RowNumbers = { readonly start: number; readonly step: number } | Float64Array;

/** Some rows of a table: typed columns of equal length. */
export interface ColumnBatch {
  /** What the columns are; as many as `columns`. */
  readonly fields: readonly ColumnField[];
  /** Parallel to `fields`. */
  readonly columns: readonly ColumnData[];
  /** Rows of this batch. */
  readonly rowCount: number;
  /** Numbers of the rows in their table, from 0. */
  readonly rowNumbers: RowNumbers;
}

/**
 * A field with the defaults filled in: no description, size 1.
 *
 * @example
 * ```ts
 * const area = field("area", "Double");
 * const label = field("label", "String", { size: 16 });
 * ```
 */
export function field(name: string, type: ColumnType, size = 1, description = ""): ColumnField {
  return { name, type, description, size };
}

/**
 * The number of row `index` of a batch.
 *
 * @example
 * ```ts
 * rowNumberAt({ start: 10, step: 5 }, 2); // 20
 * ```
 */
export function rowNumberAt(rowNumbers: RowNumbers, index: number): number {
  return rowNumbers instanceof Float64Array ? rowNumbers[index]! : rowNumbers.start + index * rowNumbers.step;
}

/**
 * All row numbers of `rowCount` rows, one element a row.
 *
 * @example
 * ```ts
 * const numbers = rowNumberArray(batch.rowNumbers, batch.rowCount); // Float64Array
 * ```
 */
export function rowNumberArray(rowNumbers: RowNumbers, rowCount: number): Float64Array {
  if (rowNumbers instanceof Float64Array) return rowNumbers;
  const { start, step } = rowNumbers;
  return Float64Array.from({ length: rowCount }, (_, index) => start + index * step);
}
