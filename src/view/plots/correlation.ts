import { invalidArgument } from "../../errors.js";
import { holdsNumbers, numericColumn, type PlotMaker, plottedNumbers } from "./plot-kind.js";

/** Columns that are taken where none are named. */
const USUAL_COLUMNS = 20;

/** Pearson's correlation of each two columns, over the rows in which both have a value. */
export const correlation: PlotMaker = {
  columns({ columns, kind }, fields) {
    const names =
      columns?.map((name) => numericColumn(fields, name, kind)) ??
      fields
        .filter(holdsNumbers)
        .map(({ name }) => name)
        .slice(0, USUAL_COLUMNS);
    if (names.length < 2) throw invalidArgument("a correlation needs two columns of numbers; name them as columns");
    return names;
  },
  reducer(options, fields) {
    const names = this.columns(options, fields);
    const pairs = names.flatMap((_, row) =>
      names.slice(0, row).map((_, column) => ({ row, column, sums: new PairSums() })),
    );
    return {
      add(columns, rowCount) {
        const numbers = columns.map(plottedNumbers);
        for (const { row, column, sums } of pairs) sums.add(numbers[row]!, numbers[column]!, rowCount);
      },
      spec() {
        const values = [
          ...names.map((name) => ({ one: name, other: name, r: 1 })),
          ...pairs.flatMap(({ row, column, sums }) => {
            const r = sums.correlation;
            const [one, other] = [names[row]!, names[column]!];
            return [
              { one, other, r },
              { one: other, other: one, r },
            ];
          }),
        ].map((cell) => ({ ...cell, shown: Number.isNaN(cell.r) ? "" : cell.r.toFixed(2) }));
        const axis = (field: string, labelAngle: number) => ({
          field,
          type: "nominal",
          sort: names,
          title: null,
          axis: { grid: false, labelAngle, labelLimit: 120 },
        });
        return {
          data: { values },
          encoding: { x: axis("one", -45), y: axis("other", 0) },
          layer: [
            {
              mark: { type: "rect", tooltip: true },
              encoding: {
                color: { field: "r", type: "quantitative", title: "r", scale: { scheme: "redblue", domain: [-1, 1] } },
              },
            },
            ...(names.length > 14
              ? []
              : [
                  {
                    mark: { type: "text", fontSize: 10 },
                    encoding: {
                      text: { field: "shown" },
                      color: { condition: { test: "abs(datum.r) > 0.6", value: "white" }, value: "black" },
                    },
                  },
                ]),
          ],
        };
      },
    };
  },
};

/** Sums of two columns from which their correlation follows, gathered around their running means. */
class PairSums {
  #count = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(xs: ArrayLike<number>, ys: ArrayLike<number>, rowCount: number): void {
    for (let row = 0; row < rowCount; row++) {
      const [x, y] = [xs[row]!, ys[row]!];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      this.#count++;
      const [dx, dy] = [x - this.#x, y - this.#y];
      this.#x += dx / this.#count;
      this.#y += dy / this.#count;
      this.#xx += dx * (x - this.#x);
      this.#yy += dy * (y - this.#y);
      this.#xy += dx * (y - this.#y);
    }
  }

  get correlation(): number {
    return this.#xy / Math.sqrt(this.#xx * this.#yy);
  }
}
