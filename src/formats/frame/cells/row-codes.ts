/** Rows by the cells of several columns as codes, which go up as the rows sort; and rows by their codes. */
import type { CellCodes } from "./cell-codes.js";
import { numberCodes } from "./number-codes.js";

/** Tables of codes are at most this many times as long as the rows. */
const CODES_A_ROW = 4;
const LEAST_CODES = 65_536;

export interface RowCodes {
  readonly codes: Int32Array;
  /** Codes are below it. */
  readonly count: number;
}

/** Columns' codes as one, the first column the most significant. Missing cells count as any other. */
export function rowCodes(columns: readonly RowCodes[]): RowCodes {
  return columns.reduce(joinCodes);
}

function joinCodes(one: RowCodes, other: RowCodes): RowCodes {
  const rows = one.codes.length;
  const joined = new Float64Array(rows);
  for (let row = 0; row < rows; row++) joined[row] = one.codes[row]! * other.count + other.codes[row]!;
  const count = one.count * other.count;
  return count <= Math.max(LEAST_CODES, CODES_A_ROW * rows)
    ? { codes: new Int32Array(joined), count }
    : numberCodes(joined);
}

/** A column's codes with a code for what is missing, the last one. */
export function withMissing({ codes, count }: CellCodes): RowCodes {
  return { codes, count: count + 1 };
}

/** Codes the other way round; what is missing stays last. */
export function reversedCodes({ codes, count }: RowCodes): RowCodes {
  const missing = count - 1;
  const reversed = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    reversed[row] = code === missing ? code : missing - 1 - code;
  }
  return { codes: reversed, count };
}

export interface RowsByCode {
  /** Rows by ascending code, those of equal code as they come. */
  readonly rows: Int32Array;
  /** Where the rows of each code begin in `rows`; one entry more than codes. */
  readonly starts: Int32Array;
}

export function rowsByCode({ codes, count }: RowCodes): RowsByCode {
  const starts = new Int32Array(count + 1);
  for (let row = 0; row < codes.length; row++) starts[codes[row]! + 1]!++;
  for (let code = 0; code < count; code++) starts[code + 1]! += starts[code]!;
  const next = starts.slice();
  const rows = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row++) rows[next[codes[row]!]!++] = row;
  return { rows, starts };
}
