/** Rows of numbers, a typed array a column, in the order of their ids. */

const FIRST_CAPACITY = 64;

export type NumberRow<Column extends string> = Readonly<Record<Column | "id", number>>;

export class NumberRows<Column extends string> {
  readonly #columns: Map<Column | "id", Float64Array>;
  #length = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = new Map(["id" as const, ...columns].map((name) => [name, new Float64Array(FIRST_CAPACITY)]));
  }

  get length(): number {
    return this.#length;
  }

  /** 0 where there are no rows. */
  get lastId(): number {
    return this.#length === 0 ? 0 : this.get("id", this.#length - 1);
  }

  ids(): number[] {
    return [...this.#columns.get("id")!.subarray(0, this.#length)];
  }

  row(index: number): NumberRow<Column> {
    return Object.fromEntries(
      Array.from(this.#columns, ([name, column]) => [name, column[index]]),
    ) as NumberRow<Column>;
  }

  /** Adds a row, whose id is higher than all others. */
  push(row: NumberRow<Column>): void {
    for (const [name, column] of this.#columns) {
      const grown = this.#length === column.length ? enlarged(column) : column;
      grown[this.#length] = row[name];
      this.#columns.set(name, grown);
    }
    this.#length++;
  }

  get(name: Column | "id", index: number): number {
    return this.#columns.get(name)![index]!;
  }

  set(name: Column, index: number, value: number): void {
    this.#columns.get(name)![index] = value;
  }

  /** The place of a row; -1 where there is none. */
  indexOf(id: number): number {
    const index = this.lowerBound(id);
    return index < this.#length && this.get("id", index) === id ? index : -1;
  }

  /** The place of the first row whose id is not less. */
  lowerBound(id: number): number {
    const ids = this.#columns.get("id")!;
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ids[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The places of rows from `start` up to `end` with a value in a column. */
  *places(name: Column, value: number, start = 0, end = this.#length): Generator<number> {
    for (let index = start; index < end; index++) if (this.get(name, index) === value) yield index;
  }

  /** Keeps only the rows from `start` up to `end`. */
  slice(start: number, end: number): void {
    for (const column of this.#columns.values()) column.copyWithin(0, start, end);
    this.#length = Math.max(0, end - start);
  }
}

function enlarged(column: Float64Array): Float64Array {
  const grown = new Float64Array(column.length * 2);
  grown.set(column);
  return grown;
}
