/** A condition as numexpr sees it: operations over columns, variables and constants, each of one kind. */
import type { ColumnField } from "../../columns/batch.js";
import type { Span } from "../grammar/span.js";
import type { Kind } from "./kinds.js";
import type { PythonValue } from "./python-values.js";

export interface ConstantExpression extends Span {
  readonly type: "constant";
  readonly kind: Kind;
  readonly value: PythonValue;
  /** Given by a function: of one of numpy's types, whose arithmetic is numexpr's, not Python's. */
  readonly numpy: boolean;
}

/** What a name stands for. */
export type ConditionInput =
  | { readonly type: "column"; readonly index: number; readonly field: ColumnField }
  | { readonly type: "variable"; readonly value: boolean | bigint | number };

/** A name used; `name` is as written, without backticks. */
export interface InputExpression extends Span {
  readonly type: "input";
  readonly kind: Kind;
  readonly name: string;
  readonly input: ConditionInput;
}

export interface OperationExpression extends Span {
  readonly type: "operation";
  /** Name in the signature table. */
  readonly operation: string;
  /** How the condition writes it: an operator, or a function's name. */
  readonly symbol: string;
  readonly kind: Kind;
  readonly operands: readonly Expression[];
}

export type Expression = ConstantExpression | InputExpression | OperationExpression;

/** Every part of an expression, operands before what is made of them. */
export function partsOf(expression: Expression, parts: Expression[] = []): Expression[] {
  if (expression.type === "operation") for (const operand of expression.operands) partsOf(operand, parts);
  parts.push(expression);
  return parts;
}
