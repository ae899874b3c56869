/** The columns of a danfojs DataFrame, without loading danfojs. */
import type { NamedValues } from "../values/columns-source.js";
import { holdsIntegers, type NamedCells } from "./cells/cell-table.js";
import type { FrameBase } from "./danfojs/frame-base.js";
import { frameTable } from "./frame-content.js";

/** What of a danfojs DataFrame is used here. */
export interface FrameLike {
  /** Names of the columns. */
  readonly columns: readonly (string | number)[];
  /** danfojs' names for their types. */
  readonly dtypes: readonly string[];
  /** Labels of the rows. */
  readonly index: readonly (string | number)[];
}

export function isFrame(source: object): source is FrameLike {
  return "$getColumnData" in source && "$dtypes" in source && "$columns" in source;
}

export function frameColumns(frame: FrameLike): NamedValues[] {
  const { columns } = frameTable(frame as unknown as FrameBase);
  return columns.map((column) => ({
    name: String(column.name),
    values: column.cells.list as NamedValues["values"],
    hint: hintOf(column),
  }));
}

/** danfojs calls columns of mixed values "string"; whole numbers in a "float32" column are floating-point ones. */
function hintOf(column: NamedCells): NamedValues["hint"] {
  if (column.type === "float32") return holdsIntegers(column) ? undefined : "float";
  return column.type === "string" ? "text" : undefined;
}
