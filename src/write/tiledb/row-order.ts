/**
 * The order in which the cells of an array's fragments make its rows: ascending by coordinate, and of several cells with one
 * coordinate the one written last.
 */
import type { Fragment } from "./fragment-reader.js";

/** Consecutive rows. */
export interface RowRun {
  /** Position of the first row in the table. */
  readonly start: number;
  readonly count: number;
  /** Fragment and cell of each row, or one fragment's cells from the first on. */
  readonly cells:
    | { readonly fragment: Fragment }
    | { readonly fragments: readonly Fragment[]; which: Uint32Array; cell: Uint32Array };
}

/** Most rows of overlapping fragments that are merged in memory, at 16 bytes a row. */
const MERGE_LIMIT = 200_000_000;

/** @param fragments oldest first. @throws RangeError where more than {@link MERGE_LIMIT} rows overlap. */
export async function orderRows(fragments: readonly Fragment[]): Promise<RowRun[]> {
  const runs: RowRun[] = [];
  let start = 0;
  for (const group of overlapping(fragments)) {
    const run = await (group.length === 1 && !group[0]!.hasTimestamps
      ? plainRun(group[0]!, start)
      : mergedRun(group, start));
    runs.push(run);
    start += run.count;
  }
  return runs;
}

/** Groups of fragments whose row ranges touch, in the order of their rows; oldest first within a group. */
function overlapping(fragments: readonly Fragment[]): Fragment[][] {
  const age = new Map(fragments.map((fragment, index) => [fragment, index]));
  const byRow = [...fragments].sort((a, b) => (a.firstRow < b.firstRow ? -1 : a.firstRow > b.firstRow ? 1 : 0));
  const groups: Fragment[][] = [];
  let last: bigint | undefined;
  for (const fragment of byRow) {
    if (last !== undefined && fragment.firstRow <= last) {
      groups.at(-1)!.push(fragment);
      if (fragment.lastRow > last) last = fragment.lastRow;
    } else {
      groups.push([fragment]);
      last = fragment.lastRow;
    }
  }
  for (const group of groups) group.sort((a, b) => age.get(a)! - age.get(b)!);
  return groups;
}

function plainRun(fragment: Fragment, start: number): RowRun {
  return { start, count: fragment.cellCount, cells: { fragment } };
}

async function mergedRun(fragments: readonly Fragment[], start: number): Promise<RowRun> {
  const total = fragments.reduce((sum, fragment) => sum + fragment.cellCount, 0);
  if (total > MERGE_LIMIT) throw new RangeError(`${total} rows in overlapping fragments; consolidate the array first`);
  const coordinates = new BigInt64Array(total);
  const written = new Float64Array(total);
  const which = new Uint32Array(total);
  const cell = new Uint32Array(total);
  let at = 0;
  for (const [index, fragment] of fragments.entries()) {
    coordinates.set(await fragment.coordinates(), at);
    const times = fragment.hasTimestamps ? await fragment.timestamps() : undefined;
    for (let i = 0; i < fragment.cellCount; i++) {
      which[at] = index;
      cell[at] = i;
      // Cells without a time of their own are as old as their fragment; fragments come oldest first.
      written[at] = times ? Number(times[i]!) : Number.MAX_SAFE_INTEGER;
      at++;
    }
  }
  const order = new Uint32Array(total).map((_, i) => i);
  order.sort(
    (a, b) => compare(coordinates[a]!, coordinates[b]!) || which[a]! - which[b]! || written[a]! - written[b]! || a - b,
  );
  const kept = order.filter(
    (i, position) => position === total - 1 || coordinates[order[position + 1]!] !== coordinates[i],
  );
  return {
    start,
    count: kept.length,
    cells: { fragments, which: kept.map((i) => which[i]!), cell: kept.map((i) => cell[i]!) },
  };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
