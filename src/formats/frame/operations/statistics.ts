/** Statistics of columns of numbers, as pandas has them: missing values are left out. */
import { ArgumentError } from "../../../errors.js";
import { countDifferentCells } from "../cells/cell-codes.js";
import { type CellTable, isMissing, isNumeric, type NamedCells } from "../cells/cell-table.js";
import { numbersOf, rowsWhere } from "../cells/numbers.js";
import { selectNumber } from "../cells/select-number.js";

/** Interpolated linearly between the values next to it; NaN where there is none. */
export function quantileOf(values: Float64Array, q: number): number {
  return quantilesOf(values, [q])[0]!;
}

function quantilesOf(values: Float64Array, qs: readonly number[]): number[] {
  const there = numbersThere(values);
  const found = new Map<number, number>();
  let first = 0;
  for (const q of qs.toSorted((a, b) => a - b)) {
    found.set(q, selectQuantile(there, q, first));
    first = Math.floor(q * (there.length - 1));
  }
  return qs.map((q) => found.get(q)!);
}

/** Those that are not NaN. */
function numbersThere(values: Float64Array): Float64Array {
  const there = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    there[count] = value;
    if (!Number.isNaN(value)) count++;
  }
  return there.subarray(0, count);
}

/** Puts what is below the quantile before it. Values before place `first` are there already. */
function selectQuantile(values: Float64Array, q: number, first: number): number {
  if (values.length === 0) return Number.NaN;
  const place = q * (values.length - 1);
  const below = Math.floor(place);
  const share = place - below;
  const low = selectNumber(values, below, first);
  if (share === 0) return low;
  const high = leastFrom(values, below + 1);
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

function leastFrom(values: Float64Array, first: number): number {
  let least = values[first]!;
  for (let at = first + 1; at < values.length; at++) if (values[at]! < least) least = values[at]!;
  return least;
}

export function columnsOfNumbers({ columns }: CellTable): NamedCells[] {
  return columns.filter(isNumeric);
}

/** For each quantile, one value a numeric column. @throws ArgumentError `INVALID_ARGUMENT` */
export function quantiles(table: CellTable, qs: readonly number[]): number[][] {
  const wrong = qs.find((q) => !(q >= 0 && q <= 1));
  if (wrong !== undefined)
    throw new ArgumentError("INVALID_ARGUMENT", `quantile: give numbers from 0 to 1; found ${wrong}`);
  const found = columnsOfNumbers(table).map((column) => quantilesOf(numbersOf(column), qs));
  return qs.map((_, at) => found.map((values) => values[at]!));
}

/** Pearson's correlation of each pair of numeric columns, over the rows where both have values. */
export function correlations(table: CellTable): number[][] {
  const columns = columnsOfNumbers(table).map((column) => deviations(numbersOf(column)));
  const matrix = columns.map(() => new Array<number>(columns.length));
  for (let one = 0; one < columns.length; one++) {
    for (let other = 0; other <= one; other++) {
      const value = correlation(columns[one]!, columns[other]!);
      matrix[one]![other] = value;
      matrix[other]![one] = value;
    }
  }
  return matrix;
}

/** Distances from the mean, which makes sums of products exact enough. */
interface Deviations {
  readonly values: Float64Array;
  readonly isWhole: boolean;
}

function deviations(numbers: Float64Array): Deviations {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const mean = sum / count;
  const values = new Float64Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) values[row] = numbers[row]! - mean;
  return { values, isWhole: count === numbers.length };
}

function correlation(x: Deviations, y: Deviations): number {
  if (x.isWhole && y.isWhole) return ofProducts(x.values, y.values);
  const rows = rowsWhere(x.values.length, (row) => !Number.isNaN(x.values[row]! + y.values[row]!));
  const [ownX, ownY] = [x.values, y.values].map((values) => deviations(Float64Array.from(rows, (row) => values[row]!)));
  return ofProducts(ownX!.values, ownY!.values);
}

function ofProducts(x: Float64Array, y: Float64Array): number {
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  for (let row = 0; row < x.length; row++) {
    const valueX = x[row]!;
    const valueY = y[row]!;
    squaresX += valueX * valueX;
    squaresY += valueY * valueY;
    products += valueX * valueY;
  }
  const scale = squaresX === squaresY ? squaresX : Math.sqrt(squaresX) * Math.sqrt(squaresY);
  return scale === 0 ? Number.NaN : Math.max(-1, Math.min(1, products / scale));
}

/** Different values of each column; missing ones are not counted unless `dropna` is false. */
export function countsOfDifferent({ columns }: CellTable, dropna: boolean): number[] {
  return columns.map((column) => {
    const count = countDifferentCells(column);
    return !dropna && column.cells.list.some(isMissing) ? count + 1 : count;
  });
}
