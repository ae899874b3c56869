import { ByCategory } from "./categories.js";
import {
  addByCategory,
  categoryAxis,
  joinedNotes,
  leftOutNote,
  numbersAndCategory,
  type PlotMaker,
} from "./plot-kind.js";

/** Points of a category that are drawn. */
const MOST_POINTS = 300;

/** Values of `y` as points beside each other for each category of `x`; of many a random choice. */
export const strip: PlotMaker = {
  columns: numbersAndCategory(["y"], "x"),
  reducer({ x, y }) {
    const random = randomNumbers();
    const chosen = new ByCategory(() => new Reservoir(random));
    return {
      add([values, of], rowCount) {
        addByCategory(chosen, values!, of, rowCount);
      },
      spec() {
        const categories = chosen.entries();
        const order = categories.map(([category]) => category);
        const values = categories.flatMap(([category, { kept }]) =>
          kept.map((value) => ({ category, value, aside: random() - 0.5 })),
        );
        const isPart = categories.some(([, { count }]) => count > MOST_POINTS);
        return {
          note: joinedNotes(
            isPart ? `${MOST_POINTS} rows of each category, chosen at random` : "",
            leftOutNote(chosen.leftOut),
          ),
          data: { values },
          mark: { type: "point", filled: true, size: 14, opacity: 0.55, tooltip: true },
          encoding: {
            x: categoryAxis(order, x),
            xOffset: { field: "aside", type: "quantitative", scale: { domain: [-0.9, 0.9] } },
            y: { field: "value", type: "quantitative", title: y, scale: { zero: false } },
          },
        };
      },
    };
  },
};

/** Some of a stream's values, each with the same chance (Vitter's algorithm R). */
class Reservoir {
  readonly kept: number[] = [];
  count = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(value: number): void {
    this.count++;
    if (this.kept.length < MOST_POINTS) this.kept.push(value);
    else {
      const at = Math.floor(this.#random() * this.count);
      if (at < MOST_POINTS) this.kept[at] = value;
    }
  }
}

/** Numbers from 0 to 1, the same each time, so that a picture is (mulberry32). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mix = Math.imul(state ^ (state >>> 15), 1 | state);
    mix = (mix + Math.imul(mix ^ (mix >>> 7), 61 | mix)) ^ mix;
    return ((mix ^ (mix >>> 14)) >>> 0) / 2 ** 32;
  };
}
