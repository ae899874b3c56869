/** Methods of frames that add, remove or rename columns. */
import { ArgumentError } from "../../../errors.js";
import { columnNamed, namesGiven, type RowLabel } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import { rowsWhere } from "../cells/numbers.js";
import { sharedTable, takeTable } from "../cells/take-cells.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { cellsOfValues, frameTable, resultOf } from "../frame-content.js";
import { rowsByLabel } from "../operations/places.js";
import type { AxisOption } from "../types/data-frame.js";
import type { InPlaceOption } from "../types/series.js";

function placeOf(frame: FrameBase, at: number | string): number {
  return typeof at === "number" ? at : frame.$columns.indexOf(columnNamed(frameTable(frame), at, "addColumn").name);
}

interface DropOptions extends InPlaceOption {
  readonly columns?: string | readonly string[];
  readonly index?: readonly RowLabel[];
}

export const columnMethods = {
  addColumn(
    this: FrameBase,
    name: string,
    values: unknown,
    options: InPlaceOption & { atIndex?: number | string } = {},
  ) {
    namesGiven(name, "addColumn");
    const { columns, index } = options.inplace ? frameTable(this) : sharedTable(frameTable(this));
    const column = cellsOfValues(values, name, this.$columns.length === 0 ? lengthOf(values) : index.length);
    const others = columns.filter((other) => other.name !== name);
    const isNew = others.length === columns.length;
    const at = placeOf(this, options.atIndex ?? (isNew ? columns.length : this.$columns.indexOf(name)));
    const labels = index.length === column.cells.length ? index : Cells.upTo(column.cells.length);
    return resultOf(this, { columns: others.toSpliced(at, 0, column), index: labels }, options.inplace);
  },

  drop(this: FrameBase, { columns, index, inplace }: DropOptions = {}) {
    if (columns === undefined && index === undefined) {
      throw new ArgumentError("INVALID_ARGUMENT", "drop: say what to drop, by columns or index");
    }
    const table = frameTable(this);
    const dropped = columns === undefined ? [] : namesGiven(columns, "drop");
    for (const name of dropped) columnNamed(table, name, "drop");
    const kept = { ...table, columns: table.columns.filter(({ name }) => !dropped.includes(name)) };
    const gone = new Set(index === undefined ? [] : rowsByLabel(table, index));
    const rows = rowsWhere(table.index.length, (row) => !gone.has(row));
    return resultOf(this, takeTable(kept, rows), inplace);
  },

  rename(this: FrameBase, names: Readonly<Record<string, RowLabel>>, options: AxisOption & InPlaceOption = {}) {
    const { axis = 1, inplace } = options;
    const renamed = (label: RowLabel) => (Object.hasOwn(names, label) ? names[label]! : label);
    const table = inplace ? frameTable(this) : sharedTable(frameTable(this));
    if (axis === 0)
      return resultOf(
        this,
        { ...table, index: Cells.of(table.index.list.map((label) => renamed(label as RowLabel))) },
        inplace,
      );
    const columns = table.columns.map((column) => ({ ...column, name: String(renamed(column.name)) }));
    if (new Set(columns.map(({ name }) => name)).size < columns.length) {
      throw new ArgumentError("INVALID_ARGUMENT", "rename: two columns would have the same name");
    }
    return resultOf(this, { ...table, columns }, inplace);
  },
};

function lengthOf(values: unknown): number {
  const list = (values as { values?: unknown[] }).values ?? (values as unknown[]);
  return list.length;
}
