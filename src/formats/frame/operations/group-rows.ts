/** Rows put into groups by the values of columns, in the order of these values; rows with a missing key are in none, as in pandas. */
import { cellCodes } from "../cells/cell-codes.js";
import { type CellTable, columnNamed, type NamedCells } from "../cells/cell-table.js";
import { type RowCodes, rowCodes, rowsByCode, withMissing } from "../cells/row-codes.js";
import { takeCells } from "../cells/take-cells.js";
import type { Grouping } from "./aggregates.js";

export interface RowGroups extends Grouping {
  /** The key columns, one row a group. */
  readonly keys: readonly NamedCells[];
  /** Rows by group, those of a group as they come. */
  readonly rows: Int32Array;
  /** Where each group begins in `rows`; one entry more than groups. */
  readonly starts: Int32Array;
}

export function groupRows(table: CellTable, by: readonly string[]): RowGroups {
  const columns = by.map((name) => columnNamed(table, name, "groupby"));
  const encoded = columns.map((column) => {
    const { codes, count } = cellCodes([column.cells], column.name);
    return withMissing(codes[0]!, { count });
  });
  const isKeyless = keylessRows(encoded);
  const { groups, count } = densely(rowCodes(encoded), isKeyless);
  const sorted = rowsByCode({ codes: groups.map((group) => (group < 0 ? count : group)), count: count + 1 });
  const starts = sorted.starts.subarray(0, count + 1);
  const rows = sorted.rows.subarray(0, starts[count]);
  const firsts = Int32Array.from(starts.subarray(0, count), (start) => rows[start]!);
  const keys = columns.map((column) => ({ ...column, cells: takeCells(column.cells, firsts) }));
  return { groups, count, keys, rows, starts };
}

function keylessRows(columns: readonly RowCodes[]): Uint8Array {
  const isKeyless = new Uint8Array(columns[0]!.codes.length);
  for (const { codes, count } of columns) {
    for (let row = 0; row < codes.length; row++) if (codes[row] === count - 1) isKeyless[row] = 1;
  }
  return isKeyless;
}

/** Codes as numbers of groups without gaps; -1 for rows without a key. */
function densely({ codes, count }: RowCodes, isKeyless: Uint8Array): Grouping {
  const groupOf = new Int32Array(count);
  for (let row = 0; row < codes.length; row++) if (isKeyless[row] === 0) groupOf[codes[row]!] = 1;
  let groupCount = 0;
  for (let code = 0; code < count; code++) if (groupOf[code] === 1) groupOf[code] = groupCount++;
  const groups = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row++) groups[row] = isKeyless[row] === 1 ? -1 : groupOf[codes[row]!]!;
  return { groups, count: groupCount };
}
