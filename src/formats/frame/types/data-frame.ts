/** What a frame can do, as types of this package's own: those of danfojs need its packages and say little. */
import type * as Arrow from "apache-arrow";
import type { RowLabel } from "../cells/cell-table.js";
import type { FrameCell } from "../cells/frame-cell.js";
import type { IsinValues, KeepOption } from "../operations/duplicates.js";
import type { FrameCsvOptions } from "../operations/frame-csv.js";
import type { MergeOptions } from "../operations/merge.js";
import type { GroupBy } from "./group-by.js";
import type { AscendingOption, InPlaceOption, Series } from "./series.js";

/** Whether an operation goes along the rows (1, the default of danfojs) or along the columns (0). */
export interface AxisOption {
  /** 1 gives a value a row, 0 a value a column. Default 1. */
  readonly axis?: 0 | 1 | undefined;
}

/** What a frame is calculated or compared with: one number, a frame of its shape, or one number a column (axis 1) or row (axis 0). */
export type FrameOperand = number | DataFrame | Series | readonly number[];

/** Names of columns, one or several. */
export type ColumnNames = string | readonly string[];

/** Which rows and columns: positions or labels, a slice such as `["1:7"]`, or a mask. */
export interface Places<Column> {
  /** Default all. */
  readonly rows?: readonly (number | string | boolean)[] | Series | undefined;
  /** Default all. */
  readonly columns?: readonly Column[] | undefined;
}

/** How rows are put in order. */
export interface FrameSortOptions extends InPlaceOption {
  /** Smallest first, for all columns or for each. Default true. Missing values are last all the same. */
  readonly ascending?: boolean | readonly boolean[] | undefined;
}

/** Which rows are equal, and which of them stays. */
export interface DropDuplicatesOptions extends InPlaceOption {
  /** Columns whose values make rows equal. Default all. */
  readonly subset?: ColumnNames | undefined;
  /** Which of equal rows stays. Default "first". */
  readonly keep?: KeepOption | undefined;
}

/** The members of a frame, whatever its columns are named. */
export interface FrameMembers {
  /** The rows, each a list of values. */
  readonly values: FrameCell[][];
  /** Names of the columns. */
  readonly columns: string[];
  /** Labels of the rows. */
  readonly index: RowLabel[];
  /** danfojs' names for the columns' types: "int32", "float32", "string" or "boolean". */
  readonly dtypes: string[];
  /** Rows and columns. */
  readonly shape: number[];
  /** Cells. */
  readonly size: number;
  /** 2. */
  readonly ndim: number;
  /** The columns, each a list of values. */
  readonly getColumnData: FrameCell[][];
  /** Rows as columns. */
  readonly T: DataFrame;
  /** The names in `dtypes`, by column. */
  readonly ctypes: Series<string>;

  /** A column, whatever its name; `frame["mean area"]` is the same unless a member of the frame has that name. */
  column<Cell extends FrameCell = FrameCell>(name: string): Series<Cell>;
  /** The first rows, 5 by default. */
  head(rows?: number): DataFrame;
  /** The last rows, 5 by default. */
  tail(rows?: number): DataFrame;
  /** Random rows, 5 by default, each once. */
  sample(rows?: number, options?: { readonly seed?: number }): Promise<DataFrame>;
  /** Rows and columns by position. */
  iloc(places: Places<number | string>): DataFrame;
  /** Rows and columns by label. */
  loc(places: Places<string>): DataFrame;
  /** The value at a position. */
  iat(row: number, column: number): FrameCell | undefined;
  /** The value at a label. */
  at(row: RowLabel, column: string): FrameCell | undefined;
  /** The rows where a mask is true. */
  query(mask: Series | readonly boolean[], options?: InPlaceOption): DataFrame;
  /** The columns of some types. */
  selectDtypes(dtypes: readonly string[]): DataFrame;

