/** What every kind of plot is made of: rows are reduced while they come, and a picture is made of what is left of them. */
import type { ColumnBatch, ColumnData, ColumnField } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { invalidArgument } from "../../errors.js";
import type { WellPlace } from "../../gateway/names/well-name.js";
import type { ByCategory } from "./categories.js";

/** A Vega-Lite specification, or a part of one. */
export type Spec = Readonly<Record<string, unknown>>;

/** Which columns are plotted, and how. */
export interface PlotOptions {
  /** What is plotted. */
  readonly kind: PlotKind;
  /** Column along the x axis: numbers; of `box`, `strip` the categories; of `plate` the wells: their names ("A1") or, in a column of type Well, ids, whose places are asked from the server. */
  readonly x?: string | undefined;
  /** Column along the y axis; of `plate` the values of the wells. */
  readonly y?: string | undefined;
  /** Column of categories, each of which has a colour or a line of its own. */
  readonly by?: string | undefined;
  /** Columns of `correlation`. Default: the first 20 of numbers. */
  readonly columns?: readonly string[] | undefined;
  /** Classes of a histogram, about. Default 40. */
  readonly bins?: number | undefined;
}

/** What can be drawn. */
export type PlotKind = "histogram" | "scatter" | "box" | "strip" | "line" | "correlation" | "plate";

/** Takes rows, of which it keeps a bounded part, and makes a picture. */
export interface PlotReducer {
  /** @param columns those asked for, in the order asked for */
  add(columns: readonly ColumnData[], rowCount: number): void;
  /** Finds out what the rows do not tell, when all were taken. */
  finish?(findWells: FindWells): Promise<void>;
  /** Layers of marks with their data, in a plane of so many pixels. */
  spec(size: PlotSize): Spec;
}

/** A well as the server knows it. */
export interface FoundWell extends WellPlace {
  readonly plateId: bigint;
}

/** Finds wells by their ids, as far as they are there. @throws ArgumentError `INVALID_ARGUMENT` where there is no server to ask */
export type FindWells = (ids: readonly bigint[]) => Promise<ReadonlyMap<bigint, FoundWell>>;

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** A kind of plot. */
export interface PlotMaker {
  /** Columns that it needs. @throws ArgumentError `INVALID_ARGUMENT` for those that options lack */
  columns(options: PlotOptions, fields: readonly ColumnField[]): string[];
  reducer(options: PlotOptions, fields: readonly ColumnField[]): PlotReducer;
}

/** The column that an option names. @throws ArgumentError `INVALID_ARGUMENT` where it names none */
export function neededColumn(options: PlotOptions, option: "x" | "y" | "by"): string {
  const name = options[option];
  if (name !== undefined) return name;
  throw invalidArgument(`a plot of kind ${options.kind} needs ${option}: the name of a column`);
}

const NUMERIC: readonly string[] = ["long", "double", "bool"];

export function holdsNumbers({ type }: ColumnField): boolean {
  return NUMERIC.includes(columnKind(type));
}

/** @throws ArgumentError `INVALID_ARGUMENT` for a column that holds no numbers */
export function numericColumn(fields: readonly ColumnField[], name: string, kind: PlotKind): string {
  const field = fields.find((one) => one.name === name);
  if (field === undefined || holdsNumbers(field)) return name;
  throw invalidArgument(`column "${name}" holds ${field.type}, no numbers, which a plot of kind ${kind} needs there`, {
    column: name,
  });
}

/** A column's cells as numbers. */
export function plottedNumbers(column: ColumnData): ArrayLike<number> {
  if (column.kind === "double" || column.kind === "bool") return column.values;
  return column.kind === "long" ? numbersOf(column.values) : [];
}

function numbersOf(values: BigInt64Array): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) numbers[row] = Number(values[row]);
  return numbers;
}

/** Columns of a batch by their names. */
export function columnsNamed(batch: ColumnBatch, names: readonly string[]): ColumnData[] {
  return names.map((name) => batch.columns[batch.fields.findIndex((field) => field.name === name)]!);
}

/** What to say below the title of categories that are not shown. */
export function leftOutNote(leftOut: number): string {
  return leftOut === 0 ? "" : `${leftOut.toLocaleString("en")} rows of further categories are not shown`;
}

/** What to say below the title: the notes that there are. */
export function joinedNotes(...notes: readonly (string | undefined)[]): string {
  return notes.filter(Boolean).join("; ");
}

/** The columns of numbers along `axes`, then that of categories where it is named. */
export function numbersAndCategory(
  axes: readonly ("x" | "y")[],
  category: "x" | "by",
): (options: PlotOptions, fields: readonly ColumnField[]) => string[] {
  return (options, fields) => {
    const numbers = axes.map((axis) => numericColumn(fields, neededColumn(options, axis), options.kind));
    const of = options[category];
    return of === undefined ? numbers : [...numbers, of];
  };
}

/** Adds each number to what stands for its category. */
export function addByCategory(
  categories: ByCategory<{ add(value: number): void }>,
  values: ColumnData,
  of: ColumnData | undefined,
  rowCount: number,
): void {
  const [numbers, forRow] = [plottedNumbers(values), categories.rows(of)];
  for (let row = 0; row < rowCount; row++) {
    if (Number.isFinite(numbers[row]!)) forRow(row)?.add(numbers[row]!);
  }
}

/** Categories along the x axis, in their order; one without a name is not labelled. */
export function categoryAxis(order: readonly string[], title: string | undefined): Spec {
  const isNamed = title !== undefined;
  return {
    field: "category",
    type: "nominal",
    sort: order,
    title: title ?? null,
    axis: { labelAngle: order.length > 8 ? -45 : 0, ticks: isNamed, labels: isNamed },
  };
}

/** A colour for each category of `by`, where it is named. */
export function colourBy(by: string | undefined): Spec {
  return by === undefined ? {} : { color: { field: "category", type: "nominal", title: by } };
}
