/** What is in a table's columns; how it is found out is loaded when it is first asked for. */
import type { ReadOptions } from "../read/read-table.js";
import type { TableDescription } from "./describe.js";

/**
 * Describes the columns of a table of any size, in one pass and bounded memory: counts, missing and different values, minimum,
 * quartiles, maximum, mean, standard deviation, and a small histogram. Beyond some thousand values quartiles are those of a sketch, and
 * beyond 10,000 different values their number is an estimate; the description says so. Throws as `readBatches` does.
 *
 * @example
 * ```ts
 * const { columns } = await describeTable({ connection, fileId: 10, query: "area > 20" });
 * console.log(columns.map(({ name, quartiles }) => [name, quartiles]));
 * ```
 */
export async function describeTable(options: ReadOptions): Promise<TableDescription> {
  const { describeRead } = await import("./describe.js");
  return describeRead(options);
}
