/** A table as parts that any number of processes read, each by itself. */
import { resolve } from "node:path";
import type { ColumnField } from "../columns/batch.js";
import { wireRowBytes } from "../columns/chunk-size.js";
import type { ReadableTable } from "../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../connect/connection-option.js";
import { formatAddress } from "../connect/server-address.js";
import { ArgumentError, invalidArgument } from "../errors.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { checkFileRef, FILE_REF_OPTIONS, type FileRef } from "../gateway/files/original-file.js";
import { openTableSource } from "../read/index.js";
import { checkSelection, type SelectionOptions, select } from "../read/plan/table-selection.js";
import { FileOrigin } from "./file-origin.js";
import { plannedTable, type ScanOrigin } from "./planned-table.js";
import type { ScanJob } from "./scan-job.js";
import { scanQuery } from "./scan-query.js";

/** Which table, which part of it, and into how many parts. */
export interface PlanScanOptions
  extends ConnectionOption,
    FileRef,
    Pick<SelectionOptions, "columnNames" | "query" | "variables" | "signal"> {
  /** Path of a file of this machine (OMERO.tables, TileDB, Parquet, ...), in place of a table on a server. Parts are read from the same path. */
  readonly path?: string | undefined;
  /** How many parts, 100,000 at most; not together with `partitionRows`. */
  readonly partitions?: number | undefined;
  /** Rows of the table to each part. Default 1,000,000. */
  readonly partitionRows?: number | undefined;
  /** Rows of each batch that comes of a part. Default: what makes some 16 MiB, 65,536 at most. */
  readonly batchRows?: number | undefined;
}

/** What a scan gives, and the jobs it is made of. */
export interface ScanPlan {
  /** Columns of what comes. */
  readonly fields: readonly ColumnField[];
  /** Rows of the table, of which a condition takes some. */
  readonly rowCount: number;
  /** At least one. They are plain JSON, and each is read by `readPartition`. */
  readonly jobs: readonly ScanJob[];
}

const PLAN_OPTIONS: OptionNames<PlanScanOptions> = {
  ...CONNECTION_OPTIONS,
  ...FILE_REF_OPTIONS,
  columnNames: true,
  query: true,
  variables: true,
  signal: true,
  path: true,
  partitions: true,
  partitionRows: true,
  batchRows: true,
};
const PARTITION_ROWS = 1_000_000;
/** Each takes some hundred bytes. */
const MOST_PARTITIONS = 100_000;
const MOST_BATCH_ROWS = 65_536;
const BATCH_BYTES = 16 * 2 ** 20;

/**
 * Plans to read a table in parts: each job is plain JSON, without a secret, and is read by {@link readPartition} in any process
 * that can log in. All parts together are the selection, in the order of the jobs.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN`, `INVALID_ARGUMENT`; ConditionError; what `connectToOmero` and `openTable` throw
 *
 * @example
 * ```ts
 * const { jobs } = await planScan({ connection, fileId: 10, query: "area > 20", partitions: 8 });
 * ```
 */
export async function planScan(options: PlanScanOptions): Promise<ScanPlan> {
  checkOptions(options, PLAN_OPTIONS, "planScan");
  const { columnNames, query, variables, signal } = options;
  const checked = checkSelection({ columnNames, query, variables });
  checkCounts(options);
  const { fileId, annotationId, path } = options;
  if (path !== undefined) return planFile(path, options, checked);
  checkFileRef({ fileId, annotationId });
  return withConnection(options, async (connection) => {
    const source = await openTableSource({ connection, fileId, annotationId, route: "service", signal });
    try {
      const origin = source.routes.origin!; // of a table on a server
      const place = { server: formatAddress(connection.server), fileId: origin.fileId };
      return await planned(source.table, origin, place, options, checked);
    } finally {
      await source.close();
    }
  });
}

async function planFile(path: string, options: PlanScanOptions, checked: CheckedSelection): Promise<ScanPlan> {
  if (options.fileId !== undefined || options.annotationId !== undefined || options.connection !== undefined) {
    throw invalidArgument("Give either path, or fileId or annotationId on a server");
  }
  const place = { path: resolve(path) };
  const origin = await FileOrigin.of(place.path);
  const { table, close } = await openTableSource({ path: place.path, signal: options.signal });
  try {
    return await planned(table, origin, place, options, checked);
  } finally {
    await close();
  }
}

type CheckedSelection = ReturnType<typeof checkSelection>;

async function planned(
  table: ReadableTable,
  origin: ScanOrigin,
  place: Pick<ScanJob, "server" | "fileId" | "path">,
  options: PlanScanOptions,
  checked: CheckedSelection,
): Promise<ScanPlan> {
  const { query, variables, signal } = options;
  const { fields } = select(table, checked);
  const { rowCount } = table;
  const common = {
    version: 1,
    ...place,
    columnNames: fields.map(({ name }) => name),
    ...(query === undefined ? {} : { query: scanQuery(query, variables) }),
    batchRows: options.batchRows ?? batchRows(fields),
    table: await plannedTable(table, origin, signal),
  } as const;
  const spans = partitionSpans(rowCount, options);
  const jobs = spans.map((rows, partition) => ({ ...common, partition, partitions: spans.length, rows }));
  return { fields, rowCount, jobs };
}

function checkCounts({ partitions, partitionRows, batchRows: rows }: PlanScanOptions): void {
  for (const [name, count] of Object.entries({ partitions, partitionRows, batchRows: rows })) {
    if (count === undefined || (Number.isSafeInteger(count) && count > 0)) continue;
    throw new ArgumentError("INVALID_ARGUMENT", `${name} is a whole number from 1, not ${count}`);
  }
  if (partitions === undefined || partitionRows === undefined) return;
  throw new ArgumentError("INVALID_ARGUMENT", "Give either partitions or partitionRows");
}

/**
 * Spans of rows, as long as each other but for one row, none without rows unless all are.
 * @throws ArgumentError `INVALID_ARGUMENT` for more than {@link MOST_PARTITIONS}
 */
export function partitionSpans(
  rowCount: number,
  { partitions, partitionRows = PARTITION_ROWS }: Pick<PlanScanOptions, "partitions" | "partitionRows">,
): { start: number; stop: number }[] {
  const wanted = partitions ?? Math.ceil(rowCount / partitionRows);
  const count = Math.max(1, Math.min(wanted, rowCount));
  if (count > MOST_PARTITIONS)
    throw invalidArgument(`${count} parts are more than ${MOST_PARTITIONS}: ask for fewer, of more rows`);
  const bound = (n: number) =>
    partitions === undefined ? Math.min(n * partitionRows, rowCount) : Math.floor((rowCount * n) / count);
  return Array.from({ length: count }, (_, n) => ({ start: bound(n), stop: bound(n + 1) }));
}

function batchRows(fields: readonly ColumnField[]): number {
  return Math.max(1, Math.min(MOST_BATCH_ROWS, Math.floor(BATCH_BYTES / wireRowBytes(fields))));
}
