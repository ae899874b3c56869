/** Searches a table for the rows that meet a condition, window by window, so that a list of matches never outgrows memory. */

import type { ReadableTable } from "../../columns/table.js";
import type { RType } from "../../rtypes.js";

/** A condition as it is sent to the table. */
export interface SearchCondition {
  readonly condition: string;
  readonly variables: ReadonlyMap<string, RType>;
}

/** Rows searched in one call: if all match, their numbers make 16 MiB. */
export const WINDOW_ROWS = 1 << 21;

/** Numbers of the rows that meet the condition, ascending, one array a window; the next window is searched meanwhile. */
export async function* searchRows(
  table: ReadableTable,
  { condition, variables }: SearchCondition,
  signal: AbortSignal,
  windowRows = WINDOW_ROWS,
): AsyncGenerator<Float64Array, void, undefined> {
  const search = (start: number): Promise<Float64Array> | undefined => {
    if (start >= table.rowCount) return undefined;
    const span = { start, stop: Math.min(start + windowRows, table.rowCount), step: 1 };
    const matches = table.getWhereList(condition, variables, span, { signal });
    matches.catch(() => {}); // its failure is thrown when its turn comes
    return matches;
  };
  let current = search(0);
  let start = windowRows;
  try {
    while (current !== undefined) {
      const matches = await current;
      current = search(start);
      start += windowRows;
      if (matches.length > 0) yield matches;
    }
  } finally {
    await current?.catch(() => {});
  }
}
