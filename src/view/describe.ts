/** What is in a table's columns, in one pass. */
import type { ColumnBatch } from "../columns/batch.js";
import { checkOptions } from "../flow/options.js";
import { READ_OPTIONS, type ReadOptions, readBatches } from "../read/read-table.js";
import { type ColumnDescription, type ColumnSummary, summaryOf } from "./summaries/column-summaries.js";

/** What is in a table, or the part of it that was selected. */
export interface TableDescription {
  /** Rows looked at. */
  readonly rowCount: number;
  /** Its columns, in order. */
  readonly columns: readonly ColumnDescription[];
}

/** Rows at a time of a file of this machine. */
const LOCAL_ROWS = 32_768;

/** As `describeTable`, whose work it does. */
export async function describeRead(options: ReadOptions): Promise<TableDescription> {
  checkOptions(options, READ_OPTIONS, "describeTable");
  const { chunkSize = options.path === undefined ? undefined : LOCAL_ROWS } = options;
  return describeBatches(readBatches({ ...options, chunkSize }));
}

/** As `describeTable`, of batches that are had already. */
export async function describeBatches(batches: AsyncIterable<ColumnBatch>): Promise<TableDescription> {
  let summaries: ColumnSummary[] | undefined;
  let rowCount = 0;
  for await (const batch of batches) {
    summaries ??= batch.fields.map((field) => summaryOf(field, batch.fields.length));
    for (const [index, column] of batch.columns.entries()) summaries[index]!.add(column);
    rowCount += batch.rowCount;
  }
  return { rowCount, columns: (summaries ?? []).map((summary) => summary.describe()) };
}
