/** What the first rows say of the columns, before the file is read. */
import { DataError } from "../../../errors.js";
import type { CellColumn } from "../scan/cell-column.js";
import { isPadded } from "../scan/column-kind.js";
import type { MissingValues } from "../scan/missing-values.js";
import { RecordScanner } from "../scan/record-scanner.js";
import { RowRepairs } from "../scan/row-repairs.js";
import { scannerSyntax } from "../scan/scan.js";
import { SpaceCollapser } from "../text/spaced-reader.js";
import type { CsvOpening } from "./csv-opening.js";
import { isPlainDialect, SPACED_DELIMITERS } from "./dialect.js";

/** A scanner may look a little beyond the last byte. */
const SLACK = 16;

/**
 * Shows the columns the rows in the sample, so that they mostly have their final kinds before the file is read. What is
 * malformed there is left for the reading to find.
 */
export function learnKinds(columns: readonly CellColumn[], opening: CsvOpening, missing: MissingValues): void {
  if (!isPlainDialect(opening.dialect)) return;
  const { bytes, end } = sampleRows(opening);
  const scanner = new RecordScanner(columns, {
    syntax: scannerSyntax(opening.dialect),
    missing,
    repairs: new RowRepairs({ fillShort: true, dropEmpty: true, skipComments: true }),
    chunkRows: Number.POSITIVE_INFINITY,
    firstLine: opening.start.line,
    onChunk: () => {},
  });
  try {
    scanner.scan(bytes, 0, end, opening.complete);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  for (const column of columns) if (isPadded(column)) column.keepAsText();
}

/** The data rows of the sample as the scanner takes them, with room behind. */
function sampleRows({ sample, start, dialect }: CsvOpening): { bytes: Uint8Array; end: number } {
  const rows = sample.subarray(start.offset);
  const bytes = new Uint8Array(rows.length + SLACK);
  const least = SPACED_DELIMITERS.get(dialect.delimiter);
  if (least !== undefined) return { bytes, end: new SpaceCollapser(least, dialect.quote).collapse(rows, bytes, 0) };
  bytes.set(rows);
  return { bytes, end: rows.length };
}
