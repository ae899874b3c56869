/**
 * Counts of numbers in cells of equal width, whose range is not known before: cells have a power of two for their width, and where a
 * number lies outside, two of them become one as often as need be.
 */
export class GrowingCells {
  readonly #most: number;
  /** Width of a cell; 0 while all numbers are equal. */
  #width = 0;
  #first = 0;
  #counts: Float64Array;
  #sums: Float64Array;
  #single: number | undefined;
  #singleCount = 0;
  #singleSum = 0;

  /** @param most cells, a power of two */
  constructor(most = 1024) {
    this.#most = most;
    this.#counts = new Float64Array(most);
    this.#sums = new Float64Array(most);
  }

  /** Takes a finite number. @param sum what is summed up beside, as the mean of another column needs it */
  add(value: number, sum = 0): void {
    if (this.#width === 0 && !this.#hold(value, sum)) return;
    let index = this.#indexOf(value);
    while (index < 0 || index >= this.#most) {
      this.#widen(index < 0);
      index = this.#indexOf(value);
    }
    this.#counts[index]! += 1;
    this.#sums[index]! += sum;
  }

  /** While one number alone has come: whether this is another. */
  #hold(value: number, sum: number): boolean {
    this.#single ??= value;
    if (this.#single === value) {
      this.#singleCount++;
      this.#singleSum += sum;
      return false;
    }
    const [low, high] = [Math.min(value, this.#single), Math.max(value, this.#single)];
    this.#width = 2 ** Math.max(-1000, Math.ceil(Math.log2((high - low) / (this.#most / 4))));
    this.#first = Math.floor(low / this.#width) - this.#most / 4;
    const index = this.#indexOf(this.#single);
    this.#counts[index] = this.#singleCount;
    this.#sums[index] = this.#singleSum;
    return true;
  }

  #indexOf(value: number): number {
    return Math.floor(value / this.#width) - this.#first;
  }

  /** Doubles the width; the new room is below or above. */
  #widen(below: boolean): void {
    const first = Math.floor(this.#first / 2) - (below ? this.#most / 2 - 1 : 0);
    const [counts, sums] = [new Float64Array(this.#most), new Float64Array(this.#most)];
    for (let index = 0; index < this.#most; index++) {
      const at = Math.floor((this.#first + index) / 2) - first;
      if (this.#counts[index] === 0) continue;
      counts[at]! += this.#counts[index]!;
      sums[at]! += this.#sums[index]!;
    }
    this.#width *= 2;
    [this.#first, this.#counts, this.#sums] = [first, counts, sums];
  }

  /** Cells that hold numbers, from the first to the last; joined so that there are no more than `most`. */
  cells(most = this.#most): Cell[] {
    if (this.#width === 0) return this.#singleCell();
    const used = [...this.#counts.keys()].filter((index) => this.#counts[index]! > 0);
    const [first, last] = [this.#first + used[0]!, this.#first + used.at(-1)!];
    let joined = 1;
    while (Math.floor(last / joined) - Math.floor(first / joined) + 1 > most) joined *= 2;
    const start = Math.floor(first / joined);
    const cells = Array.from({ length: Math.floor(last / joined) - start + 1 }, (_, index) => ({
      from: (start + index) * joined * this.#width,
      to: (start + index + 1) * joined * this.#width,
      count: 0,
      sum: 0,
    }));
    for (const index of used) {
      const cell = cells[Math.floor((this.#first + index) / joined) - start]!;
      cell.count += this.#counts[index]!;
      cell.sum += this.#sums[index]!;
    }
    return cells;
  }

  #singleCell(): Cell[] {
    if (this.#single === undefined) return [];
    const half = Math.abs(this.#single) * 0.05 || 0.5;
    return [{ from: this.#single - half, to: this.#single + half, count: this.#singleCount, sum: this.#singleSum }];
  }
}

/** Numbers from `from` up to, not including, `to`. */
export interface Cell {
  readonly from: number;
  readonly to: number;
  count: number;
  sum: number;
}
