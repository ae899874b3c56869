/**
 * A part of a CSV file scanned by itself, by any thread. Where its records begin is taken from the line breaks, which may be
 * inside quoted cells; so a part counts only when the part before it ended exactly where this one began.
 */
import { isUtf8 } from "node:buffer";
import { read } from "node:fs";
import { promisify } from "node:util";
import type { ColumnData } from "../batch.js";
import { DataError } from "../errors.js";
import type { CellColumn } from "./cell-column.js";
import { type ColumnState, columnFrom, stateOf } from "./column-state.js";
import { MissingValues } from "./missing-values.js";
import { RecordScanner, type ScannerSyntax } from "./record-scanner.js";

const LF = 10;
/** The last line is looked for so far beyond the segment's end. */
const OVERLAP = 64 * 1024;
/** A scanner may look, and write, a little beyond the last byte. */
const SLACK = 16;

const readAt = promisify(read);

/** The lines that begin in bytes `start ..< stop` of a file. */
export interface CsvSegment {
  /** Descriptor, open in this process. */
  readonly file: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly start: number;
  readonly stop: number;
  /** Whether a record begins at `start`, whatever stands before it. */
  readonly isFirst: boolean;
  /** As they are known so far. */
  readonly columns: readonly ColumnState[];
  readonly syntax: ScannerSyntax;
  readonly missingValues: readonly string[] | undefined;
  /** Rows a chunk. */
  readonly chunkRows: number;
}

export interface ColumnChunk {
  /** Of the columns that are stored; undefined where a column has shown no value. */
  readonly columns: readonly (ColumnData | undefined)[];
  readonly rows: number;
}

export interface ScannedSegment {
  readonly rowCount: number;
  /** As they are known after it. */
  readonly columns: readonly ColumnState[];
  readonly chunks: readonly ColumnChunk[];
}

/** Scans a segment, or gives nothing where only a scan from the file's beginning can tell what it holds. */
export async function scanSegment(segment: CsvSegment): Promise<ScannedSegment | undefined> {
  const bytes = await readSegment(segment);
  if (bytes === undefined || !isUtf8(bytes.subarray(0, bytes.length - SLACK))) return undefined;
  const columns = segment.columns.map((state) => columnFrom(state, segment.chunkRows));
  const stored = columns.filter(({ storing }) => storing);
  const chunks: ColumnChunk[] = [];
  const onChunk = (rows: number) => {
    if (stored.length > 0) chunks.push({ columns: stored.map((column) => column.take(rows)), rows });
  };
  const missing = new MissingValues(segment.missingValues);
  const { syntax, chunkRows } = segment;
  const scanner = new RecordScanner(columns, { syntax, missing, chunkRows, firstLine: 1, onChunk });
  const end = bytes.length - SLACK;
  try {
    if (scanner.scan(bytes, 0, end, segment.stop >= segment.size) !== end) return undefined;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
  scanner.finish();
  if (columns.some((column, index) => needsPlace(column, segment.columns[index]!))) return undefined;
  return { rowCount: scanner.rowCount, columns: columns.map(stateOf), chunks };
}

/** Whether a column has changed its kind, or shown what must be told with its row. */
function needsPlace(column: CellColumn, before: ColumnState): boolean {
  const { kind, lostText, unsafeInteger, beyondInt64, trailingNulRow } = column;
  return kind !== before.kind || lostText || (unsafeInteger ?? beyondInt64 ?? trailingNulRow) !== undefined;
}

/** The segment's lines, followed by {@link SLACK} bytes. */
async function readSegment({ file, size, start, stop, isFirst }: CsvSegment): Promise<Uint8Array | undefined> {
  const position = isFirst ? start : start - 1;
  const length = Math.min(stop + OVERLAP, size) - position;
  const bytes = Buffer.allocUnsafeSlow(length + SLACK);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await readAt(file, bytes, done, length - done, position + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  const from = isFirst ? 0 : lineAfter(bytes, 0, length);
  const to = stop >= size ? length : lineAfter(bytes, stop - 1 - position, length);
  return from === undefined || to === undefined ? undefined : bytes.subarray(from, to + SLACK);
}

/** Where the line begins that follows the first line break from `at` on. */
function lineAfter(bytes: Uint8Array, at: number, end: number): number | undefined {
  const lineBreak = bytes.indexOf(LF, at);
  return lineBreak < 0 || lineBreak >= end ? undefined : lineBreak + 1;
}
