/** Places of a file that were written, as ranges that neither touch nor overlap. */
export class Extents {
  /** Starts, in order; each has its end at the same place in {@link ends}. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Whether any byte from `start` to before `end` is in them. */
  overlaps(start: number, end: number): boolean {
    const at = this.#firstEndingAfter(start);
    return at < this.#starts.length && this.#starts[at]! < end;
  }

  add(start: number, end: number): void {
    const first = this.#firstEndingAfter(start - 1);
    let last = first;
    while (last < this.#starts.length && this.#starts[last]! <= end) last++;
    const merged = last > first;
    const low = merged ? Math.min(start, this.#starts[first]!) : start;
    const high = merged ? Math.max(end, this.#ends[last - 1]!) : end;
    this.#starts.splice(first, last - first, low);
    this.#ends.splice(first, last - first, high);
  }

  #firstEndingAfter(position: number): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
