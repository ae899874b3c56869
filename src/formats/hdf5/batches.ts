import type { ColumnBatch } from "../../columns/batch.js";
import { ArgumentError } from "../../errors.js";
import { mapInOrder } from "../../flow/map-in-order.js";
import type { Hdf5Table } from "./hdf5-table.js";
import { openHdf5Table } from "./open-table.js";
import type { FileSource } from "./structure/local-file.js";

/** Rows of a batch where not given: what takes about this many bytes in the file, but not more rows than that. */
const USUAL_BATCH_BYTES = 8 << 20;
const USUAL_BATCH_ROWS = 65_536;

export interface ReadHdf5Options {
  /** Positions of columns; all by default. */
  readonly columns?: readonly number[] | undefined;
  /** First row; 0 by default. */
  readonly start?: number | undefined;
  /** Row after the last; the number of rows by default. */
  readonly stop?: number | undefined;
  /** Rows of each batch but the last. Chosen by the size of a row where not given. */
  readonly batchRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The rows of an OMERO.tables file, batch by batch, in memory bounded by two batches. A table without rows gives no
 * batch.
 * @param source the file's path, or a file that is open for reading; such a one stays open.
 * @throws as `openHdf5Table` and `Hdf5Table.read`; ArgumentError `INVALID_ARGUMENT` for batches of no rows.
 */
export async function* readHdf5Batches(source: FileSource, options: ReadHdf5Options = {}): AsyncGenerator<ColumnBatch> {
  const table = await openHdf5Table(source);
  try {
    yield* tableBatches(table, options);
  } finally {
    await table.close();
  }
}

/** {@link readHdf5Batches} of a table that is open. The next batch is read while one is worked on. */
export async function* tableBatches(table: Hdf5Table, options: ReadHdf5Options = {}): AsyncGenerator<ColumnBatch> {
  const { columns = table.fields.map((_, index) => index), start = 0, stop = table.rowCount, signal } = options;
  const batchRows = options.batchRows ?? usualBatchRows(table.recordSize);
  if (!Number.isInteger(batchRows) || batchRows < 1) {
    throw new ArgumentError("INVALID_ARGUMENT", `batches of ${batchRows} rows are not possible`);
  }
  const read = (first: number) =>
    table.read(columns, first, Math.max(first, Math.min(first + batchRows, stop)), { signal });
  for await (const batch of mapInOrder(firstRows(start, stop, batchRows), read, { label: "Reading rows", signal })) {
    if (batch.rowCount > 0) yield batch;
  }
}

/** Of each batch. There is one at least, so that what is asked for is checked where there are no rows, too. */
function* firstRows(start: number, stop: number, batchRows: number): Generator<number> {
  yield start;
  for (let first = start + batchRows; first < stop; first += batchRows) yield first;
}

function usualBatchRows(recordSize: number): number {
  return Math.max(1, Math.min(USUAL_BATCH_ROWS, Math.floor(USUAL_BATCH_BYTES / recordSize)));
}
