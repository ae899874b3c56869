import { ByCategory } from "./categories.js";
import { type Cell, GrowingCells } from "./growing-cells.js";
import { colourBy, leftOutNote, numbersAndCategory, type PlotMaker, plottedNumbers } from "./plot-kind.js";

const BINS = 40;

/** How often values of `x` are there; one above the other for each category of `by`. */
export const histogram: PlotMaker = {
  columns: numbersAndCategory(["x"], "by"),
  reducer(options) {
    const { x, by, bins = BINS } = options;
    const all = new GrowingCells();
    const categories = new ByCategory(() => new GrowingCells());
    return {
      add([values, of], rowCount) {
        const numbers = plottedNumbers(values!);
        const forRow = by === undefined ? undefined : categories.rows(of);
        for (let row = 0; row < rowCount; row++) {
          const value = numbers[row]!;
          if (!Number.isFinite(value)) continue;
          all.add(value);
          forRow?.(row)?.add(value);
        }
      },
      spec() {
        const whole = all.cells(bins);
        const parts = by === undefined ? [["", all] as const] : categories.entries();
        return {
          note: leftOutNote(categories.leftOut),
          data: { values: stacked(parts, whole) },
          mark: {
            type: "rect",
            tooltip: true,
            stroke: "white",
            strokeWidth: 0.5,
            ...(by === undefined ? { color: "#3b6ea8" } : {}),
          },
          encoding: {
            x: { field: "from", type: "quantitative", title: x, scale: { zero: false, nice: false } },
            x2: { field: "to" },
            y: { field: "low", type: "quantitative", title: "rows", axis: { tickMinStep: 1 }, scale: { zero: true } },
            y2: { field: "high" },
            ...colourBy(by),
          },
        };
      },
    };
  },
};

/** Counts of each category in the bins of all, each upon those before it. */
function stacked(parts: readonly (readonly [category: string, cells: GrowingCells])[], bins: readonly Cell[]) {
  const [first] = bins;
  if (first === undefined) return [];
  const width = first.to - first.from;
  const heights = new Float64Array(bins.length);
  return parts.flatMap(([category, cells]) => {
    const counts = new Float64Array(bins.length);
    for (const { from, to, count } of cells.cells())
      counts[Math.floor(((from + to) / 2 - first.from) / width)]! += count;
    return bins.flatMap(({ from, to }, index) => {
      const count = counts[index]!;
      const low = heights[index]!;
      heights[index] = low + count;
      return count === 0 ? [] : [{ from, to, low, high: low + count, count, category }];
    });
  });
}
