import type { CsvDialect } from "../opening/dialect.js";
import type { MissingValues } from "./missing-values.js";
import type { RowRepairs } from "./row-repairs.js";

export interface ScanOptions {
  readonly dialect: CsvDialect;
  readonly missing: MissingValues;
  readonly repairs: RowRepairs;
  /** Rows a chunk. */
  readonly chunkRows: number;
  /** Line of the file on which the reader's bytes begin, from 1. */
  readonly firstLine: number;
  /** Called whenever `chunkRows` rows, or at the end fewer, stand in the columns. */
  readonly onChunk: (rows: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ScanProgress {
  rowCount: number;
  /** Bytes read so far, of the text as UTF-8. */
  byteCount: number;
}
