import { QuantileSketch } from "../summaries/quantile-sketch.js";
import { ByCategory } from "./categories.js";
import { addByCategory, categoryAxis, leftOutNote, numbersAndCategory, type PlotMaker } from "./plot-kind.js";

/** Distances of quartiles beyond which a value is far out (Tukey). */
const FENCE = 1.5;

/** A box of the quartiles of `y` for each category of `x`, with whiskers to what is not far out, and points for the least and greatest. */
export const box: PlotMaker = {
  columns: numbersAndCategory(["y"], "x"),
  reducer({ x, y }) {
    const sketches = new ByCategory(() => new QuantileSketch(1024));
    return {
      add([values, of], rowCount) {
        addByCategory(sketches, values!, of, rowCount);
      },
      spec() {
        const values = sketches.entries().map(([category, sketch]) => boxOf(category, sketch));
        const far = values.flatMap(({ category, least, most, low, high }) =>
          [least < low ? [least] : [], most > high ? [most] : []].flat().map((value) => ({ category, value })),
        );
        const order = values.map(({ category }) => category);
        const up = (field: string) => ({ field, type: "quantitative", title: y, scale: { zero: false } });
        return {
          note: leftOutNote(sketches.leftOut),
          encoding: { x: categoryAxis(order, x) },
          layer: [
            { data: { values }, mark: { type: "rule" }, encoding: { y: up("low"), y2: { field: "high" } } },
            {
              data: { values },
              mark: { type: "bar", tooltip: true, width: { band: 0.6 } },
              encoding: { y: up("q1"), y2: { field: "q3" } },
            },
            {
              data: { values },
              mark: { type: "tick", color: "white", thickness: 2, width: { band: 0.6 } },
              encoding: { y: up("median") },
            },
            { data: { values: far }, mark: { type: "point", size: 20, color: "#555" }, encoding: { y: up("value") } },
          ],
        };
      },
    };
  },
};

function boxOf(category: string, sketch: QuantileSketch) {
  const [least, q1, median, q3, most] = sketch.quantiles([0, 0.25, 0.5, 0.75, 1]) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const { values } = sketch.weighted();
  const [from, to] = [q1 - FENCE * (q3 - q1), q3 + FENCE * (q3 - q1)];
  const low = values.find((value) => value >= from) ?? least;
  const high = values.findLast((value) => value <= to) ?? most;
  return {
    category,
    count: sketch.count,
    least,
    low: Math.min(low, q1),
    q1,
    median,
    q3,
    high: Math.max(high, q3),
    most,
  };
}
