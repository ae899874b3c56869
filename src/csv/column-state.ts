/** What is known of a column's cells, apart from their values: to go on with it elsewhere, and to put together what parts of a file showed. */
import { CellColumn } from "./cell-column.js";

const SEEN = ["sawMissing", "sawInteger", "sawFraction", "sawBool"] as const;

export type ColumnState = Readonly<
  Pick<CellColumn, "name" | "kind" | "fixed" | "storing" | "onlyBools" | "width" | (typeof SEEN)[number]>
>;

export function stateOf({ name, kind, fixed, storing, onlyBools, width, ...column }: CellColumn): ColumnState {
  const { sawMissing, sawInteger, sawFraction, sawBool } = column;
  return { name, kind, fixed, storing, onlyBools, width, sawMissing, sawInteger, sawFraction, sawBool };
}

/** A column that goes on from `state`, for chunks of `chunkRows` rows. */
export function columnFrom(state: ColumnState, chunkRows: number): CellColumn {
  const { name, storing, kind, fixed } = state;
  const column = new CellColumn(name, chunkRows, storing, kind, fixed);
  column.width = state.width;
  column.onlyBools = state.onlyBools;
  for (const seen of SEEN) column[seen] = state[seen];
  column.renew();
  return column;
}

/** Adds what another part of the file showed of the column, which is of the same kind there. */
export function include(column: CellColumn, state: ColumnState): void {
  column.width = Math.max(column.width, state.width);
  column.onlyBools &&= state.onlyBools;
  for (const seen of SEEN) column[seen] ||= state[seen];
}
