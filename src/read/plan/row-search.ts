/** Searches a table for the rows that meet a condition, window by window, so that a list of matches never outgrows memory. */

import type { ReadableTable, RowSpan } from "../../columns/table.js";
import { mapInOrder, steps } from "../../flow/map-in-order.js";
import type { RType } from "../../rtypes.js";

/** A condition as it is sent to the table. */
export interface SearchCondition {
  readonly condition: string;
  readonly variables: ReadonlyMap<string, RType>;
  /** More conditions, of which rows may meet any instead. */
  readonly others?: readonly SearchCondition[] | undefined;
  /** Where to search; default: the whole table. */
  readonly span?: Pick<RowSpan, "start" | "stop"> | undefined;
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
async function searchSpan(
  table: ReadableTable,
  { condition, variables, others = [] }: SearchCondition,
  span: RowSpan,
  signal: AbortSignal,
): Promise<Float64Array> {
  const found = [await table.getWhereList(condition, variables, span, { signal })];
  for (const other of others) found.push(await table.getWhereList(other.condition, other.variables, span, { signal }));
  return found.length === 1 ? found[0]! : united(found);
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
