/** What a column of a frame can do, as types of this package's own: those of danfojs need its packages and say little. */
import type { RowLabel } from "../cells/cell-table.js";
import type { FrameCell } from "../cells/frame-cell.js";

/** What a series is calculated or compared with: another of the same length, a list, or one value for all rows. */
export type SeriesOperand = Series | readonly FrameCell[] | FrameCell;

/** Whether an operation changes its object and gives nothing back. */
export interface InPlaceOption {
  /** Change this one, in place of giving a new one. Default false. */
  readonly inplace?: boolean | undefined;
}

/** The order of sorted values. */
export interface AscendingOption {
  /** Smallest first. Default true. */
  readonly ascending?: boolean | undefined;
}

/** The methods of a text column, `frame.column("label").str`; each gives a new series. */
export interface TextMethods {
  /** In lower case. */
  toLowerCase(): Series<string>;
  /** In upper case. */
  toUpperCase(): Series<string>;
  /** Without spaces at both ends. */
  trim(): Series<string>;
  /** Whether a text holds another. */
  includes(text: string): Series<boolean>;
  /** Whether a text begins so. */
  startsWith(text: string): Series<boolean>;
  /** Whether a text ends so. */
  endsWith(text: string): Series<boolean>;
  /** Every occurrence of one text by another. */
  replace(searched: string | RegExp, replacement: string): Series<string>;
  /** Length in UTF-16 units. */
  len(): Series<number>;
  /** With another text, or the texts of a list, before or behind it. */
  concat(other: string | readonly string[], position?: 0 | 1): Series<string>;
}

/**
 * A column of a frame, or a list of values with labels.
 * @typeParam Cell what its values are, where the caller knows: `frame.column<number>("area")`
 */
export interface Series<Cell extends FrameCell = FrameCell> {
  /** The values, one a row. */
  readonly values: Cell[];
  /** Labels of the rows. */
  readonly index: RowLabel[];
  /** Name of the column, in a list. */
  readonly columns: string[];
  /** danfojs' name for the values' type: "int32", "float32", "string" or "boolean", in a list. */
  readonly dtypes: string[];
  /** The same name alone. */
  readonly dtype: string;
  /** Rows, and 1. */
  readonly shape: number[];
  /** Rows. */
  readonly size: number;
  /** 1. */
  readonly ndim: number;
  /** Methods of text columns. */
  readonly str: TextMethods;

  /** The first rows, 5 by default. */
  head(rows?: number): Series<Cell>;
  /** The last rows, 5 by default. */
  tail(rows?: number): Series<Cell>;
  /** Rows by position, a slice such as `["1:7"]`, or a mask. */
  iloc(rows: readonly (number | string | boolean)[] | Series): Series<Cell>;
  /** Rows by label, or a mask. */
  loc(rows: readonly (number | string | boolean)[] | Series): Series<Cell>;
  /** The value at a position. */
  iat(row: number): Cell | undefined;
  /** The value at a label. */
  at(row: RowLabel): Cell | undefined;

  /** Mean of the values that are there. */
  mean(): number;
  /** Median of the values that are there. */
  median(): number;
  /** The most frequent values. */
  mode(): Cell[];
  /** The smallest value. */
  min(): number;
  /** The largest value. */
  max(): number;
  /** Sum of the values that are there. */
  sum(): number;
  /** Values that are there. */
  count(): number;
  /** Standard deviation of a sample. */
  std(): number;
  /** Variance of a sample. */
  var(): number;
  /** Count, mean, standard deviation, smallest, median, largest and variance. */
  describe(): Series<number>;
  /** The different values, as they come. */
  unique(): Series<Cell>;
  /** How many different values there are. */
  nUnique(): number;
  /** How often each value is there; the values are the index. */
  valueCounts(): Series<number>;