  /** The rows in the order of one or several columns; equal ones stay as they come. @throws ArgumentError `UNKNOWN_COLUMN` */
  sortValues(by: ColumnNames, options?: FrameSortOptions): DataFrame;
  /** The rows in the order of their labels. */
  sortIndex(options?: AscendingOption & InPlaceOption): DataFrame;
  /**
   * Joined with another frame by the values of columns that both have, as pandas does: rows of an inner or left merge come
   * in the order of this frame, of a right one in that of the other, of an outer one in the order of the keys; missing
   * keys meet missing keys; NaN stands where there is no partner.
   * @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT`
   */
  merge(right: DataFrame, options?: MergeOptions): DataFrame;
  /** Rows in groups by the values of one or several columns. @throws ArgumentError `UNKNOWN_COLUMN` */
  groupby(by: ColumnNames): GroupBy<DataFrame>;
  /** Equal rows once. @throws ArgumentError `UNKNOWN_COLUMN` */
  dropDuplicates(options?: DropDuplicatesOptions): DataFrame;
  /** For each cell whether it is among values, of which there may be others for each column. */
  isin(values: IsinValues): DataFrame;

  /** Mean of the numbers that are there. */
  mean(options?: AxisOption): Series<number>;
  /** Median of the numbers that are there. */
  median(options?: AxisOption): Series<number>;
  /** The most frequent values. */
  mode(options?: AxisOption & { readonly keep?: number }): Series;
  /** The smallest number. */
  min(options?: AxisOption): Series<number>;
  /** The largest number. */
  max(options?: AxisOption): Series<number>;
  /** Sum of the numbers that are there. */
  sum(options?: AxisOption): Series<number>;
  /** Values that are there. */
  count(options?: AxisOption): Series<number>;
  /** Standard deviation of a sample. */
  std(options?: AxisOption): Series<number>;
  /** Variance of a sample. */
  var(options?: AxisOption): Series<number>;
  /** Count, mean, standard deviation, smallest, median, largest and variance of the numeric columns. */
  describe(): DataFrame;
  /** A quantile of each numeric column, the median by default, interpolated linearly; of a list of quantiles, a frame of them. */
  quantile(q?: number): Series<number>;
  /** Several quantiles of each numeric column, one a row. */
  quantile(q: readonly number[]): DataFrame;
  /** Pearson's correlation of each pair of numeric columns, over the rows where both have values. */
  corr(): DataFrame;
  /** Different values of each column; missing ones count too where `dropna` is false. */
  nunique(options?: { readonly dropna?: boolean }): Series<number>;
  /** Different values of each row (axis 1) or column (axis 0); NaN counts. */
  nUnique(axis?: 0 | 1): Series<number>;

