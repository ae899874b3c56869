/** The first reading of a CSV file, which finds out its columns and keeps its rows as far as they fit. */
import type { OnProgress } from "../../columns/table.js";
import { columnMessages } from "./column-messages.js";
import type { CsvOpening } from "./opening/csv-opening.js";
import type { CsvOptions } from "./opening/dialect.js";
import { learnKinds } from "./opening/learn-kinds.js";
import { type CellColumn, STRING_CELLS } from "./scan/cell-column.js";
import { type CsvColumn, concludeColumn } from "./scan/column-kind.js";
import { KeptChunks } from "./scan/kept-chunks.js";
import { MissingValues } from "./scan/missing-values.js";
import { RowCounter } from "./scan/row-counter.js";
import { scan } from "./scan/scan.js";
import { type ColumnChoice, newRepairs, type ScannedColumn, scannedColumns } from "./scanned-columns.js";
import { dataReader } from "./text/data-reader.js";

/** Cells a chunk of the first reading, and its rows at most. */
const SCANNED_CELLS = 512 * 1024;
const SCANNED_ROWS = 16 * 1024;
const KEPT_BYTES = 16 * 1024 * 1024;

export interface FirstReading {
  readonly columns: readonly CsvColumn[];
  /** Positions of the columns among those kept. */
  readonly positions: readonly number[];
  readonly rowCount: number;
  readonly kept: KeptChunks;
  /** What was repaired, in sentences. */
  readonly messages: readonly string[];
}

export interface FirstReadingOptions extends CsvOptions, ColumnChoice {
  readonly keptBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** @param total bytes of text, where known */
export async function readOnce(
  opening: CsvOpening,
  total: number | undefined,
  options: FirstReadingOptions,
): Promise<FirstReading> {
  const { names, dialect, start } = opening;
  const chunkRows = Math.max(1, Math.min(SCANNED_ROWS, Math.floor(SCANNED_CELLS / names.length)));
  const missing = new MissingValues(options.missing ?? options.missingValues);
  const repairs = newRepairs(options);
  const columns = scannedColumns(opening, chunkRows, options);
  const wanted = columns.filter(({ wanted }) => wanted).map(({ column }) => column);
  const all = columns.map(({ column }) => column);
  learnKinds(all, opening, missing);
  for (const { column, wanted } of columns) column.restart(wanted);
  const kept = new KeptChunks(options.keptBytes ?? KEPT_BYTES);
  const counter = opening.nameless[0] === true && isFree(columns[0]!) ? new RowCounter(all[0]!) : undefined;
  const onChunk = (rows: number) => {
    counter?.add(rows);
    kept.add(wanted, rows);
    if (!kept.complete) for (const column of all) column.storing = false;
  };
  try {
    const { signal } = options;
    const scanned = { dialect, missing, repairs, chunkRows, firstLine: start.line, onChunk, signal };
    let rowCount = 0;
    for await (const progress of scan(await dataReader(opening.reader, start.offset, dialect), all, scanned)) {
      rowCount = progress.rowCount;
      options.onProgress?.({ done: start.offset + progress.byteCount, total, unit: "bytes" });
      await kept.settled();
    }
    const isIndex = counter?.isIndex ?? false;
    const notes = repairs.messages;
    const concluded = conclude(opening, columns, { rowCount, isIndex, kept, notes, strict: options.strict ?? false });
    return { ...concluded, rowCount, kept };
  } catch (error) {
    await kept.drop();
    throw error;
  }
}

/** Whether nobody asked for a column by its name, so that it may be left out. */
function isFree({ column, wanted }: ScannedColumn): boolean {
  return wanted && !column.fixed;
}

interface Scanned {
  readonly rowCount: number;
  /** Whether the first column numbers the rows. */
  readonly isIndex: boolean;
  readonly kept: KeptChunks;
  readonly notes: readonly string[];
  /** Whether columns without a name stay, whatever they hold. */
  readonly strict: boolean;
}

function conclude(
  { nameless }: CsvOpening,
  columns: readonly ScannedColumn[],
  { rowCount, isIndex, kept, notes, strict }: Scanned,
): Pick<FirstReading, "columns" | "positions" | "messages"> {
  const isLeftOut = (one: ScannedColumn, index: number) =>
    nameless[index] === true && isFree(one) && (one.column.width === 0 || (index === 0 && isIndex));
  const left = columns.filter(isLeftOut);
  const keepAll = strict || left.length === columns.filter(({ wanted }) => wanted).length;
  const taken = columns.filter((one, index) => one.wanted && (keepAll || !isLeftOut(one, index)));
  const wanted = columns.filter(({ wanted }) => wanted);
  const concluded = taken.map(({ column }) => concludeKept(column, rowCount, kept));
  const unnamed = taken.filter((one) => nameless[columns.indexOf(one)]).map(({ column }) => column.name);
  const empty = keepAll ? 0 : left.filter(({ column }) => column.width === 0).length;
  const messages = columnMessages(concluded, { isIndex: isIndex && !keepAll, unnamed, empty });
  return { columns: concluded, positions: taken.map((one) => wanted.indexOf(one)), messages: [...notes, ...messages] };
}

/** Where a column of numbers turns out to be text, its rows must be read again. */
function concludeKept(column: CellColumn, rowCount: number, kept: KeptChunks): CsvColumn {
  const before = column.kind;
  const concluded = concludeColumn(column, rowCount);
  if (column.kind === STRING_CELLS && before !== STRING_CELLS) kept.forget();
  return concluded;
}
