import { ByCategory, CategoryNames } from "./categories.js";
import { hexagons } from "./hexagons.js";
import {
  colourBy,
  joinedNotes,
  leftOutNote,
  numbersAndCategory,
  type PlotMaker,
  plottedNumbers,
  type Spec,
} from "./plot-kind.js";
import { PointGrid } from "./point-grid.js";

/** Points that are drawn one by one; of more, hexagons tell how many there are. */
const MOST_POINTS = 3000;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly category: string;
}

/** Points of `x` and `y`, coloured by `by`; where they are many, hexagons that tell how many there are. */
export const scatter: PlotMaker = {
  columns: numbersAndCategory(["x", "y"], "by"),
  reducer({ x: xName, y: yName, by }) {
    const points: Point[] = [];
    const grid = new PointGrid();
    const names = new CategoryNames();
    const known = new ByCategory(() => true);
    return {
      add([xs, ys, of], rowCount) {
        const [xNumbers, yNumbers] = [plottedNumbers(xs!), plottedNumbers(ys!)];
        const [isKnown, nameOf] = [known.rows(of), names.of(of)];
        for (let row = 0; row < rowCount; row++) {
          const [x, y] = [xNumbers[row]!, yNumbers[row]!];
          if (!Number.isFinite(x) || !Number.isFinite(y) || !isKnown(row)) continue;
          grid.add(x, y);
          if (points.length <= MOST_POINTS) points.push({ x, y, category: nameOf(row) });
        }
      },
      spec(size) {
        const axis = (field: string, title: string | undefined, more: Spec = {}) => ({
          field,
          type: "quantitative",
          title,
          scale: { zero: false, ...more },
        });
        if (points.length <= MOST_POINTS) {
          return {
            note: leftOutNote(known.leftOut),
            data: { values: points },
            mark: { type: "point", filled: true, size: 24, opacity: 0.6, tooltip: true },
            encoding: {
              x: axis("x", xName),
              y: axis("y", yName),
              ...colourBy(by),
            },
          };
        }
        const { values, symbolSize, xDomain, yDomain } = hexagons(grid.cells(), size);
        return {
          note: joinedNotes(
            by === undefined ? "" : `${by} is not shown: there are too many points`,
            leftOutNote(known.leftOut),
          ),
          data: { values },
          mark: {
            type: "point",
            filled: true,
            shape: HEXAGON,
            size: symbolSize,
            opacity: 1,
            tooltip: true,
            strokeWidth: 0,
          },
          encoding: {
            x: axis("x", xName, { domain: xDomain, nice: false }),
            y: axis("y", yName, { domain: yDomain, nice: false }),
            color: {
              field: "count",
              type: "quantitative",
              title: "rows",
              scale: { type: "log", scheme: "viridis", reverse: true },
            },
          },
        };
      },
    };
  },
};

/** A hexagon that stands on a corner, of the size that Vega takes for 1. */
const HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z";
