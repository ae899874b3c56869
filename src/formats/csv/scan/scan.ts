/** Scans the records of a CSV file, from its first data record on, into columns. */

import { type CsvDialect, isPlainDialect, isSpaced } from "../opening/dialect.js";
import { BlockReader } from "../text/block-reader.js";
import type { ByteReader } from "../text/byte-reader.js";
import type { CellColumn } from "./cell-column.js";
import { RecordScanner } from "./record-scanner.js";
import type { ScanOptions, ScanProgress } from "./scan-options.js";
import type { ScannerSyntax } from "./scanner-options.js";

/** Pauses after each block, to let chunks be taken away. The reader is closed in the end. */
export async function* scan(
  reader: ByteReader,
  columns: readonly CellColumn[],
  options: ScanOptions,
): AsyncGenerator<ScanProgress, void, undefined> {
  try {
    if (isPlainDialect(options.dialect)) yield* scanPlain(reader, columns, options);
    else {
      const { scanWithCsvParse } = await import("./csv-parse-scan.js");
      yield* scanWithCsvParse(reader, columns, options);
    }
  } finally {
    await reader.close();
  }
}

async function* scanPlain(
  reader: ByteReader,
  columns: readonly CellColumn[],
  { dialect, signal, ...options }: ScanOptions,
): AsyncGenerator<ScanProgress, void, undefined> {
  const scanner = new RecordScanner(columns, { ...options, syntax: scannerSyntax(dialect) });
  const blocks = new BlockReader(reader, signal);
  try {
    let block = await blocks.next(undefined, 0, scanner.line);
    for (;;) {
      const consumed = scanner.scan(block.bytes, block.start, block.end, block.final);
      if (block.final) break;
      yield { rowCount: scanner.rowCount, byteCount: blocks.byteCount };
      block = await blocks.next(block, consumed, scanner.line);
    }
    scanner.finish();
    yield { rowCount: scanner.rowCount, byteCount: blocks.byteCount };
  } finally {
    await blocks.close();
  }
}

/** A plain dialect as the scanner of bytes takes it. */
export function scannerSyntax(dialect: CsvDialect): ScannerSyntax {
  const { quote, decimal } = dialect;
  const delimiter = isSpaced(dialect) ? "\t" : dialect.delimiter;
  return {
    delimiter: delimiter.charCodeAt(0),
    quote: quote === "" ? -1 : quote.charCodeAt(0),
    decimalMark: delimiter === decimal ? -1 : decimal.charCodeAt(0),
    marks: dialect,
  };
}
