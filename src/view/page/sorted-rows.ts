/** The order of a table's rows by one column, of any size: a number a row is kept, not the rows. */
import { type ColumnBatch, type ColumnData, rowNumberArray, type StringColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { ascendingOrder, descendingOrder } from "../../formats/frame/cells/radix-order.js";

/** Half of an int64. */
const HALF = 32n;

/**
 * Numbers of the rows in batches, of one column each, in the order of its values; equal ones as they come, missing ones last.
 */
export async function rowsByColumn(batches: AsyncIterable<ColumnBatch>, isDescending: boolean): Promise<Float64Array> {
  const numbers: Float64Array[] = [];
  const keys = new Keys();
  for await (const batch of batches) {
    if (batch.rowCount === 0) continue;
    numbers.push(rowNumberArray(batch.rowNumbers, batch.rowCount));
    keys.add(batch.columns[0]!);
  }
  const rows = joined(numbers);
  const order = keys.order(isDescending ? descendingOrder : ascendingOrder);
  return Float64Array.from(order, (position) => rows[position]!);
}

type Order = (numbers: Float64Array) => Int32Array;

/** Values as numbers that have their order: one a row, or, for integers that are not safe as numbers, two. */
class Keys {
  readonly #parts: Float64Array[] = [];
  readonly #low: Float64Array[] = [];
  readonly #texts = new Map<string, number>();
  #isText = false;

  add(column: ColumnData): void {
    if (column.kind === "string") this.#addTexts(column);
    else if (column.kind === "long") this.#addLongs(column.values);
    else if (column.kind === "double" || column.kind === "bool") this.#parts.push(Float64Array.from(column.values));
    else
      this.#parts.push(
        new Float64Array(column.kind === "mask" ? column.imageId.length : column.values.length / column.size),
      );
  }

  #addLongs(values: BigInt64Array): void {
    this.#parts.push(Float64Array.from(values, (value) => Number(value >> HALF)));
    this.#low.push(Float64Array.from(values, (value) => Number(BigInt.asUintN(32, value))));
  }

  /** Texts are numbered as they come, and by their order in the end. */
  #addTexts(column: StringColumn): void {
    this.#isText = true;
    const numbers = columnValues(column).map((text) => this.#numberOf(text as string));
    this.#parts.push(Float64Array.from(numbers));
  }

  #numberOf(text: string): number {
    if (text === "") return Number.NaN;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.#texts.size);
    return this.#texts.size - 1;
  }

  order(by: Order): Int32Array {
    const high = joined(this.#parts);
    if (this.#isText) return by(this.#ranked(high));
    if (this.#low.length === 0) return by(high);
    // Both orders keep equal ones as they come.
    const byLow = by(joined(this.#low));
    const byHigh = by(Float64Array.from(byLow, (position) => high[position]!));
    return byHigh.map((position) => byLow[position]!);
  }

  #ranked(numbers: Float64Array): Float64Array {
    const { compare } = new Intl.Collator("en", { numeric: true });
    const sorted = [...this.#texts].sort(([a], [b]) => compare(a, b));
    const ranks = new Float64Array(sorted.length);
    for (const [rank, [, number]] of sorted.entries()) ranks[number] = rank;
    return numbers.map((number) => (Number.isNaN(number) ? Number.NaN : ranks[number]!));
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
