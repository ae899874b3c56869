/** One part of a scan. */
import type { ColumnBatch } from "../columns/batch.js";
import { wireRowBytes } from "../columns/chunk-size.js";
import type { OnProgress, ReadableTable } from "../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, useConnection } from "../connect/connection-option.js";
import type { OmeroConnection } from "../connect/index.js";
import { invalidArgument } from "../errors.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { openTableSource } from "../read/index.js";
import { SERVICE } from "../read/plan/access-path.js";
import { onlyRoute, type TableRoutes } from "../read/plan/route.js";
import { streamBatches } from "../read/plan/stream.js";
import { checkSelection, select, type TableSelection } from "../read/plan/table-selection.js";
import { evenBatches } from "./even-batches.js";
import { FileOrigin } from "./file-origin.js";
import { checkPlanned, checkStillPlanned, type ScanOrigin } from "./planned-table.js";
import { parseScanJob, type ScanJob } from "./scan-job.js";
import { queryOf } from "./scan-query.js";

/** How the server is reached: by `connection`, or by the options of `connectToOmero`; the job says where it is. */
export interface ReadPartitionOptions extends ConnectionOption {
  /** Told of rows read; their number is unknown where there is a condition. */
  readonly onProgress?: OnProgress | undefined;
  /** Refuses a job whose batches may take more bytes than this, unless they are of one row. Default any. */
  readonly maxBatchBytes?: number | undefined;
}

const READ_OPTIONS: OptionNames<ReadPartitionOptions> = {
  ...CONNECTION_OPTIONS,
  onProgress: true,
  maxBatchBytes: true,
};

/**
 * Reads the part of a table that a job of {@link planScan} names, batch by batch; at least one batch, so that columns are known.
 * Batches are cut at the same rows wherever and however often it is read. The table is compared with the one that was planned
 * before the first batch and after the last: where the loop ends with an error, what came of it is not to be used.
 *
 * @throws TableError `TABLE_CHANGED` where the table is not the one that was planned, or not any more
 * @throws ArgumentError `INVALID_ARGUMENT` for what is no job; what `readBatches` throws
 *
 * @example
 * ```ts
 * for await (const batch of readPartition(job, { sessionKey })) console.log(batch.rowCount);
 * ```
 */
export async function* readPartition(
  job: ScanJob,
  options: ReadPartitionOptions = {},
): AsyncGenerator<ColumnBatch, void, undefined> {
  checkOptions(options, READ_OPTIONS, "readPartition");
  const checked = parseScanJob(job);
  if (checked.path !== undefined) return yield* filePartition(checked.path, checked, options);
  const { connection, release } = await useConnection({
    ...options,
    server: options.connection === undefined ? (options.server ?? checked.server) : undefined,
  });
  try {
    yield* serverPartition(connection, checked, options);
  } finally {
    await release();
  }
}

async function* serverPartition(
  connection: OmeroConnection,
  job: ScanJob,
  { signal, ...options }: ReadPartitionOptions,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { table, routes, close } = await openTableSource({ connection, fileId: job.fileId, route: "service", signal });
  try {
    const origin = routes.origin!; // of a table on a server
    yield* partitionOf(onlyRoute({ table, method: SERVICE }), origin, job, { ...options, signal });
  } finally {
    await close();
  }
}

async function* filePartition(
  path: string,
  job: ScanJob,
  options: ReadPartitionOptions,
): AsyncGenerator<ColumnBatch, void, undefined> {
  if (options.connection !== undefined)
    throw invalidArgument("This job reads a file of this machine, not the connection");
  const origin = await FileOrigin.of(path);
  const { routes, close } = await openTableSource({ path, signal: options.signal });
  try {
    yield* partitionOf(routes, origin, job, options);
  } finally {
    await close();
  }
}

async function* partitionOf(
  routes: TableRoutes,
  origin: ScanOrigin,
  job: ScanJob,
  options: ReadPartitionOptions,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { table } = routes;
  await checkPlanned(job.table, table, origin, options.signal);
  const selection = selectionOf(table, job, options);
  checkBatchBytes(job, selection, options.maxBatchBytes);
  yield* evenBatches(streamBatches(selection, routes), job.batchRows);
  await checkStillPlanned(job.table, origin, options.signal);
}

function checkBatchBytes({ batchRows }: ScanJob, { fields }: TableSelection, most = Number.POSITIVE_INFINITY): void {
  if (batchRows === 1 || batchRows * wireRowBytes(fields) <= most) return;
  throw invalidArgument(`This job asks for batches of ${batchRows} rows, which may take more than ${most} bytes`);
}

function selectionOf(table: ReadableTable, job: ScanJob, options: ReadPartitionOptions): TableSelection {
  const { columnNames, rows: span } = job;
  const { signal, onProgress } = options;
  const which = job.query === undefined ? { rows: span } : { query: queryOf(job.query) };
  const selection = select(table, checkSelection({ columnNames, ...which, signal, onProgress }));
  return "condition" in selection.rows ? { ...selection, rows: { ...selection.rows, span } } : selection;
}
