/** A frame's content as a table of cells, and back. */
import { ArgumentError } from "../../errors.js";
import type { CellTable, FrameCell, FrameType, NamedCells, RowLabel } from "./cells/cell-table.js";
import { isMissing } from "./cells/cell-table.js";
import type { FrameBase, FrameBaseClass } from "./danfojs/frame-base.js";
import type { Series } from "./types/series.js";

/** The content of a frame; its arrays are the frame's own. */
export function frameTable(frame: FrameBase): CellTable {
  const data = frame.getColumnData;
  frame.$wide ??= wideColumns(frame, data);
  const columns = frame.$columns.map((name, at): NamedCells => {
    const type = frame.$dtypes[at] as FrameType;
    return { name, cells: data[at] ?? [], type, isWide: type !== "int32" && frame.$wide!.has(name) };
  });
  return { columns, index: frame.$index };
}

/** danfojs does not tell integers beyond 32 bits from other numbers: they are taken for such where all are whole and one is beyond. */
function wideColumns(frame: FrameBase, data: readonly FrameCell[][]): Set<string> {
  return new Set(frame.$columns.filter((_, at) => frame.$dtypes[at] === "float32" && isWideInteger(data[at] ?? [])));
}

function isWideInteger(cells: readonly FrameCell[]): boolean {
  return cells.every((cell) => Number.isSafeInteger(cell)) && cells.some((cell) => ((cell as number) | 0) !== cell);
}

/** In a frame's `$data`, until something asks for its rows. */
export const ROWS_TO_BE_MADE: FrameCell[][] = [];

/** Puts a content, which nothing else holds, into a frame. */
export function setTable(frame: FrameBase, { columns, index }: CellTable): void {
  frame.$columns = columns.map(({ name }) => name);
  frame.$dtypes = columns.map(({ type }) => type);
  frame.$index = index as FrameBase["$index"];
  frame.$wide = new Set(columns.filter(({ isWide }) => isWide === true).map(({ name }) => name));
  frame.$dataIncolumnFormat = columns.map(({ cells }) => cells);
  frame.$data = ROWS_TO_BE_MADE;
  frame.$setInternalColumnDataProperty();
}

export function newFrame(Frame: FrameBaseClass, table: CellTable): FrameBase {
  const frame = new Frame([]);
  setTable(frame, table);
  return frame;
}

/** What an operation on a frame gives: a new frame, or nothing where it changes the frame itself. */
export function resultOf(frame: FrameBase, table: CellTable, inplace = false): FrameBase | undefined {
  if (!inplace) return newFrame(frame.constructor as FrameBaseClass, table);
  setTable(frame, table);
  return undefined;
}

/** A series of danfojs. It could not be made of bigints or lists; so the values are put in afterwards. */
export function seriesLike(
  frame: FrameBase,
  cells: readonly FrameCell[],
  index: readonly RowLabel[],
  name = "0",
  type?: FrameType,
): Series {
  const { Series } = frame.$danfojs!;
  const series = new Series([], { columns: [name], dtypes: [type ?? typeOfCells(cells).type] });
  return Object.assign(series, { $data: cells, $dataIncolumnFormat: cells, $index: index });
}

export interface SeriesLike {
  readonly values: FrameCell[];
  readonly index: readonly RowLabel[];
  readonly columns: readonly string[] | string;
  readonly dtypes: readonly string[];
}

export function isSeries(value: unknown): value is SeriesLike {
  return typeof value === "object" && value !== null && (value as { $isSeries?: unknown }).$isSeries === true;
}

/** A series or list as a column. @throws ArgumentError `INVALID_ARGUMENT` */
export function cellsOfValues(values: unknown, name: string, rowCount: number): NamedCells {
  const given = isSeries(values) ? values.values : values;
  if (!Array.isArray(given)) {
    throw new ArgumentError("INVALID_ARGUMENT", `Column "${name}": give a Series or a list of values`, {
      column: name,
    });
  }
  if (given.length !== rowCount) {
    const message = `Column "${name}": there are ${given.length} values for ${rowCount} rows; give one a row`;
    throw new ArgumentError("INVALID_ARGUMENT", message, { column: name });
  }
  const cells: FrameCell[] = given.slice();
  return { name, cells, ...typeOfCells(cells) };
}

/** danfojs' name for the type of values. */
export function typeOfCells(cells: readonly FrameCell[]): Pick<NamedCells, "type" | "isWide"> {
  if (cells.every((cell) => typeof cell === "number" || isMissing(cell))) {
    if (cells.length > 0 && cells.every((cell) => ((cell as number) | 0) === cell)) return { type: "int32" };
    return { type: "float32", isWide: cells.length > 0 && isWideInteger(cells) };
  }
  return { type: cells.every((cell) => typeof cell === "boolean") ? "boolean" : "string" };
}

/** One array a row. Copying a row of the right kinds is the quickest way to an array of the right size. */
export function rowsOf(columns: readonly FrameCell[][], rowCount: number): FrameCell[][] {
  const model = columns.map((column): FrameCell => (typeof column[0] === "number" ? 0.5 : column[0]!));
  const rows: FrameCell[][] = [];
  for (let index = 0; index < rowCount; index++) {
    const row = model.slice();
    for (let at = 0; at < columns.length; at++) row[at] = columns[at]![index]!;
    rows.push(row);
  }
  return rows;
}
