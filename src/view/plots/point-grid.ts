/** Counts of points in a fine grid, which grows as {@link GrowingCells} do, each axis by itself. */
const SIDE = 256;

export interface GridCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

export class PointGrid {
  readonly #x = new GrowingAxis();
  readonly #y = new GrowingAxis();
  #counts = new Float64Array(SIDE * SIDE);

  add(x: number, y: number): void {
    const column = this.#placeOn(this.#x, x, true);
    const row = this.#placeOn(this.#y, y, false);
    this.#counts[row * SIDE + column]! += 1;
  }

  #placeOn(axis: GrowingAxis, value: number, isX: boolean): number {
    for (;;) {
      const moved = axis.reach(value);
      if (moved === undefined) return axis.placeOf(value);
      this.#move(moved, isX);
    }
  }

  /** Puts counts where their cells are after an axis has grown. */
  #move(moved: (place: number) => number, isX: boolean): void {
    const counts = new Float64Array(SIDE * SIDE);
    for (let at = 0; at < counts.length; at++) {
      const count = this.#counts[at]!;
      if (count === 0) continue;
      const [row, column] = [Math.floor(at / SIDE), at % SIDE];
      counts[isX ? row * SIDE + moved(column) : moved(row) * SIDE + column]! += count;
    }
    this.#counts = counts;
  }

  /** Cells with points, at their middles. */
  cells(): GridCell[] {
    const cells: GridCell[] = [];
    for (const [at, count] of this.#counts.entries()) {
      if (count > 0) cells.push({ x: this.#x.middleOf(at % SIDE), y: this.#y.middleOf(Math.floor(at / SIDE)), count });
    }
    return cells;
  }
}

/** Places of numbers on an axis of {@link SIDE} cells. */
class GrowingAxis {
  #width = 0;
  #first = 0;

  /** Makes the axis reach a number; says where its cells are then, where they are not where they were. */
  reach(value: number): ((place: number) => number) | undefined {
    if (this.#width === 0) {
      this.#width = 2 ** Math.max(-1000, Math.floor(Math.log2(Math.abs(value) || 1)) - 40);
      this.#first = Math.floor(value / this.#width) - SIDE / 2;
      return undefined;
    }
    const place = this.placeOf(value);
    if (place >= 0 && place < SIDE) return undefined;
    const before = this.#first;
    this.#width *= 2;
    this.#first = Math.floor(before / 2) - (place < 0 ? SIDE / 2 - 1 : 0);
    return (old) => Math.floor((before + old) / 2) - this.#first;
  }

  placeOf(value: number): number {
    return Math.floor(value / this.#width) - this.#first;
  }

  middleOf(place: number): number {
    return (this.#first + place + 0.5) * this.#width;
  }
}
