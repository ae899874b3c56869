/** Methods of frames that give some of their rows, or put them in order. */
import { ArgumentError } from "../../../errors.js";
import { type CellTable, namesGiven } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import { rowsUpTo } from "../cells/numbers.js";
import { sharedTable, takeTable } from "../cells/take-cells.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { frameTable, resultOf } from "../frame-content.js";
import { rowsWithoutDuplicates } from "../operations/duplicates.js";
import { columnsByLabel, columnsByPosition, maskedRows, rowsByLabel, rowsByPosition } from "../operations/places.js";
import { sampledRows } from "../operations/sample.js";
import { sortedRows } from "../operations/sort.js";
import type { DropDuplicatesOptions, FrameSortOptions, Places } from "../types/data-frame.js";
import type { AscendingOption, InPlaceOption } from "../types/series.js";

const USUAL_ROWS = 5;

function taken(frame: FrameBase, rows: Int32Array, inplace?: boolean): FrameBase | undefined {
  return resultOf(frame, takeTable(frameTable(frame), rows), inplace);
}

function span(start: number, stop: number): Int32Array {
  return rowsUpTo(Math.max(start, stop)).subarray(start);
}

/** As in pandas, a negative number leaves out so many. */
function rowsCounted(frame: FrameBase, rows: number): number {
  const [rowCount] = frame.shape as [number];
  if (Number.isInteger(rows)) return rows < 0 ? Math.max(0, rowCount + rows) : Math.min(rows, rowCount);
  throw new ArgumentError("INVALID_ARGUMENT", `The number of rows must be an integer; found ${rows}`);
}

export const rowMethods = {
  head(this: FrameBase, rows = USUAL_ROWS) {
    return taken(this, span(0, rowsCounted(this, rows)));
  },

  tail(this: FrameBase, rows = USUAL_ROWS) {
    const [rowCount] = this.shape as [number];
    return taken(this, span(rowCount - rowsCounted(this, rows), rowCount));
  },

  async sample(this: FrameBase, rows = USUAL_ROWS, { seed = 1 }: { seed?: number } = {}) {
    return taken(this, sampledRows(this.shape[0]!, rows, seed));
  },

  iloc(this: FrameBase, { rows, columns }: Places<number | string> = {}) {
    const table = frameTable(this);
    const chosen = { ...table, columns: columnsByPosition(table, columns) };
    return resultOf(this, takeTable(chosen, rowsByPosition(table, rows)));
  },

  loc(this: FrameBase, { rows, columns }: Places<string> = {}) {
    const table = frameTable(this);
    const chosen = { ...table, columns: columnsByLabel(table, columns) };
    return resultOf(this, takeTable(chosen, rowsByLabel(table, rows)));
  },

  query(this: FrameBase, mask: unknown, { inplace }: InPlaceOption = {}) {
    return taken(this, maskedRows(mask, this.shape[0]!, "query"), inplace);
  },

  copy(this: FrameBase) {
    return resultOf(this, sharedTable(frameTable(this)));
  },

  sortValues(this: FrameBase, by: string | readonly string[], options: FrameSortOptions = {}) {
    const { ascending = true, inplace } = options;
    return taken(this, sortedRows(frameTable(this), namesGiven(by, "sortValues"), ascending), inplace);
  },

  sortIndex(this: FrameBase, { ascending = true, inplace }: AscendingOption & InPlaceOption = {}) {
    const { index } = frameTable(this);
    const type = index.numbers === undefined ? "string" : "float32";
    const labels: CellTable = { columns: [{ name: "index", cells: index, type }], index };
    return taken(this, sortedRows(labels, ["index"], ascending), inplace);
  },

  dropDuplicates(this: FrameBase, { subset, keep = "first", inplace }: DropDuplicatesOptions = {}) {
    const table = frameTable(this);
    const names = subset === undefined ? this.$columns : namesGiven(subset, "dropDuplicates");
    return taken(this, rowsWithoutDuplicates(table, names, keep), inplace);
  },

  resetIndex(this: FrameBase, { inplace }: InPlaceOption = {}) {
    const { columns, index } = sharedTable(frameTable(this));
    return resultOf(this, { columns, index: Cells.upTo(index.length) }, inplace);
  },
};
