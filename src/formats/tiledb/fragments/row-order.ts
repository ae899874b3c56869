/**
 * The order in which the cells of an array's fragments make its rows: ascending by coordinate, and of several cells with one
 * coordinate the one written last.
 */
import { DataError } from "../../../errors.js";
import type { Fragment } from "./fragment-reader.js";

/** Cells of several fragments: the fragment of each (a position in `fragments`), and its position there. */
export interface CellList {
  readonly fragments: readonly Fragment[];
  readonly which: Uint32Array;
  readonly cell: Uint32Array;
}

/** Consecutive rows. */
export interface RowRun {
  /** Position of the first row in the table. */
  readonly start: number;
  readonly count: number;
  /** One fragment's cells from the first on, or any cells. */
  readonly cells: Fragment | CellList;
}

/** Most cells of overlapping fragments that are merged, at some 60 bytes a cell while that is done. */
const MERGE_LIMIT = 100_000_000;

/** @param fragments oldest first. @throws DataError `UNSUPPORTED_TYPE` where more than 100,000,000 rows overlap; `MALFORMED_FILE`. */
export async function orderRows(fragments: readonly Fragment[]): Promise<RowRun[]> {
  const runs: RowRun[] = [];
  let start = 0;
  for (const group of overlapping(fragments)) {
    const [only] = group;
    const isPlain = group.length === 1 && !only!.hasTimestamps;
    const cells = isPlain ? only! : await mergedCells(group);
    const count = "which" in cells ? cells.which.length : cells.cellCount;
    runs.push({ start, count, cells });
    start += count;
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

/** Cells with ascending coordinates, no two the same. */
interface MergedCells {
  readonly coordinates: BigInt64Array;
  /** When each was written, in milliseconds since 1970. */
  readonly times: Float64Array;
  readonly which: Uint32Array;
  readonly cell: Uint32Array;
}

async function mergedCells(fragments: readonly Fragment[]): Promise<CellList> {
  const total = fragments.reduce((sum, { cellCount }) => sum + cellCount, 0);
  if (total > MERGE_LIMIT) {
    const message = `${total} rows lie in fragments that overlap, more than are merged here; consolidate the array with TileDB`;
    throw new DataError("UNSUPPORTED_TYPE", message);
  }
  let lists: MergedCells[] = [];
  for (const [index, fragment] of fragments.entries()) lists.push(await fragmentCells(fragment, index));
  while (lists.length > 1) {
    const halved: MergedCells[] = [];
    for (let i = 0; i < lists.length; i += 2) {
      const newer = lists[i + 1];
      halved.push(newer ? merge(lists[i]!, newer) : lists[i]!);
    }
    lists = halved;
  }
  const { which, cell } = lists[0]!;
  return { fragments, which, cell };
}

async function fragmentCells(fragment: Fragment, index: number): Promise<MergedCells> {
  const coordinates = await fragment.coordinates();
  const { length } = coordinates;
  const times = new Float64Array(length).fill(fragment.writtenAt);
  const which = new Uint32Array(length).fill(index);
  const cell = Uint32Array.from({ length }, (_, position) => position);
  if (!fragment.hasTimestamps) return { coordinates, times, which, cell };
  const own = await fragment.timestamps();
  for (let position = 0; position < length; position++) times[position] = Number(own[position]!);
  return latestOfEach({ coordinates, times, which, cell });
}

/** A fragment that was consolidated may hold a row several times. */
function latestOfEach({ coordinates, times, which, cell }: MergedCells): MergedCells {
  let kept = -1;
  for (let i = 0; i < coordinates.length; i++) {
    const isSame = kept >= 0 && coordinates[i] === coordinates[kept];
    if (isSame && times[i]! < times[kept]!) continue;
    if (!isSame) kept++;
    coordinates[kept] = coordinates[i]!;
    times[kept] = times[i]!;
    cell[kept] = cell[i]!;
  }
  return shortened({ coordinates, times, which, cell }, kept + 1);
}

/** Of two cells with one coordinate the one written later stays, or that of `newer`. */
function merge(older: MergedCells, newer: MergedCells): MergedCells {
  const most = older.cell.length + newer.cell.length;
  const merged: MergedCells = {
    coordinates: new BigInt64Array(most),
    times: new Float64Array(most),
    which: new Uint32Array(most),
    cell: new Uint32Array(most),
  };
  let [a, b, count] = [0, 0, 0];
  while (a < older.cell.length || b < newer.cell.length) {
    const [rowA, rowB] = [older.coordinates[a], newer.coordinates[b]];
    if (rowB === undefined || (rowA !== undefined && rowA < rowB)) put(merged, count++, older, a++);
    else if (rowA === undefined || rowB < rowA) put(merged, count++, newer, b++);
    else {
      if (older.times[a]! > newer.times[b]!) put(merged, count++, older, a);
      else put(merged, count++, newer, b);
      a++;
      b++;
    }
  }
  return shortened(merged, count);
}

function put(to: MergedCells, at: number, from: MergedCells, position: number): void {
  to.coordinates[at] = from.coordinates[position]!;
  to.times[at] = from.times[position]!;
  to.which[at] = from.which[position]!;
  to.cell[at] = from.cell[position]!;
}

function shortened({ coordinates, times, which, cell }: MergedCells, length: number): MergedCells {
  return {
    coordinates: coordinates.subarray(0, length),
    times: times.subarray(0, length),
    which: which.subarray(0, length),
    cell: cell.subarray(0, length),
  };
}
