/** What calls of one kind cost on the server at hand: a prior, corrected by each call measured. */
import type { CallCost } from "../../columns/chunk-size.js";

/** Sums of a weighted least-squares fit of `ms = perCall + rows * perRow`. */
interface Sums {
  weight: number;
  rows: number;
  rowsSquared: number;
  ms: number;
  rowsMs: number;
}

/** How much one measurement tells after the next one arrived. */
const MEMORY = 0.8;
/**
 * Measurements of one size cannot tell the fixed cost from the cost of rows. Two points of the prior's shape, scaled to
 * the server's speed, stay in the fit for that; each counts for this share of a measurement.
 */
const SHAPE_WEIGHT = 0.25;
const SHAPE_ROWS = [1_000, 50_000];
/** A call slower than this many times the expectation is counted as just that slow: one outlier changes little. */
const OUTLIER = 4;

export class CostEstimate {
  readonly #prior: CallCost;
  readonly #sums: Sums = { weight: 0, rows: 0, rowsSquared: 0, ms: 0, rowsMs: 0 };
  /** Time measured and time the prior expected, both fading. */
  readonly #total = { measured: 0, expected: 0 };
  #cost: CallCost;

  constructor(prior: CallCost) {
    this.#prior = prior;
    this.#cost = prior;
  }

  get cost(): CallCost {
    return this.#cost;
  }

  /** Takes into account a call that returned `rows` rows and took `ms` milliseconds. */
  observe(rows: number, ms: number): void {
    const counted = Math.min(ms, OUTLIER * timeOf(this.#cost, rows));
    for (const key of Object.keys(this.#sums) as (keyof Sums)[]) this.#sums[key] *= MEMORY;
    this.#addPoint(this.#sums, rows, counted, 1);
    this.#total.measured = MEMORY * this.#total.measured + counted;
    this.#total.expected = MEMORY * this.#total.expected + timeOf(this.#prior, rows);
    this.#cost = this.#fit(this.#total.measured / this.#total.expected);
  }

  #fit(speed: number): CallCost {
    const sums = { ...this.#sums };
    for (const rows of SHAPE_ROWS) this.#addPoint(sums, rows, speed * timeOf(this.#prior, rows), SHAPE_WEIGHT);
    const determinant = sums.weight * sums.rowsSquared - sums.rows ** 2;
    const slope = (sums.weight * sums.rowsMs - sums.rows * sums.ms) / determinant;
    const perRow = Math.max(slope, (speed * this.#prior.perRow) / 100, 1e-9);
    return { perCall: Math.max((sums.ms - perRow * sums.rows) / sums.weight, 0.05), perRow };
  }

  /** Adds a measurement, weighted by the time expected at first: long calls must not outvote short ones. */
  #addPoint(sums: Sums, rows: number, ms: number, share: number): void {
    const weight = share / timeOf(this.#prior, rows) ** 2;
    sums.weight += weight;
    sums.rows += weight * rows;
    sums.rowsSquared += weight * rows * rows;
    sums.ms += weight * ms;
    sums.rowsMs += weight * rows * ms;
  }
}

function timeOf(cost: CallCost, rows: number): number {
  return cost.perCall + rows * cost.perRow;
}
