/** The order of a table's rows by one column, of any size: a number a row is kept, not the rows. */
import type { ColumnBatch, ColumnData, StringColumn } from "../../columns/batch.js";
import { invalidArgument } from "../../errors.js";
import { ascendingOrder, descendingOrder } from "../../formats/frame/cells/radix-order.js";
import { TextReader } from "../summaries/text-reader.js";
import { RowList, type RowNumberList } from "./row-list.js";

/** Half of an int64. */
const HALF = 32n;
/** Different texts that are put in order. */
const MOST_TEXTS = 2_000_000;
const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What is read to be sorted. */
export interface SortedColumn {
  readonly name: string;
  /** Rows of the table; there are no more. */
  readonly rowCount: number;
  readonly isDescending: boolean;
}

/**
 * Numbers of the rows in batches, of one column each, in the order of its values; equal ones as they come, missing ones last.
 * @throws ArgumentError `INVALID_ARGUMENT` for more different texts than can be held
 */
export async function rowsByColumn(
  batches: AsyncIterable<ColumnBatch>,
  { name, rowCount, isDescending }: SortedColumn,
): Promise<RowNumberList> {
  const rows = new RowList(rowCount);
  const keys = new Keys(name, rowCount);
  for await (const batch of batches) {
    if (batch.rowCount === 0) continue;
    rows.add(batch);
    keys.add(batch.columns[0]!, batch.rowCount);
  }
  return rows.inOrder(keys.order(isDescending ? descendingOrder : ascendingOrder));
}

type Order = (numbers: Float64Array) => Int32Array;

/** Values as eight bytes each: numbers that have their order, or integers until all are known. */
class Keys {
  readonly #column: string;
  readonly #bytes: ArrayBuffer;
  readonly #numbers: Float64Array;
  readonly #texts = new Map<string, number>();
  readonly #reader = new TextReader();
  #kind: ColumnData["kind"] = "double";
  #areSafe = true;
  #length = 0;

  constructor(column: string, rowCount: number) {
    this.#column = column;
    this.#bytes = new ArrayBuffer(rowCount * 8);
    this.#numbers = new Float64Array(this.#bytes);
  }

  add(column: ColumnData, rowCount: number): void {
    this.#kind = column.kind;
    if (column.kind === "string") this.#addTexts(column, rowCount);
    else if (column.kind === "long") this.#addLongs(column.values);
    else if (column.kind === "double" || column.kind === "bool") this.#numbers.set(column.values, this.#length);
    this.#length += rowCount;
  }

  #addLongs(values: BigInt64Array): void {
    new BigInt64Array(this.#bytes).set(values, this.#length);
    this.#areSafe &&= values.every((value) => value <= MOST_SAFE && value >= -MOST_SAFE);
  }

  /** Texts are numbered as they come, and by their order in the end. */
  #addTexts(column: StringColumn, rowCount: number): void {
    for (let row = 0; row < rowCount; row++)
      this.#numbers[this.#length + row] = this.#numberOf(this.#reader.at(column, row));
  }

  #numberOf(text: string): number {
    if (text === "") return Number.NaN;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size === MOST_TEXTS) throw this.#tooManyTexts();
    this.#texts.set(text, this.#texts.size);
    return this.#texts.size - 1;
  }

  #tooManyTexts() {
    const most = MOST_TEXTS.toLocaleString("en");
    return invalidArgument(
      `column "${this.#column}" holds more than ${most} different texts: choose rows by a condition`,
    );
  }

  order(by: Order): Int32Array {
    const numbers = this.#numbers.subarray(0, this.#length);
    if (this.#kind === "string") return by(this.#ranked(numbers));
    if (this.#kind !== "long") return by(numbers);
    const longs = new BigInt64Array(this.#bytes, 0, this.#length);
    return this.#areSafe ? by(inPlace(longs, numbers)) : orderByHalves(longs, by);
  }

  #ranked(numbers: Float64Array): Float64Array {
    const { compare } = new Intl.Collator("en", { numeric: true });
    const sorted = [...this.#texts].sort(([a], [b]) => compare(a, b));
    const ranks = new Float64Array(sorted.length);
    for (const [rank, [, number]] of sorted.entries()) ranks[number] = rank;
    for (let row = 0; row < numbers.length; row++) numbers[row] = ranks[numbers[row]!] ?? Number.NaN;
    return numbers;
  }
}

/** Integers as numbers in their own place, of which all are exact. */
function inPlace(longs: BigInt64Array, numbers: Float64Array): Float64Array {
  for (let row = 0; row < longs.length; row++) numbers[row] = Number(longs[row]);
  return numbers;
}

/** Both orders keep equal ones as they come. */
function orderByHalves(longs: BigInt64Array, by: Order): Int32Array {
  const byLow = by(Float64Array.from(longs, (value) => Number(BigInt.asUintN(32, value))));
  const high = Float64Array.from(byLow, (position) => Number(longs[position]! >> HALF));
  return by(high).map((position) => byLow[position]!);
}
