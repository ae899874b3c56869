/** Cells as a person reads them in a terminal. */
import type {
  ArrayColumn,
  BoolColumn,
  ColumnBatch,
  ColumnData,
  MaskColumn,
  StringColumn,
} from "../../columns/batch.js";
import { rowNumberArray } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { applyByKind, type ByKind } from "../../columns/kinds/by-kind.js";
import { visibleLine } from "../output.js";
import type { TextColumn } from "./text-table.js";

/** Elements of an array that are shown. */
const ELEMENTS = 6;
const NUMERIC: readonly ColumnData["kind"][] = ["long", "double"];

const TEXTS: ByKind<string[]> = {
  long: ({ values }) => Array.from(values, String),
  double: ({ values }) => Array.from(values, String),
  bool: (column) => listed(column),
  string: (column) => listed(column),
  array: (column) => columnValues(column).map((values) => arrayText(values as ArrayColumn["values"])),
  mask: maskTexts,
};

function listed(column: BoolColumn | StringColumn): string[] {
  return columnValues(column).map((value) => visibleLine(String(value)));
}

function arrayText(values: ArrayColumn["values"]): string {
  const first = Array.from(values.subarray(0, ELEMENTS), String).join(", ");
  return values.length > ELEMENTS ? `[${first}, … ${values.length} in all]` : `[${first}]`;
}

function maskTexts({ imageId, w, h }: MaskColumn): string[] {
  return Array.from(imageId, (id, row) => `${w[row]} x ${h[row]} on Image ${id}`);
}

/** The columns of batches of one table, the rows' numbers before them. */
export function batchTexts(batches: readonly ColumnBatch[]): TextColumn[] {
  const [first] = batches;
  if (first === undefined) return [];
  const numbers = batches.flatMap(({ rowNumbers, rowCount }) =>
    Array.from(rowNumberArray(rowNumbers, rowCount), String),
  );
  const columns = first.fields.map(({ name }, index) => ({
    heading: visibleLine(name),
    cells: batches.flatMap(({ columns }) => applyByKind(TEXTS, columns[index]!)),
    isNumeric: NUMERIC.includes(first.columns[index]!.kind),
  }));
  return [{ heading: "", cells: numbers, isNumeric: true }, ...columns];
}
