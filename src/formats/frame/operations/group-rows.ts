/** Rows put into groups by the values of columns, in the order of these values; rows with a missing key are in none, as in pandas. */
import { cellCodes } from "../cells/cell-codes.js";
import { type CellTable, columnNamed, type NamedCells } from "../cells/cell-table.js";
import { type RowCodes, type RowsByCode, rowCodes, rowsByCode, withMissing } from "../cells/row-codes.js";
import { takeColumn } from "../cells/take-cells.js";
import type { Grouping } from "./aggregates.js";

export class RowGroups implements Grouping {
  readonly groups: Int32Array;
  readonly count: number;
  /** The key columns, one row a group. */
  readonly keys: readonly NamedCells[];
  #sorted: RowsByCode | undefined;

  constructor(table: CellTable, by: readonly string[]) {
    const columns = by.map((name) => columnNamed(table, name, "groupby"));
    const encoded = columns.map((column) => withMissing(cellCodes([column])));
    const { groups, count } = densely(rowCodes(encoded), keylessRows(encoded));
    this.groups = groups;
    this.count = count;
    const firsts = firstRows(this);
    this.keys = columns.map((column) => takeColumn(column, firsts));
  }

  /** Rows by group, those of a group as they come. */
  get rows(): Int32Array {
    return this.#byGroup.rows.subarray(0, this.starts[this.count]);
  }

  /** Where each group begins in {@link rows}; one entry more than groups. */
  get starts(): Int32Array {
    return this.#byGroup.starts.subarray(0, this.count + 1);
  }

  /** Sorted when something asks for it: rows in no group come last. */
  get #byGroup(): RowsByCode {
    const { groups, count } = this;
    this.#sorted ??= rowsByCode({ codes: groups.map((group) => (group < 0 ? count : group)), count: count + 1 });
    return this.#sorted;
  }
}

/** The first row of each group. */
function firstRows({ groups, count }: Grouping): Int32Array {
  const firsts = new Int32Array(count);
  for (let row = groups.length - 1; row >= 0; row--) if (groups[row]! >= 0) firsts[groups[row]!] = row;
  return firsts;
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
