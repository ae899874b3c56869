/**
 * The fields in which danfojs keeps a frame's content: lists by column, lists by row, and labels. Frames made here hold
 * {@link Cells}; the lists are made of them when something asks for a field, and are then what the frame holds.
 */
import type { RowLabel } from "./cells/cell-table.js";
import { Cells } from "./cells/cells.js";
import type { FrameCell } from "./cells/frame-cell.js";
import type { FrameBase } from "./danfojs/frame-base.js";

interface Held {
  columns: readonly Cells[];
  labels: Cells;
  /** `$dataIncolumnFormat`, once made or given. */
  lists?: FrameCell[][] | undefined;
  /** `$index`, once made or given. */
  index?: RowLabel[] | undefined;
  /** `$data`, once made or given. */
  rows?: FrameCell[][] | undefined;
}

const heldByFrames = new WeakMap<FrameBase, Held>();

function heldBy(frame: FrameBase): Held {
  let held = heldByFrames.get(frame);
  if (held === undefined) {
    held = { columns: [], labels: Cells.of([]), rows: [] };
    heldByFrames.set(frame, held);
  }
  return held;
}

/** Makes a frame hold cells, which nothing else holds. */
export function holdTable(frame: FrameBase, columns: readonly Cells[], labels: Cells): void {
  heldByFrames.set(frame, { columns, labels });
}

/** The columns of any frame of danfojs. */
export function heldCells(frame: FrameBase): readonly Cells[] {
  const held = heldByFrames.get(frame);
  if (held === undefined || held.lists !== undefined) return frame.getColumnData.map((list) => Cells.lent(list));
  return held.columns;
}

/** The labels of any frame of danfojs. */
export function heldLabels(frame: FrameBase): Cells {
  const held = heldByFrames.get(frame);
  return held === undefined || held.index !== undefined ? Cells.lent(frame.$index) : held.labels;
}

/** Members of a frame made here, in place of fields. */
export const fieldMembers = {
  get $dataIncolumnFormat(): FrameCell[][] {
    const held = heldBy(this as unknown as FrameBase);
    held.lists ??= held.columns.map((cells) => cells.lend());
    return held.lists;
  },
  set $dataIncolumnFormat(lists: FrameCell[][]) {
    heldBy(this as unknown as FrameBase).lists = lists;
  },
  get $index(): RowLabel[] {
    const held = heldBy(this as unknown as FrameBase);
    held.index ??= held.labels.lend() as RowLabel[];
    return held.index;
  },
  set $index(index: RowLabel[]) {
    heldBy(this as unknown as FrameBase).index = index;
  },
  get $data(): FrameCell[][] {
    const frame = this as unknown as FrameBase;
    const held = heldBy(frame);
    held.rows ??= rowsOf(heldCells(frame), heldLabels(frame).length);
    return held.rows;
  },
  set $data(rows: FrameCell[][]) {
    heldBy(this as unknown as FrameBase).rows = rows;
  },
  get shape(): number[] {
    const frame = this as unknown as FrameBase;
    const { rows } = heldBy(frame);
    if (rows === undefined) return [heldLabels(frame).length, frame.$columns.length];
    return [rows.length, rows[0]?.length ?? frame.$columns.length];
  },
};

/** One array a row. Copying a row of the right kinds is the quickest way to an array of the right size. */
function rowsOf(columns: readonly Cells[], rowCount: number): FrameCell[][] {
  const values = columns.map((cells) => cells.numbers ?? cells.list);
  const model = values.map((column): FrameCell => (typeof column[0] === "number" ? 0.5 : column[0]!));
  const rows: FrameCell[][] = [];
  for (let index = 0; index < rowCount; index++) {
    const row = model.slice();
    for (let at = 0; at < values.length; at++) row[at] = values[at]![index]!;
    rows.push(row);
  }
  return rows;
}
