/** What of danfojs is used here: its classes, and the fields in which its frames keep their content. */
import type { RowLabel } from "../cells/cell-table.js";
import type { FrameCell } from "../cells/frame-cell.js";
import type { Series } from "../types/series.js";

/** A frame of danfojs. Fields with a `$` are its own. */
export interface FrameBase {
  $data: FrameCell[][];
  $dataIncolumnFormat: FrameCell[][];
  $index: RowLabel[];
  $columns: string[];
  $dtypes: string[];
  /** Columns that "float32" stands for integers in; only frames made here have it. */
  $wide?: ReadonlySet<string> | undefined;
  /** The danfojs that the class of a frame made here is for. */
  readonly $danfojs?: Danfojs;
  readonly columns: string[];
  readonly dtypes: string[];
  readonly index: RowLabel[];
  readonly shape: number[];
  readonly values: FrameCell[][];
  readonly getColumnData: FrameCell[][];
  $getColumnData(column: string, returnSeries?: boolean): unknown;
  $setColumnData(column: string, values: unknown): void;
  $setInternalColumnDataProperty(column?: string): void;
}

interface BaseInit {
  readonly index?: RowLabel[] | undefined;
  readonly columns?: string[] | undefined;
  readonly dtypes?: string[] | undefined;
  readonly config?: object | undefined;
}

export type FrameBaseClass = new (data?: unknown, options?: BaseInit) => FrameBase;
export type SeriesBaseClass = new (data?: unknown, options?: BaseInit) => Series;

/** The module danfojs-node. */
export interface Danfojs {
  readonly DataFrame: FrameBaseClass;
  readonly Series: SeriesBaseClass;
}
