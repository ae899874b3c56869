/** Rows in the order of columns' values. */
import { ArgumentError } from "../../../errors.js";
import { cellCodes } from "../cells/cell-codes.js";
import { type CellTable, columnNamed, isNumeric, type NamedCells } from "../cells/cell-table.js";
import { numbersOf } from "../cells/numbers.js";
import { ascendingOrder, descendingOrder } from "../cells/radix-order.js";
import { reversedCodes, rowCodes, rowsByCode, withMissing } from "../cells/row-codes.js";

/** Positions of the rows in the order of columns, the first the most significant; missing values last, equal rows as they come. */
export function sortedRows(
  table: CellTable,
  by: readonly string[],
  ascending: boolean | readonly boolean[],
): Int32Array {
  const columns = by.map((name) => columnNamed(table, name, "sortValues"));
  const directions = typeof ascending === "boolean" ? by.map(() => ascending) : ascending;
  if (directions.length !== by.length) {
    const message = `sortValues: ascending has ${directions.length} entries for ${by.length} columns; give one each`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  if (columns.length === 1 && holdsNumbers(columns[0]!)) {
    const numbers = numbersOf(columns[0]!);
    return directions[0] ? ascendingOrder(numbers) : descendingOrder(numbers);
  }
  return rowsByCode(rowCodes(columns.map((column, at) => sortCodes(column, directions[at]!)))).rows;
}

function holdsNumbers(column: NamedCells): boolean {
  return isNumeric(column) && column.cells.numbers !== undefined;
}

function sortCodes(column: NamedCells, ascending: boolean) {
  const codes = withMissing(cellCodes([column]));
  return ascending ? codes : reversedCodes(codes);
}