  /** Sum with another. Columns of texts are refused by this and all that calculate. */
  add(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Difference to another. */
  sub(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Product with another. */
  mul(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Quotient by another. */
  div(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Quotient by another, 0 where that is 0. */
  divNoNan(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Power of another. */
  pow(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Rest of a division by another, with the sign of that one. */
  mod(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Difference to the row that is so many before it, or to another frame. */
  diff(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Change, as a share, since the row that is so many before it, or from another frame. */
  pctChange(other: FrameOperand, options?: AxisOption & InPlaceOption): DataFrame;
  /** Magnitudes. */
  abs(options?: InPlaceOption): DataFrame;
  /** Rounded to `places` decimals, 1 by default. */
  round(places?: number, options?: InPlaceOption): DataFrame;
  /** Sums up to each row (axis 0) or column. */
  cumSum(options?: AxisOption & InPlaceOption): DataFrame;
  /** Products up to each row (axis 0) or column. */
  cumProd(options?: AxisOption & InPlaceOption): DataFrame;
  /** Smallest up to each row (axis 0) or column. */
  cumMin(options?: AxisOption & InPlaceOption): DataFrame;
  /** Largest up to each row (axis 0) or column. */
  cumMax(options?: AxisOption & InPlaceOption): DataFrame;
  /** Whether less than another. */
  lt(other: FrameOperand, options?: AxisOption): DataFrame;
  /** Whether greater than another. */
  gt(other: FrameOperand, options?: AxisOption): DataFrame;
  /** Whether less than another or equal. */
  le(other: FrameOperand, options?: AxisOption): DataFrame;
  /** Whether greater than another or equal. */
  ge(other: FrameOperand, options?: AxisOption): DataFrame;
  /** Whether equal to another. */
  eq(other: FrameOperand, options?: AxisOption): DataFrame;
  /** Whether not equal to another. */
  ne(other: FrameOperand, options?: AxisOption): DataFrame;

  /** Whether values are missing. */
  isNa(): DataFrame;
  /** With another value where one is missing, in all columns or some. */
  fillNa(value: FrameCell | readonly FrameCell[], options?: InPlaceOption & { readonly columns?: string[] }): DataFrame;
  /** Without the rows (axis 1) or columns (axis 0) that lack a value. */
  dropNa(options?: AxisOption & InPlaceOption): DataFrame;
  /** One value by another, in all columns or some. */
  replace(
    oldValue: FrameCell,
    newValue: FrameCell,
    options?: InPlaceOption & { readonly columns?: string[] },
  ): DataFrame;
  /** With a column more, or with other values in one that is there. */
  addColumn(
    name: string,
    values: Series | readonly FrameCell[],
    options?: InPlaceOption & { readonly atIndex?: number | string },
  ): DataFrame;
  /** Without some columns, or rows by their labels. */
  drop(options: InPlaceOption & { readonly columns?: ColumnNames; readonly index?: readonly RowLabel[] }): DataFrame;
  /** With other names of columns (axis 1) or labels of rows (axis 0). */
  rename(names: Readonly<Record<string, RowLabel>>, options?: AxisOption & InPlaceOption): DataFrame;
  /** A column as another type. */
  asType(column: string, dtype: "float32" | "int32" | "string" | "boolean", options?: InPlaceOption): DataFrame;
  /** With other labels: those of a list, or the values of a column. */
  setIndex(
    options: InPlaceOption & {
      readonly index?: readonly RowLabel[];
      readonly column?: string;
      readonly drop?: boolean;
    },
  ): DataFrame;
  /** With the labels 0, 1, 2, ... */
  resetIndex(options?: InPlaceOption): DataFrame;
  /** With further rows and their labels. */
  append(
    rows: DataFrame | Series | readonly FrameCell[] | readonly (readonly FrameCell[])[],
    index: RowLabel | readonly RowLabel[],
    options?: InPlaceOption,
  ): DataFrame;
  /** What a function makes of each row (axis 1) or column (axis 0). */
  apply(change: (values: FrameCell[]) => FrameCell | FrameCell[], options?: AxisOption): DataFrame | Series;
  /** What a function makes of each value. */
  applyMap(change: (value: FrameCell) => FrameCell, options?: InPlaceOption): DataFrame;
  /** Rows as columns. */
  transpose(options?: InPlaceOption): DataFrame;
  /** One column of 0 and 1 for each different value of columns of texts. */
  getDummies(
    options?: InPlaceOption & {
      readonly columns?: ColumnNames;
      readonly prefix?: ColumnNames;
      readonly prefixSeparator?: ColumnNames;
    },
  ): DataFrame;
  /** A copy of its own. */
  copy(): DataFrame;

  /**
   * An Apache Arrow table: integers as Int64, other numbers as Float64 (NaN stays NaN), text as Utf8. `rowNumbers` adds
   * the index as a last column, `__index_level_0__`, which pandas takes for the index.
   */
  toArrow(options?: { readonly rowNumbers?: boolean }): Promise<Arrow.Table>;
  /** CSV, byte for byte what pandas' `to_csv` writes; into a file where `filePath` is given. @throws FileError `CANNOT_WRITE_FILE` */
  toCSV(options?: FrameCsvOptions): string;
  /** Rows as objects, or columns as lists (`format: "row"`). */
  toJSON(options?: { readonly format?: "column" | "row"; readonly filePath?: string }): object | undefined;
  /** Prints it as a table of text. */
  print(): void;
  /** As a table of text. */
  toString(): string;
}

/**
 * A DataFrame of danfojs, whose methods it has, and those of pandas that it lacks. A column is a property of its name
 * unless a member has that name; `column(name)` gives any.
 */
export type DataFrame = FrameMembers & { [column: string]: Series };

/** Names and labels of a new frame. */
export interface FrameInit {
  /** Labels of the rows, each once. Default 0, 1, 2, ... */
  readonly index?: readonly RowLabel[] | undefined;
  /** Names of the columns. Default: those of the objects, or "0", "1", ... */
  readonly columns?: readonly string[] | undefined;
  /** danfojs' names for the columns' types. Default: found out from the first values. */
  readonly dtypes?: readonly string[] | undefined;
}

/** The class of frames. */
export type DataFrameClass = new (
  data?:
    | Readonly<Record<string, readonly FrameCell[]>>
    | readonly (readonly FrameCell[])[]
    | readonly Readonly<Record<string, FrameCell>>[],
  options?: FrameInit,
) => DataFrame;

/** The class of series. */
export type SeriesClass = new <Cell extends FrameCell>(data?: readonly Cell[], options?: FrameInit) => Series<Cell>;
