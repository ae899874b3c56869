/** Calculation with whole frames, in double precision and without TensorFlow, which danfojs would need. */
import { ArgumentError } from "../../../errors.js";
import { type CellTable, isNumeric, type NamedCells } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import { numbersOf } from "../cells/numbers.js";

type NumberOperator = (a: number, b: number) => number;
type Comparison = (a: number, b: number) => boolean;

export const OPERATORS = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  divNoNan: (a, b) => (b === 0 ? 0 : a / b),
  pow: (a, b) => a ** b,
  /** The sign is that of the divisor, as in Python. */
  mod: (a, b) => (a % b !== 0 && a % b < 0 !== b < 0 ? (a % b) + b : a % b),
} as const satisfies Record<string, NumberOperator>;

export const COMPARISONS = {
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
} as const satisfies Record<string, Comparison>;

/** What stands on the right: for each column, one number a row, or one for all. */
export type Operand = (column: number, row: number) => number;

/** @throws ArgumentError `INVALID_ARGUMENT` for a column of texts */
export function checkNumeric({ columns }: CellTable, what: string): void {
  const text = columns.find((column) => !isNumeric(column));
  if (text === undefined) return;
  const message = `${what}: column "${text.name}" holds no numbers; drop it first, or choose columns by loc`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { column: text.name });
}

export function calculateTable({ columns, index }: CellTable, operator: NumberOperator, operand: Operand): CellTable {
  const results = columns.map(({ name, cells, type }, column): NamedCells => {
    const result = numbersOf({ cells, type }).map((value, row) => operator(value, operand(column, row)));
    return {
      name,
      cells: Cells.ofNumbers(result),
      type: result.every((value) => (value | 0) === value) ? "int32" : "float32",
    };
  });
  return { columns: results, index: index.copy() };
}

export function compareTable({ columns, index }: CellTable, comparison: Comparison, operand: Operand): CellTable {
  const results = columns.map(({ name, cells, type }, column): NamedCells => {
    const numbers = numbersOf({ cells, type });
    const result = Array.from(numbers, (value, row) => comparison(value, operand(column, row)));
    return { name, cells: Cells.of(result), type: "boolean" };
  });
  return { columns: results, index: index.copy() };
}

/** The values of the row `periods` before it, or of the column with axis 0, as danfojs counts axes here; NaN where there is none. */
export function shiftedOperand({ columns, index }: CellTable, periods: number, axis: 0 | 1): Operand {
  const numbers = columns.map(numbersOf);
  return (column, row) => {
    const [fromColumn, fromRow] = axis === 0 ? [column - periods, row] : [column, row - periods];
    return fromRow < 0 || fromRow >= index.length ? Number.NaN : (numbers[fromColumn]?.[fromRow] ?? Number.NaN);
  };
}

/** A number, a table of the same shape, or a list: one number a column (axis 1) or a row (axis 0). */
export function operandOf(
  table: CellTable,
  other: number | CellTable | readonly unknown[],
  axis: 0 | 1,
  what: string,
): Operand {
  if (typeof other === "number") return () => other;
  const shape = [table.index.length, table.columns.length];
  if ("columns" in other) {
    checkCount(other.columns.length, shape[1]!, `${what}: columns of the other frame`);
    checkCount(other.index.length, shape[0]!, `${what}: rows of the other frame`);
    const numbers = other.columns.map(numbersOf);
    return (column, row) => numbers[column]![row]!;
  }
  checkCount(other.length, shape[axis]!, `${what}: values for the ${axis === 0 ? "rows" : "columns"}`);
  const numbers = numbersOf({ cells: Cells.lent(other as number[]), type: "float32" });
  return axis === 0 ? (_, row) => numbers[row]! : (column) => numbers[column]!;
}

function checkCount(found: number, expected: number, what: string): void {
  if (found === expected) return;
  throw new ArgumentError("INVALID_ARGUMENT", `${what} must be ${expected}; found ${found}`);
}
