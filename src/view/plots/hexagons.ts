/** Counts of points in hexagons. */

import type { PlotSize } from "./plot-kind.js";
import type { GridCell } from "./point-grid.js";

/** Pixels from a hexagon's middle to its corners. */
const RADIUS = 7;

export interface Hexagons {
  /** The middles of those with points. */
  readonly values: readonly GridCell[];
  /** Area that Vega takes for the size of a symbol: its square's, with the shape from -1 to 1 scaled to half its side. */
  readonly symbolSize: number;
  readonly xDomain: readonly [number, number];
  readonly yDomain: readonly [number, number];
}

/** Joins cells of a grid into hexagons of a plane of so many pixels. */
export function hexagons(cells: readonly GridCell[], { width, height }: PlotSize): Hexagons {
  const [xDomain, yDomain] = [domainOf(cells.map(({ x }) => x)), domainOf(cells.map(({ y }) => y))];
  const [xScale, yScale] = [width / (xDomain[1] - xDomain[0]), height / (yDomain[1] - yDomain[0])];
  const [across, down] = [RADIUS * Math.sqrt(3), RADIUS * 1.5];
  const counts = new Map<string, { x: number; y: number; count: number }>();
  for (const { x, y, count } of cells) {
    const [column, row] = nearest(((x - xDomain[0]) * xScale) / across, ((y - yDomain[0]) * yScale) / down);
    const key = `${column} ${row}`;
    const middle = { x: xDomain[0] + (column * across) / xScale, y: yDomain[0] + (row * down) / yScale };
    const hexagon = counts.get(key) ?? { ...middle, count: 0 };
    hexagon.count += count;
    counts.set(key, hexagon);
  }
  return { values: [...counts.values()], symbolSize: (2 * RADIUS) ** 2, xDomain, yDomain };
}

/** The hexagon whose middle is nearest; rows are one apart, and every other one is half a column further. */
function nearest(x: number, y: number): [column: number, row: number] {
  const row = Math.round(y);
  const candidates = [row - 1, row, row + 1].map((one) => {
    const shift = one % 2 === 0 ? 0 : 0.5;
    const column = Math.round(x - shift) + shift;
    return { column, row: one, distance: (x - column) ** 2 * 3 + (y - one) ** 2 * 2.25 };
  });
  const best = candidates.reduce((least, one) => (one.distance < least.distance ? one : least));
  return [best.column, best.row];
}

/** From the least to the greatest, with some room around. */
function domainOf(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const room = (high - low) * 0.03 || Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}
