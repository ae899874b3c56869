/** Rows in groups: what `frame.groupby` gives. */
import type { RowLabel } from "../cells/cell-table.js";
import type { FrameCell } from "../cells/frame-cell.js";
import type { Series } from "./series.js";

/** What is made of the values of a group. Missing values are left out. */
export type AggregateName =
  | "count"
  | "sum"
  | "mean"
  | "median"
  | "mode"
  | "std"
  | "var"
  | "min"
  | "max"
  | "first"
  | "last"
  | "nunique"
  | "cumsum"
  | "cumprod"
  | "cummin"
  | "cummax";

/**
 * Rows in groups, in the order of their keys; rows with a missing key are in none. Results have the key columns first,
 * then one column an aggregate, named as in danfojs: `area_mean`.
 * @typeParam Frame `DataFrame`
 */
export interface GroupBy<Frame> {
  /** The groups with these columns alone. Default: all but the keys. */
  col(names?: string | readonly string[]): GroupBy<Frame>;
  /** Values that are there. */
  count(): Frame;
  /** Sums; 0 where no value is there. */
  sum(): Frame;
  /** Means. */
  mean(): Frame;
  /** Medians. */
  median(): Frame;
  /** The most frequent values, the first of several. */
  mode(): Frame;
  /** Standard deviations of samples. */
  std(): Frame;
  /** Variances of samples. */
  var(): Frame;
  /** Smallest values. */
  min(): Frame;
  /** Largest values. */
  max(): Frame;
  /** How many different values there are. */
  nunique(): Frame;
  /** The first value that is there, under its column's own name. */
  first(): Frame;
  /** The last value that is there, under its column's own name. */
  last(): Frame;
  /** Rows of each group, in a column `size`. */
  size(): Frame;
  /** Sums up to each row of a group; the rows come group by group. */
  cumSum(): Frame;
  /** Products up to each row of a group. */
  cumProd(): Frame;
  /** Smallest up to each row of a group. */
  cumMin(): Frame;
  /** Largest up to each row of a group. */
  cumMax(): Frame;
  /** One or several aggregates for each of some columns: `{ area: ["mean", "std"], label: "count" }`. */
  agg(aggregates: Readonly<Record<string, AggregateName | readonly AggregateName[]>>): Frame;
  /** What a function makes of each group's frame, one below the other, the keys first. */
  apply(change: (group: Frame) => Frame | Series): Frame;
  /** The rows of the group with these keys, with their labels. */
  getGroup(keys: readonly FrameCell[]): Frame;
  /** How many groups there are. */
  readonly ngroups: number;
  /** By the keys, joined by `-`, the labels of the rows of each group. */
  readonly groups: Readonly<Record<string, RowLabel[]>>;
}
