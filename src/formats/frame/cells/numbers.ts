/**
 * Cells as numbers. The engine keeps an array by what is in it, and a loop that meets arrays of many makings is
 * slow: so numbers are put into typed arrays by one loop, and all that is done with them is done there.
 */

import { isMissing, type NamedCells } from "./cell-table.js";
import type { Cells } from "./cells.js";
import type { FrameCell } from "./frame-cell.js";

/** A column as numbers, to be read only: booleans 0 and 1, bigints rounded, NaN for what is missing. */
export function numbersOf({ cells, type }: Pick<NamedCells, "cells" | "type">): Float64Array {
  const numbers = type === "int32" || type === "float32" ? cells.numbers : undefined;
  return numbers ?? codedNumbers(cells) ?? anyNumbers(cells.list);
}

/** Of true and false as codes. */
function codedNumbers({ coded }: Cells): Float64Array | undefined {
  if (coded === undefined) return undefined;
  const ofCode = Float64Array.from(coded.values, Number);
  const numbers = new Float64Array(coded.codes.length);
  for (let row = 0; row < numbers.length; row++) numbers[row] = ofCode[coded.codes[row]!]!;
  return numbers;
}

function anyNumbers(cells: readonly FrameCell[]): Float64Array {
  const numbers = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    numbers[row] = isMissing(cell) ? Number.NaN : Number(cell);
  }
  return numbers;
}

/** 0, 1, 2, ... */
export function rowsUpTo(rowCount: number): Int32Array {
  const rows = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) rows[row] = row;
  return rows;
}

/** The rows that are kept. */
export function rowsWhere(rowCount: number, isKept: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) if (isKept(row)) rows[count++] = row;
  return rows.slice(0, count);
}
