/** Cells as the page shows them: text, int64 in full. */
import type { ArrayColumn, BoolColumn, ColumnData, StringColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { applyByKind, type ByKind } from "../../columns/kinds/by-kind.js";

const TEXTS: ByKind<string[]> = {
  long: ({ values }) => Array.from(values, String),
  double: ({ values }) => Array.from(values, (value) => (Number.isNaN(value) ? "" : String(value))),
  bool: (column) => columnValues(column satisfies BoolColumn).map(String),
  string: (column) => columnValues(column satisfies StringColumn) as string[],
  array: (column) =>
    columnValues(column satisfies ArrayColumn).map((values) => `[${(values as Float64Array).join(", ")}]`),
  mask: ({ imageId, w, h }) => Array.from(imageId, (id, row) => `${w[row]} x ${h[row]} on Image ${id}`),
};

export function shownCells(column: ColumnData): string[] {
  return applyByKind(TEXTS, column);
}
