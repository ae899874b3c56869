/** Methods of frames that put them together, or their rows into groups. */
import { ArgumentError } from "../../../errors.js";
import { type CellTable, namesGiven } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { isFrame } from "../frame-columns.js";
import { frameTable, isSeries, resultOf, typeOfCells } from "../frame-content.js";
import { RowGroups } from "../operations/group-rows.js";
import { type MergeOptions, mergeTables } from "../operations/merge.js";
import { FrameGroups } from "./frame-groups.js";

/** The content of any frame of danfojs, or of a series as a column. @throws ArgumentError `INVALID_ARGUMENT` */
export function contentOf(given: unknown, what: string): CellTable {
  if (isSeries(given)) {
    const name = String(typeof given.columns === "string" ? given.columns : given.columns[0]);
    const cells = Cells.lent(given.values);
    return { columns: [{ name, cells, ...typeOfCells(cells) }], index: Cells.lent([...given.index]) };
  }
  if (typeof given === "object" && given !== null && isFrame(given)) return frameTable(given as unknown as FrameBase);
  throw new ArgumentError("INVALID_ARGUMENT", `${what}: give a DataFrame`);
}

export const joinMethods = {
  merge(this: FrameBase, right: unknown, options: MergeOptions = {}) {
    return resultOf(this, mergeTables(frameTable(this), contentOf(right, "merge"), options));
  },

  groupby(this: FrameBase, by: string | readonly string[]) {
    const table = frameTable(this);
    return new FrameGroups(this, table, new RowGroups(table, namesGiven(by, "groupby")));
  },
};
