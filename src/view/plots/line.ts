import { ByCategory } from "./categories.js";
import { GrowingCells } from "./growing-cells.js";
import { colourBy, leftOutNote, numbersAndCategory, type PlotMaker, plottedNumbers } from "./plot-kind.js";

/** Points of a line. */
const MOST_POINTS = 512;

/** The mean of `y` along `x`, a line for each category of `by`. */
export const line: PlotMaker = {
  columns: numbersAndCategory(["x", "y"], "by"),
  reducer({ x: xName, y: yName, by }) {
    const lines = new ByCategory(() => ({ y: new GrowingCells(), x: new GrowingCells() }));
    return {
      add([xs, ys, of], rowCount) {
        const [x, y, forRow] = [plottedNumbers(xs!), plottedNumbers(ys!), lines.rows(of)];
        for (let row = 0; row < rowCount; row++) {
          const [at, value] = [x[row]!, y[row]!];
          if (!Number.isFinite(at) || !Number.isFinite(value)) continue;
          const cells = forRow(row);
          cells?.y.add(at, value);
          cells?.x.add(at, at);
        }
      },
      spec() {
        const values = lines.entries().flatMap(([category, cells]) => {
          const places = cells.x.cells(MOST_POINTS);
          return cells.y
            .cells(MOST_POINTS)
            .flatMap(({ count, sum }, index) =>
              count === 0 ? [] : [{ x: places[index]!.sum / count, y: sum / count, category }],
            );
        });
        return {
          note: leftOutNote(lines.leftOut),
          data: { values },
          mark: { type: "line", point: values.length <= 40, strokeWidth: 1.5, tooltip: true },
          encoding: {
            x: { field: "x", type: "quantitative", title: xName, scale: { zero: false, nice: false } },
            y: { field: "y", type: "quantitative", title: `mean ${yName}`, scale: { zero: false } },
            ...colourBy(by),
          },
        };
      },
    };
  },
};
