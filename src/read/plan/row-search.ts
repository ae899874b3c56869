/** Searches a table for the rows that meet a condition, window by window, so that a list of matches never outgrows memory. */

import type { LongColumn } from "../../columns/batch.js";
import type { ReadableTable, RowSpan } from "../../columns/table.js";
import { ServerError } from "../../errors.js";
import { mapInOrder, steps } from "../../flow/map-in-order.js";
import { type CompiledCondition, scanWhereList } from "../../query/scan.js";
import type { RType } from "../../rtypes.js";

/** A condition as it is sent to the table. */
export interface SearchCondition {
  readonly condition: string;
  readonly variables: ReadonlyMap<string, RType>;
  /** More conditions, of which rows may meet any instead. */
  readonly others?: readonly SearchCondition[] | undefined;
  /** Where to search; default: the whole table. */
  readonly span?: Pick<RowSpan, "start" | "stop"> | undefined;
  /**
   * The condition to be applied here, where it looks at text: PyTables fails for most conditions on text in columns
   * that have an index.
   */
  readonly compile?: (() => CompiledCondition) | undefined;
  /** All of it at once: whole numbers of which the column at `position` holds one. */
  readonly membership?: { readonly position: number; readonly values: ReadonlySet<bigint> } | undefined;
  /** Names of the columns that it looks at. */
  readonly columns?: readonly string[] | undefined;
}

/** Rows searched in one call: if all match, their numbers make 16 MiB. */
export const WINDOW_ROWS = 1 << 21;

/** Numbers of the rows that meet the condition, ascending, one array a window; the next window is searched meanwhile. */
export async function* searchRows(
  table: ReadableTable,
  condition: SearchCondition,
  signal: AbortSignal,
  windowRows = WINDOW_ROWS,
): AsyncGenerator<Float64Array, void, undefined> {
  const { start: first, stop: end } = condition.span ?? { start: 0, stop: table.rowCount };
  const search = (start: number, ending: AbortSignal) => {
    const span = { start, stop: Math.min(start + windowRows, end), step: 1 };
    return searchSpan(table, condition, span, ending);
  };
  const windows = steps(first, end, windowRows);
  for await (const matches of mapInOrder(windows, search, { signal, label: "Searching for rows" })) {
    if (matches.length > 0) yield matches;
  }
}

/** A condition's rows in a span, those of its parts joined. */
export async function searchSpan(
  table: ReadableTable,
  condition: SearchCondition,
  span: RowSpan,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { membership, others = [] } = condition;
  if (membership !== undefined) return lookThrough(table, membership, span, signal);
  const found: Float64Array[] = [];
  for (const one of [condition, ...others]) found.push(await searchOne(table, one, span, signal));
  return found.length === 1 ? found[0]! : united(found);
}

/** Where the server fails at a condition on text, its columns are read and searched here. */
async function searchOne(
  table: ReadableTable,
  { condition, variables, compile }: SearchCondition,
  span: RowSpan,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  try {
    return await table.getWhereList(condition, variables, span, { signal });
  } catch (error) {
    if (compile === undefined || !isServersFault(error)) throw error;
    return scanWhereList(table, compile(), span, SCANNED_ROWS, { signal });
  }
}

/** "Bad condition" or "Internal exception": all that was wrong with the condition was found before it was sent. */
function isServersFault(error: unknown): boolean {
  return error instanceof ServerError && (error.code === "SERVER_FAILURE" || error.code === "API_USAGE");
}

const SCANNED_ROWS = 1 << 16;
/** Rows of a column read at a time: 2 MiB. */
const READ_ROWS = 1 << 18;

async function lookThrough(
  table: ReadableTable,
  { position, values }: NonNullable<SearchCondition["membership"]>,
  { start, stop }: RowSpan,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const found: number[] = [];
  for (let first = start; first < stop; first += READ_ROWS) {
    const { columns } = await table.read([position], first, Math.min(first + READ_ROWS, stop), { signal });
    const ids = (columns[0] as LongColumn).values;
    for (let row = 0; row < ids.length; row++) if (values.has(ids[row]!)) found.push(first + row);
  }
  return Float64Array.from(found);
}

/** Row numbers of any of several lists, ascending, each once. */
function united(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort().filter((row, index) => index === 0 || row !== all[index - 1]);
}
