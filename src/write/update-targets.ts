/** Which rows of a table are to change, and with what. */
import type * as Arrow from "apache-arrow";
import { type ColumnBatch, rowNumberArray } from "../columns/batch.js";
import type { ReadableTable } from "../columns/table.js";
import { ArgumentError } from "../errors.js";
import { isArrowTable } from "../formats/arrow/arrow-source.js";
import { isColumnBatch } from "../formats/batches/batches-source.js";
import { isFrame } from "../formats/frame/frame-columns.js";
import type { RowSource } from "../formats/open-source.js";
import { type ConditionVariables, checkCondition, type Query } from "../query/index.js";
import { type RowsOption, selectRows } from "../read/plan/selection.js";

export interface UpdateTargets {
  /** Rows to change, by number, one for each row of the source. */
  readonly rows?: RowsOption | undefined;
  /** Condition that the rows to change meet, as for `readTable`. */
  readonly query?: Query | undefined;
  /** Values that the condition names. */
  readonly variables?: ConditionVariables | undefined;
}

/** Rows searched in one call. */
const WINDOW = 1 << 21;
const ROW_NUMBERS = "__index_level_0__";

/** @throws ArgumentError `ROWS_WITH_QUERY`, or `INVALID_ARGUMENT` where nothing says which rows are meant */
export function checkTargets(source: unknown, { rows, query }: UpdateTargets): void {
  if (rows !== undefined && query !== undefined) {
    throw new ArgumentError("ROWS_WITH_QUERY", "rows and query are both given; either says which rows to change");
  }
  if (rows !== undefined || query !== undefined || ownRowNumbers(source as RowSource) !== undefined) return;
  const message = "Say which rows to change by rows or query, or give a frame, batches or Arrow table with row numbers";
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

/** Numbers of the rows to change, each once, in the order of the source's rows. */
export async function findTargets(
  table: ReadableTable,
  source: RowSource,
  { rows, query, variables }: UpdateTargets,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  if (query !== undefined) return findHits(table, query, variables, signal);
  const selection = selectRows(rows ?? ownRowNumbers(source), table.rowCount);
  const numbers =
    selection.kind === "list"
      ? selection.rows
      : rowNumberArray({ start: selection.start, step: selection.step }, selection.count);
  const sorted = numbers.slice().sort();
  const repeated = sorted.find((row, index) => index > 0 && sorted[index - 1] === row);
  if (repeated === undefined) return numbers;
  throw new ArgumentError("INVALID_ARGUMENT", `Row ${repeated} is to be changed twice; name each row once`, {
    row: repeated,
  });
}

async function findHits(
  table: ReadableTable,
  query: Query,
  given: ConditionVariables | undefined,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { condition, variables } = checkCondition(query, table.fields, given);
  const found: Float64Array[] = [];
  for (let start = 0; start < table.rowCount; start += WINDOW) {
    const stop = Math.min(start + WINDOW, table.rowCount);
    found.push(await table.getWhereList(condition, variables, { start, stop }, { signal }));
  }
  const all = new Float64Array(found.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const hits of found) {
    all.set(hits, at);
    at += hits.length;
  }
  return all;
}

/** Row numbers that came with the rows when they were read: a frame's index, or those of batches and Arrow tables. */
function ownRowNumbers(source: RowSource): number[] | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  if (isArrowTable(source)) return arrowRowNumbers(source);
  if (isFrame(source)) return source.index.map(Number);
  const batches = isColumnBatch(source) ? [source] : source;
  if (!Array.isArray(batches) || !batches.every(isColumnBatch)) return undefined;
  return batches.flatMap(({ rowNumbers, rowCount }: ColumnBatch) => Array.from(rowNumberArray(rowNumbers, rowCount)));
}

function arrowRowNumbers(table: Arrow.Table): number[] | undefined {
  const column = table.getChild(ROW_NUMBERS);
  return column === null ? undefined : Array.from(column, Number);
}
