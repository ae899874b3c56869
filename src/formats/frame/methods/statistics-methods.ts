/** Methods of frames for statistics, and for what values there are. */
import type { CellTable } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { frameTable, resultOf, seriesLike } from "../frame-content.js";
import { type IsinValues, membership } from "../operations/duplicates.js";
import { columnsOfNumbers, correlations, countsOfDifferent, quantiles } from "../operations/statistics.js";

/** A frame of floating-point numbers by row. */
function numbersTable(
  names: readonly string[],
  rows: readonly number[][],
  index: readonly (string | number)[],
): CellTable {
  const columns = names.map((name, at) => ({
    name,
    cells: Cells.of(rows.map((row) => row[at]!)),
    type: "float32" as const,
  }));
  return { columns, index: Cells.of([...index]) };
}

export const statisticsMethods = {
  quantile(this: FrameBase, q: number | readonly number[] = 0.5) {
    const table = frameTable(this);
    const names = columnsOfNumbers(table).map(({ name }) => name);
    if (typeof q === "number") return seriesLike(this, quantiles(table, [q])[0]!, names, String(q), "float32");
    return resultOf(this, numbersTable(names, quantiles(table, q), q));
  },

  corr(this: FrameBase) {
    const table = frameTable(this);
    const names = columnsOfNumbers(table).map(({ name }) => name);
    return resultOf(this, numbersTable(names, correlations(table), names));
  },

  nunique(this: FrameBase, { dropna = true }: { dropna?: boolean } = {}) {
    return seriesLike(this, countsOfDifferent(frameTable(this), dropna), [...this.$columns], "nunique", "int32");
  },

  isin(this: FrameBase, values: IsinValues | { readonly values: IsinValues; readonly $isSeries: true }) {
    return resultOf(
      this,
      membership(frameTable(this), "$isSeries" in values ? (values.values as IsinValues) : (values as IsinValues)),
    );
  },
};
