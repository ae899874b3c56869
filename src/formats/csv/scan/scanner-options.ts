/** What a scanner of records is told. */
import type { NumberMarks } from "./accept-cell.js";
import type { MissingValues } from "./missing-values.js";
import type { RowRepairs } from "./row-repairs.js";

/** The bytes a scanner goes by. All are ASCII; `quote` is -1 where nothing quotes. */
export interface ScannerSyntax {
  readonly delimiter: number;
  readonly quote: number;
  /** Of unquoted cells; -1 where it is the delimiter. */
  readonly decimalMark: number;
  readonly marks: NumberMarks;
}

export interface ScannerOptions {
  readonly syntax: ScannerSyntax;
  readonly missing: MissingValues;
  readonly repairs: RowRepairs;
  readonly chunkRows: number;
  /** First line the scanner is given, from 1. */
  readonly firstLine: number;
  /** Called when `rows` rows (`chunkRows`, or fewer at the end) stand in the columns. */
  readonly onChunk: (rows: number) => void;
}