  /** Sum with another. */
  add(other: SeriesOperand, options?: InPlaceOption): Series<number>;
  /** Difference to another. */
  sub(other: SeriesOperand, options?: InPlaceOption): Series<number>;
  /** Product with another. */
  mul(other: SeriesOperand, options?: InPlaceOption): Series<number>;
  /** Quotient by another. */
  div(other: SeriesOperand, options?: InPlaceOption): Series<number>;
  /** Power of another. */
  pow(other: SeriesOperand, options?: InPlaceOption): Series<number>;
  /** Rest of a division by another. */
  mod(other: SeriesOperand, options?: InPlaceOption): Series<number>;
  /** Magnitudes. */
  abs(options?: InPlaceOption): Series<number>;
  /** Rounded to `places` decimals, 1 by default. */
  round(places?: number, options?: InPlaceOption): Series<number>;
  /** The larger of each pair. */
  maximum(other: SeriesOperand): Series<number>;
  /** The smaller of each pair. */
  minimum(other: SeriesOperand): Series<number>;
  /** Sums up to each row. */
  cumSum(options?: InPlaceOption): Series<number>;
  /** Products up to each row. */
  cumProd(options?: InPlaceOption): Series<number>;
  /** Smallest up to each row. */
  cumMin(options?: InPlaceOption): Series<number>;
  /** Largest up to each row. */
  cumMax(options?: InPlaceOption): Series<number>;

  /** Whether less than another. */
  lt(other: SeriesOperand): Series<boolean>;
  /** Whether greater than another. */
  gt(other: SeriesOperand): Series<boolean>;
  /** Whether less than another or equal. */
  le(other: SeriesOperand): Series<boolean>;
  /** Whether greater than another or equal. */
  ge(other: SeriesOperand): Series<boolean>;
  /** Whether equal to another. */
  eq(other: SeriesOperand): Series<boolean>;
  /** Whether not equal to another. */
  ne(other: SeriesOperand): Series<boolean>;
  /** Whether both are true. */
  and(other: Series | readonly boolean[] | boolean): Series<boolean>;
  /** Whether one is true. */
  or(other: Series | readonly boolean[] | boolean): Series<boolean>;
  /** Whether values are missing. */
  isNa(): Series<boolean>;

  /** With another value where one is missing. */
  fillNa(value: FrameCell, options?: InPlaceOption): Series;
  /** Without missing values. */
  dropNa(options?: InPlaceOption): Series<Cell>;
  /** Each value once. */
  dropDuplicates(options?: InPlaceOption & { readonly keep?: "first" | "last" }): Series<Cell>;
  /** One value by another. */
  replace(oldValue: FrameCell, newValue: FrameCell, options?: InPlaceOption): Series;
  /** In order. */
  sortValues(options?: AscendingOption & InPlaceOption): Series<Cell>;
  /** Positions in order. */
  argSort(options?: AscendingOption): Series<number>;
  /** Position of the largest value. */
  argMax(): number;
  /** Position of the smallest value. */
  argMin(): number;
  /** Each value as a function, or an object of new values, says. */
  map(
    change: ((value: Cell, row: number) => FrameCell) | Readonly<Record<string, FrameCell>>,
    options?: InPlaceOption,
  ): Series;
  /** Each value as a function says. */
  apply(change: (value: Cell) => FrameCell, options?: InPlaceOption): Series;
  /** As another type. */
  asType(dtype: "float32" | "int32" | "string" | "boolean", options?: InPlaceOption): Series;
  /** With further values and their labels. */
  append(
    values: FrameCell | readonly FrameCell[] | Series,
    index: RowLabel | readonly RowLabel[],
    options?: InPlaceOption,
  ): Series;
  /** With other labels. */
  setIndex(index: readonly RowLabel[], options?: InPlaceOption): Series<Cell>;
  /** With the labels 0, 1, 2, ... */
  resetIndex(options?: InPlaceOption): Series<Cell>;
  /** A copy of its own. */
  copy(): Series<Cell>;
  /** Prints it as a table of text. */
  print(): void;
  /** As a table of text. */
  toString(): string;
}
