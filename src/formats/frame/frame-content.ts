/** A frame's content as a table of cells, and back. */
import { ArgumentError } from "../../errors.js";
import { type CellTable, type FrameType, isMissing, type NamedCells, type RowLabel } from "./cells/cell-table.js";
import { Cells } from "./cells/cells.js";
import type { FrameCell } from "./cells/frame-cell.js";
import type { FrameBase, FrameBaseClass } from "./danfojs/frame-base.js";
import { heldCells, heldLabels, holdTable } from "./frame-fields.js";
import type { Series } from "./types/series.js";

/** The content of a frame; its cells are the frame's own. */
export function frameTable(frame: FrameBase): CellTable {
  const held = heldCells(frame);
  const all = frame.$columns.map((_, at) => held[at] ?? Cells.of([]));
  frame.$wide ??= wideColumns(frame, all);
  const columns = frame.$columns.map((name, at): NamedCells => {
    const type = frame.$dtypes[at] as FrameType;
    return { name, cells: all[at]!, type, isWide: type !== "int32" && frame.$wide!.has(name) };
  });
  return { columns, index: heldLabels(frame) };
}

/** danfojs does not tell integers beyond 32 bits from other numbers: they are taken for such where all are whole and one is beyond. */
function wideColumns(frame: FrameBase, cells: readonly Cells[]): Set<string> {
  const isWide = (numbers: Float64Array | undefined) => numbers !== undefined && isWideInteger(numbers);
  return new Set(frame.$columns.filter((_, at) => frame.$dtypes[at] === "float32" && isWide(cells[at]!.numbers)));
}

function isWideInteger(numbers: Float64Array): boolean {
  return numbers.every((number) => Number.isSafeInteger(number)) && !areNarrow(numbers);
}

/** Whether they are integers of 32 bits. */
function areNarrow(numbers: Float64Array): boolean {
  return numbers.every((number) => (number | 0) === number);
}

/** Puts a content, which nothing else holds, into a frame. */
export function setTable(frame: FrameBase, { columns, index }: CellTable): void {
  frame.$columns = columns.map(({ name }) => name);
  frame.$dtypes = columns.map(({ type }) => type);
  frame.$wide = new Set(columns.filter(({ isWide }) => isWide === true).map(({ name }) => name));
  holdTable(
    frame,
    columns.map(({ cells }) => cells),
    index,
  );
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
  const series = new Series([], {
    columns: [name],
    dtypes: [type ?? typeOfCells(Cells.lent(cells as FrameCell[])).type],
  });
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
  const cells = Cells.lent(given).copy();
  return { name, cells, ...typeOfCells(cells) };
}

/** danfojs' name for the type of values. */
export function typeOfCells({ numbers, list }: Pick<Cells, "numbers" | "list">): Pick<NamedCells, "type" | "isWide"> {
  if (numbers !== undefined) {
    if (numbers.length === 0 || !areNarrow(numbers))
      return { type: "float32", isWide: numbers.length > 0 && isWideInteger(numbers) };
    return { type: "int32" };
  }
  if (list.every((cell) => typeof cell === "number" || isMissing(cell))) return { type: "float32", isWide: false };
  return { type: list.every((cell) => typeof cell === "boolean") ? "boolean" : "string" };
}
