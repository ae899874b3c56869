/** Methods of frames that calculate or compare cell by cell. */
import { ArgumentError } from "../../../errors.js";
import type { CellTable } from "../cells/cell-table.js";
import type { FrameBase } from "../danfojs/frame-base.js";
import { isFrame } from "../frame-columns.js";
import { frameTable, isSeries, resultOf } from "../frame-content.js";
import {
  COMPARISONS,
  calculateTable,
  checkNumeric,
  compareTable,
  OPERATORS,
  type Operand,
  operandOf,
  shiftedOperand,
} from "../operations/arithmetic.js";
import type { AxisOption } from "../types/data-frame.js";
import type { InPlaceOption } from "../types/series.js";

type Options = AxisOption & InPlaceOption;

function numericTable(frame: FrameBase, what: string): CellTable {
  const table = frameTable(frame);
  checkNumeric(table, what);
  return table;
}

function givenOperand(table: CellTable, other: unknown, axis: 0 | 1, what: string): Operand {
  if (isSeries(other)) return operandOf(table, other.values, axis, what);
  if (typeof other === "number" || Array.isArray(other)) return operandOf(table, other, axis, what);
  if (typeof other === "object" && other !== null && isFrame(other)) {
    return operandOf(table, numericTable(other as unknown as FrameBase, what), axis, what);
  }
  throw new ArgumentError("INVALID_ARGUMENT", `${what}: give a number, a list, a Series or a DataFrame`);
}

function calculation(what: keyof typeof OPERATORS) {
  return function (this: FrameBase, other: unknown, { axis = 1, inplace }: Options = {}) {
    const table = numericTable(this, what);
    return resultOf(this, calculateTable(table, OPERATORS[what], givenOperand(table, other, axis, what)), inplace);
  };
}

function comparison(what: keyof typeof COMPARISONS) {
  return function (this: FrameBase, other: unknown, { axis = 1 }: AxisOption = {}) {
    const table = numericTable(this, what);
    return resultOf(this, compareTable(table, COMPARISONS[what], givenOperand(table, other, axis, what)));
  };
}

/** Against the row so many before, or against another frame. */
function change(what: string, operator: (a: number, b: number) => number) {
  return function (this: FrameBase, other: unknown, { axis = 1, inplace }: Options = {}) {
    const table = numericTable(this, what);
    const isPeriods = typeof other === "number";
    const operand = isPeriods ? shiftedOperand(table, other, axis) : givenOperand(table, other, axis, what);
    return resultOf(this, calculateTable(table, operator, operand), inplace);
  };
}

export const arithmeticMethods = {
  add: calculation("add"),
  sub: calculation("sub"),
  mul: calculation("mul"),
  div: calculation("div"),
  divNoNan: calculation("divNoNan"),
  pow: calculation("pow"),
  mod: calculation("mod"),
  lt: comparison("lt"),
  gt: comparison("gt"),
  le: comparison("le"),
  ge: comparison("ge"),
  eq: comparison("eq"),
  ne: comparison("ne"),
  diff: change("diff", OPERATORS.sub),
  pctChange: change("pctChange", (a, b) => a / b - 1),
};
