/** Constants of numexpr, and what numexpr works out while it reads a condition. */
import type { BinaryOperator, ComparisonOperator } from "../grammar/condition.js";
import type { Span } from "../grammar/span.js";
import type { ConstantExpression, Expression } from "./expression.js";
import { type FoldedConstant, foldFunction } from "./fold-function.js";
import type { Kind } from "./kinds.js";
import { numpyBinary, numpyCompare, numpyUnary } from "./numpy-scalars.js";
import { type PythonValue, pythonBinary, pythonCompare, pythonUnary } from "./python-values.js";

type Pair = readonly [Expression, Expression];

/** A constant of Python as numexpr takes it: whole numbers of up to 32 bits are int, larger ones long. */
export function constantOf(value: PythonValue, { start, end }: Span): ConstantExpression {
  return { type: "constant", kind: constantKind(value), value, numpy: false, start, end };
}

function constantKind(value: PythonValue): Kind {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return BigInt.asIntN(32, value) === value ? "int" : "long";
    case "number":
      return "double";
    default:
      return "text";
  }
}

function numpyConstant({ kind, value }: FoldedConstant, { start, end }: Span): ConstantExpression {
  return { type: "constant", kind, value, numpy: true, start, end };
}

/** @throws PythonRefusal */
export function foldUnary(operator: "-" | "~", operand: ConstantExpression, span: Span): ConstantExpression {
  if (operand.numpy) return numpyConstant(numpyUnary(operator, operand), span);
  return constantOf(pythonUnary(operator, operand.value), span);
}

/**
 * The constant two constants make; undefined if one of the operands is none.
 * @throws PythonRefusal
 */
export function foldBinary(operator: BinaryOperator, [a, b]: Pair, span: Span): ConstantExpression | undefined {
  if (a.type !== "constant" || b.type !== "constant") return undefined;
  if (!a.numpy && !b.numpy) return constantOf(pythonBinary(operator, a.value, b.value), span);
  const folded = numpyBinary(operator, a, b);
  return folded && numpyConstant(folded, span);
}

/** As {@link foldBinary}. */
export function foldComparison(symbol: ComparisonOperator, [a, b]: Pair, span: Span): ConstantExpression | undefined {
  if (a.type !== "constant" || b.type !== "constant") return undefined;
  if (!a.numpy && !b.numpy) return constantOf(pythonCompare(symbol, a.value, b.value), span);
  const folded = numpyCompare(symbol, a, b);
  return folded && numpyConstant(folded, span);
}

/** @throws PythonRefusal */
export function foldCall(name: string, operands: readonly ConstantExpression[], span: Span): ConstantExpression {
  const values = operands.map((operand) => operand.value);
  return numpyConstant(foldFunction(name, values), span);
}
