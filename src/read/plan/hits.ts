/** Rows that meet a condition, found window by window so that a list of hits never outgrows memory. */

import type { ReadableTable } from "../../columns/table.js";
import type { RType } from "../../rtypes.js";

/** A condition as it is sent to the table. */
export interface PreparedCondition {
  readonly condition: string;
  readonly variables: ReadonlyMap<string, RType>;
}

/** Rows searched in one call: all of them hits make 16 MiB. */
export const WINDOW_ROWS = 1 << 21;

/** Numbers of the rows that meet the condition, ascending, one array a window; the next window is searched meanwhile. */
export async function* findHits(
  table: ReadableTable,
  { condition, variables }: PreparedCondition,
  signal: AbortSignal,
  windowRows = WINDOW_ROWS,
): AsyncGenerator<Float64Array, void, undefined> {
  const search = (start: number): Promise<Float64Array> | undefined => {
    if (start >= table.rowCount) return undefined;
    const span = { start, stop: Math.min(start + windowRows, table.rowCount), step: 1 };
    const hits = table.getWhereList(condition, variables, span, { signal });
    hits.catch(() => {}); // its failure is thrown when its turn comes
    return hits;
  };
  let current = search(0);
  let start = windowRows;
  try {
    while (current !== undefined) {
      const hits = await current;
      current = search(start);
      start += windowRows;
      if (hits.length > 0) yield hits;
    }
  } finally {
    await current?.catch(() => {});
  }
}
