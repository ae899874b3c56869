/**
 * Frames without a table: `omero2frame/frame`. Importing it loads danfojs: the package danfojs-node where it is installed,
 * else the one that is built into this package.
 */
import { loadDanfojs } from "./danfojs/danfojs.js";
import type { FrameBaseClass } from "./danfojs/frame-base.js";
import { frameClass } from "./frame-class.js";
import { newFrame } from "./frame-content.js";
import { contentOf } from "./methods/join-methods.js";
import { concatTables } from "./operations/concat.js";
import { type MergeOptions, mergeTables } from "./operations/merge.js";
import type { DataFrameClass, DataFrame as Frame, SeriesClass } from "./types/data-frame.js";
import type { Series as Column } from "./types/series.js";

const danfojs = await loadDanfojs();
const Class: FrameBaseClass = frameClass(danfojs);

/** A frame: rows and columns of values, with the methods of danfojs, and of pandas where danfojs lacks them. */
type DataFrame = Frame;
/** Makes a frame of rows, of objects, or of an object of columns. */
const DataFrame = Class as unknown as DataFrameClass;
/** A column of a frame, or a list of values with labels. */
type Series = Column;
/** Makes a series of values. */
const Series = danfojs.Series as unknown as SeriesClass;

export { DataFrame, Series };

/** What is joined, and how. */
export interface MergeArguments extends MergeOptions {
  /** The frame whose columns come first. */
  readonly left: DataFrame;
  /** The other. */
  readonly right: DataFrame;
}

/**
 * Two frames joined by the values of columns that both have; `left.merge(right, options)` is the same.
 * @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * const joined = merge({ left: cells, right: wells, on: ["plate", "well"], how: "left" });
 * ```
 */
export function merge({ left, right, ...options }: MergeArguments): DataFrame {
  return made(mergeTables(contentOf(left, "merge"), contentOf(right, "merge"), options));
}

/** What is put together, and in which direction. */
export interface ConcatArguments {
  /** Frames and series, at least one. */
  readonly dfList: readonly (DataFrame | Series)[];
  /** 0: below each other, the rows numbered anew; 1: side by side, rows put together by their labels. Default 0. */
  readonly axis?: 0 | 1 | undefined;
}

/**
 * Frames below each other or side by side, NaN where one lacks a column or row.
 * @throws ArgumentError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * const all = concat({ dfList: [first, second] });
 * ```
 */
export function concat({ dfList, axis = 0 }: ConcatArguments): DataFrame {
  return made(
    concatTables(
      dfList.map((frame) => contentOf(frame, "concat")),
      axis,
    ),
  );
}

function made(table: Parameters<typeof newFrame>[1]): DataFrame {
  return newFrame(Class, table) as unknown as DataFrame;
}
