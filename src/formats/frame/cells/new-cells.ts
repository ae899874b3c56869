/** Longer arrays are not made at once: the engine would keep them as dictionaries. */
const LONGEST_RESERVED = 32_000_000;

/** An array with room for `rowCount` values. A first value of their kind tells the engine how to store them. */
export function newCells<T>(rowCount: number, first: T | undefined): T[] {
  const cells: T[] = new Array(rowCount <= LONGEST_RESERVED ? rowCount : 0);
  if (first !== undefined && cells.length > 0) cells[0] = first;
  return cells;
}
