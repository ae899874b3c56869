/** The columns of a danfojs DataFrame, without loading danfojs. */
import type { NamedValues } from "../values/columns-source.js";
import type { Values } from "../values/value-columns.js";

/** What of a danfojs DataFrame is used here. */
export interface FrameLike {
  readonly columns: readonly (string | number)[];
  readonly dtypes: readonly string[];
  readonly index: readonly (string | number)[];
  readonly $getColumnData?: (column: string, returnSeries: boolean) => unknown;
}

export function isFrame(source: object): source is FrameLike {
  return "$getColumnData" in source && "$dtypes" in source && "$columns" in source;
}

export function frameColumns(frame: FrameLike): NamedValues[] {
  return frame.columns.map((column, index) => ({
    name: String(column),
    values: frame.$getColumnData!(column as string, false) as Values,
    hint: hintOf(frame.dtypes[index]),
  }));
}

/** danfojs calls columns of mixed values "string"; whole numbers in a "float32" column are floating-point ones. */
function hintOf(dtype: string | undefined): NamedValues["hint"] {
  if (dtype === "float32") return "float";
  return dtype === "string" ? "text" : undefined;
}
