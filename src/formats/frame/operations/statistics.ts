/** Statistics of columns of numbers, as pandas has them: missing values are left out. */
import { ArgumentError } from "../../../errors.js";
import { cellCodes, toNumbers } from "../cells/cell-codes.js";
import { type CellTable, isNumeric, type NamedCells } from "../cells/cell-table.js";

/** Interpolated linearly between the values next to it; NaN where there is none. Sorts `values`. */
export function quantileOf(values: Float64Array, q: number): number {
  values.sort(); // NaN last
  let count = values.length;
  while (count > 0 && Number.isNaN(values[count - 1])) count--;
  if (count === 0) return Number.NaN;
  const place = q * (count - 1);
  const below = Math.floor(place);
  const share = place - below;
  const [low, high] = [values[below]!, values[Math.min(below + 1, count - 1)]!];
  if (share === 0) return low;
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

export function columnsOfNumbers({ columns }: CellTable): NamedCells[] {
  return columns.filter(isNumeric);
}

/** For each quantile, one value a numeric column. @throws ArgumentError `INVALID_ARGUMENT` */
export function quantiles(table: CellTable, qs: readonly number[]): number[][] {
  const wrong = qs.find((q) => !(q >= 0 && q <= 1));
  if (wrong !== undefined)
    throw new ArgumentError("INVALID_ARGUMENT", `quantile: give numbers from 0 to 1; found ${wrong}`);
  const sorted = columnsOfNumbers(table).map(({ cells }) => toNumbers(cells));
  return qs.map((q) => sorted.map((values) => quantileOf(values, q)));
}

/** Pearson's correlation of each pair of numeric columns, over the rows where both have values. */
export function correlations(table: CellTable): number[][] {
  const columns = columnsOfNumbers(table).map(({ cells }) => toNumbers(cells));
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

/** By Welford's method. */
function correlation(x: Float64Array, y: Float64Array): number {
  let [count, meanX, meanY, squaresX, squaresY, products] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const [valueX, valueY] = [x[row]!, y[row]!];
    if (Number.isNaN(valueX) || Number.isNaN(valueY)) continue;
    count++;
    const distanceX = valueX - meanX;
    const distanceY = valueY - meanY;
    meanX += distanceX / count;
    meanY += distanceY / count;
    squaresX += distanceX * (valueX - meanX);
    squaresY += distanceY * (valueY - meanY);
    products += distanceX * (valueY - meanY);
  }
  const scale = Math.sqrt(squaresX * squaresY);
  if (count === 0 || scale === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, products / scale));
}

/** Different values of each column; missing ones are not counted unless `dropna` is false. */
export function countsOfDifferent({ columns }: CellTable, dropna: boolean): number[] {
  return columns.map(({ cells, name }) => {
    const { codes, count } = cellCodes([cells], name);
    return !dropna && codes[0]!.includes(count) ? count + 1 : count;
  });
}
