/**
 * What becomes of a column's values in each group, as in pandas: missing values are left out. Sums are made with the rest
 * that rounding leaves (Kahan), variances by Welford's method, in the order of the rows.
 */
import { DataError } from "../../../errors.js";
import { holdsIntegers, isMissing, type NamedCells } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import type { FrameCell } from "../cells/frame-cell.js";
import { numbersOf } from "../cells/numbers.js";

/** Rows by group: `groups[row]` is the number of its group, -1 for none. */
export interface Grouping {
  readonly groups: Int32Array;
  readonly count: number;
}

/** One value a group, and its type; the column's name is the caller's. */
export type Aggregated = Omit<NamedCells, "name">;
type Aggregator = (column: NamedCells, grouping: Grouping) => Aggregated;

const float = (numbers: Float64Array): Aggregated => ({ cells: Cells.ofNumbers(numbers), type: "float32" });

export function countValues(column: NamedCells, { groups, count }: Grouping): Aggregated {
  const numbers = column.type === "string" ? undefined : numbersOf(column);
  const { list } = numbers === undefined ? column.cells : { list: [] };
  const counts = new Float64Array(count);
  for (let row = 0; row < groups.length; row++) {
    const isGap = numbers === undefined ? isMissing(list[row]) : Number.isNaN(numbers[row]);
    if (groups[row]! >= 0 && !isGap) counts[groups[row]!]!++;
  }
  return { cells: Cells.ofNumbers(counts), type: "int32" };
}

interface Sums {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

function sumNumbers(column: NamedCells, { groups, count }: Grouping): Sums {
  const numbers = numbersOf(column);
  const sums = new Float64Array(count);
  const rests = new Float64Array(count);
  const counts = new Float64Array(count);
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    const group = groups[row]!;
    if (Number.isNaN(value) || group < 0) continue;
    counts[group]!++;
    const corrected = value - rests[group]!;
    const sum = sums[group]! + corrected;
    const rest = sum - sums[group]! - corrected;
    rests[group] = Number.isNaN(rest) ? 0 : rest; // infinities leave no rest
    sums[group] = sum;
  }
  return { sums, counts };
}

export function sumValues(column: NamedCells, grouping: Grouping): Aggregated {
  if (holdsBigints(column)) return { cells: Cells.of(sumBigints(column, grouping)), type: "string" };
  const { sums } = sumNumbers(column, grouping);
  if (!holdsIntegers(column) && column.type !== "boolean") return float(sums);
  const unsafe = sums.find((sum) => !Number.isSafeInteger(sum));
  if (unsafe !== undefined) {
    const message = `The sum of column "${column.name}" is beyond 2^53, where a number is not exact; read it with int64: "bigint"`;
    throw new DataError("UNSAFE_INTEGER", message, { column: column.name });
  }
  return integers(sums);
}

function integers(numbers: Float64Array): Aggregated {
  const isNarrow = numbers.every((value) => (value | 0) === value);
  return { cells: Cells.ofNumbers(numbers), ...(isNarrow ? { type: "int32" } : { type: "float32", isWide: true }) };
}

function holdsBigints({ cells, type }: NamedCells): boolean {
  return type === "string" && cells.list.some((cell) => typeof cell === "bigint");
}

function sumBigints({ cells }: NamedCells, { groups, count }: Grouping): bigint[] {
  const sums: bigint[] = new Array(count).fill(0n);
  for (const [row, cell] of cells.list.entries()) {
    if (typeof cell === "bigint" && groups[row]! >= 0) sums[groups[row]!]! += cell;
  }
  return sums;
}

export function meanValue(column: NamedCells, grouping: Grouping): Aggregated {
  const { sums, counts } = sumNumbers(column, grouping);
  return float(sums.map((sum, group) => sum / counts[group]!));
}

export function variance(column: NamedCells, { groups, count }: Grouping): Aggregated {
  const numbers = numbersOf(column);
  const [means, squares, counts] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    const group = groups[row]!;
    if (Number.isNaN(value) || group < 0) continue;
    const distance = value - means[group]!;
    means[group]! += distance / ++counts[group]!;
    squares[group]! += distance * (value - means[group]!);
  }
  return float(squares.map((square, group) => (counts[group]! > 1 ? square / (counts[group]! - 1) : Number.NaN)));
}

export function standardDeviation(column: NamedCells, grouping: Grouping): Aggregated {
  return float(numbersOf(variance(column, grouping)).map(Math.sqrt));
}

/** The cells for which no later one of the group is better. */
function selected(isBetter: (cell: FrameCell, than: FrameCell) => boolean): Aggregator {
  return ({ cells: { list }, type, isWide }, { groups, count }) => {
    const best: FrameCell[] = new Array(count).fill(Number.NaN);
    const found = new Uint8Array(count);
    for (let row = 0; row < list.length; row++) {
      const cell = list[row]!;
      const group = groups[row]!;
      if (group < 0 || isMissing(cell)) continue;
      if (found[group] === 0 || isBetter(cell, best[group]!)) best[group] = cell;
      found[group] = 1;
    }
    return found.includes(0)
      ? { cells: Cells.of(best), type: type === "int32" ? "float32" : type }
      : { cells: Cells.of(best), type, isWide };
  };
}

const numbersOrOther = (onNumbers: (a: number, b: number) => boolean, other: Aggregator): Aggregator => {
  return (column, grouping) => {
    if (!holdsIntegers(column) && column.type !== "float32") return other(column, grouping);
    return bestNumbers(column, grouping, onNumbers, other);
  };
};

/** As {@link selected}, by columns of numbers, which is several times faster. */
function bestNumbers(
  column: NamedCells,
  { groups, count }: Grouping,
  isBetter: (a: number, b: number) => boolean,
  other: Aggregator,
): Aggregated {
  const numbers = numbersOf(column);
  const best = new Float64Array(count).fill(Number.NaN);
  for (let row = 0; row < numbers.length; row++) {
    const group = groups[row]!;
    const value = numbers[row]!;
    if (group < 0 || Number.isNaN(value)) continue;
    const held = best[group]!;
    if (Number.isNaN(held) || isBetter(value, held)) best[group] = value;
  }
  if (holdsIntegers(column) && best.some(Number.isNaN)) return other(column, { groups, count });
  return { cells: Cells.ofNumbers(best), type: column.type, isWide: column.isWide };
}

export const smallest = numbersOrOther(
  (a, b) => a < b,
  selected((cell, than) => cell < than),
);
export const largest = numbersOrOther(
  (a, b) => a > b,
  selected((cell, than) => cell > than),
);
export const firstValue = selected(() => false);
export const lastValue = selected(() => true);
