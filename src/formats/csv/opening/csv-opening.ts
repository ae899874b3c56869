/** What the beginning of a CSV text says: its dialect, the names of its columns, and where its data begin. */
import { DataError } from "../../../errors.js";
import type { CellColumn } from "../scan/cell-column.js";
import { malformedCsv } from "../scan/malformed.js";
import type { MissingValues } from "../scan/missing-values.js";
import { RecordScanner } from "../scan/record-scanner.js";
import { scannerSyntax } from "../scan/scan.js";
import { type ByteReader, PrefixedReader, readFully } from "../text/byte-reader.js";
import type { CsvText } from "../text/csv-text.js";
import { columnNames, numberedNames } from "./column-names.js";
import { detectDialect } from "./detect-dialect.js";
import { type CsvDialect, type CsvOptions, isPlainDialect } from "./dialect.js";

const SAMPLE = 1024 * 1024;

/** Where the data records begin in the text. */
export interface DataStart {
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

export interface CsvOpening {
  readonly dialect: CsvDialect;
  readonly names: readonly string[];
  readonly start: DataStart;
  /** The text's first bytes, from its beginning. */
  readonly sample: Uint8Array;
  /** Whether `sample` is all of the text. */
  readonly complete: boolean;
  /** The text from its beginning. */
  readonly reader: ByteReader;
}

/** @throws DataError `MALFORMED_CSV` for an empty text, `INVALID_SCHEMA` for unusable names. */
export async function readOpening({ reader, encoding }: CsvText, options: CsvOptions): Promise<CsvOpening> {
  const buffer = Buffer.allocUnsafeSlow(SAMPLE);
  const sample = buffer.subarray(0, await readFully(reader, buffer));
  const complete = sample.length < SAMPLE;
  // One character a byte, so that offsets in the text are offsets in the bytes.
  const { dialect, records } = detectDialect(sample.toString("latin1"), complete, encoding, options);
  const [first] = records;
  if (first === undefined) throw noRecord(complete);
  const start = dialect.header ? { offset: first.end, line: 1 + first.lines } : { offset: 0, line: 1 };
  const cells = first.cells.map((cell) => Buffer.from(cell, "latin1").toString("utf8"));
  const names = namesOf(cells, dialect, options, first.lines);
  return { dialect, names, start, sample, complete, reader: new PrefixedReader(sample, reader) };
}

function noRecord(complete: boolean): Error {
  if (complete)
    return malformedCsv(1, "there is no record", "The file is empty; a CSV begins with the names of its columns");
  return malformedCsv(
    1,
    "the first record does not end within a megabyte",
    "Give other CSV options; is this CSV at all?",
  );
}

function namesOf(cells: readonly string[], dialect: CsvDialect, options: CsvOptions, line: number): readonly string[] {
  const { header, repairNames = false } = options;
  if (Array.isArray(header)) {
    if (header.length === cells.length) return columnNames(header, repairNames, line);
    throw malformedCsv(
      line,
      `${cells.length} cells where header names ${header.length} columns`,
      "Correct the header option",
    );
  }
  return dialect.header ? columnNames(cells, repairNames, line) : numberedNames(cells.length);
}

/**
 * Shows the columns the rows in the sample, so that they mostly have their final kinds before the file is read. What is
 * malformed there is left for the reading to find.
 */
export function learnKinds(columns: readonly CellColumn[], opening: CsvOpening, missing: MissingValues): void {
  if (!isPlainDialect(opening.dialect)) return;
  const bytes = new Uint8Array(opening.sample.length + 16);
  bytes.set(opening.sample);
  const scanner = new RecordScanner(columns, {
    syntax: scannerSyntax(opening.dialect),
    missing,
    chunkRows: Number.POSITIVE_INFINITY,
    firstLine: opening.start.line,
    onChunk: () => {},
  });
  try {
    scanner.scan(bytes, opening.start.offset, opening.sample.length, opening.complete);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
}
