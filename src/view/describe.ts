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

/**
 * Describes the columns of a table of any size, in one pass and bounded memory: counts, missing and different values, minimum,
 * quartiles, maximum, mean, standard deviation, and a small histogram. Beyond some thousand values quartiles are those of a sketch, and
 * beyond 10,000 different values their number is an estimate; the description says so. Throws as {@link readBatches} does.
 *
 * @example
 * ```ts
 * const { columns } = await describeTable({ connection, fileId: 10, query: "area > 20" });
 * console.log(columns.map(({ name, quartiles }) => [name, quartiles]));
 * ```
 */
export async function describeTable(options: ReadOptions): Promise<TableDescription> {
  checkOptions(options, READ_OPTIONS, "describeTable");
  return describeBatches(readBatches(options));
}

/** As {@link describeTable}, of batches that are had already. */
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
