/** Gives every operation of an expression the signature numexpr runs, with casts where operands must be raised. */
import { fitsInt64 } from "../../columns/int64.js";
import type { Condition } from "../grammar/condition.js";
import { conditionError } from "../grammar/condition-error.js";
import type { Span } from "../grammar/span.js";
import { toBytes } from "../grammar/text-literal.js";
import { describeMismatch } from "./describe-mismatch.js";
import type { ConstantExpression, Expression } from "./expression.js";
import type { Kind } from "./kinds.js";
import type { PythonValue } from "./python-values.js";
import { operandKinds } from "./signatures.js";

/**
 * The same expression with each operand of the kind its operation takes: constants converted, others wrapped in an
 * operation `cast`. The value of a constant fits its kind: bool boolean; int, long bigint; float, double number; text
 * bytes.
 * @throws ConditionError `CONDITION_TYPE`
 */
export function typeExpression(condition: Condition, expression: Expression): Expression {
  const { text } = condition;
  const result = typed(text, expression);
  if (expression.kind !== "bool") throw notACondition(text, expression);
  return mergeEqualConstants(result);
}

function notACondition(text: string, expression: Expression): Error {
  const found = expression.kind === "text" ? "is text" : "is a number";
  const message = `The condition ${found}, not true or false for each row; compare it with something`;
  return conditionError("CONDITION_TYPE", text, expression, message);
}

function typed(text: string, expression: Expression): Expression {
  if (expression.type === "constant") return convertConstant(text, expression, expression.kind);
  if (expression.type === "input") return expression;
  const { operation, kind, operands } = expression;
  const given = operands.map((operand) => operand.kind);
  const wanted = operandKinds(operation, kind, given);
  if (!wanted) {
    const { span, message } = describeMismatch(expression);
    throw conditionError("CONDITION_TYPE", text, span, message);
  }
  return { ...expression, operands: operands.map((operand, index) => raise(text, operand, wanted[index]!)) };
}

function raise(text: string, operand: Expression, kind: Kind): Expression {
  if (operand.type === "constant") return convertConstant(text, operand, kind);
  const source = typed(text, operand);
  if (source.kind === kind) return source;
  const { start, end } = operand;
  return { type: "operation", operation: "cast", symbol: "cast", kind, operands: [source], start, end };
}

function convertConstant(text: string, constant: ConstantExpression, kind: Kind): ConstantExpression {
  return { ...constant, kind, value: convertValue(text, constant, constant.value, kind) };
}

function convertValue(text: string, span: Span, value: PythonValue, kind: Kind): PythonValue {
  if (kind === "bool") return value;
  if (kind === "text") return toBytes(value as string | Uint8Array);
  if (kind === "int" || kind === "long") {
    const whole = BigInt(value as bigint | boolean);
    if (fitsInt64(whole)) return whole;
    throw conditionError("CONDITION_TYPE", text, span, `${whole} does not fit into the 64 bits of a whole number`);
  }
  const float = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(float)) {
    throw conditionError("CONDITION_TYPE", text, span, "The number is too large");
  }
  return kind === "float" ? Math.fround(float) : float;
}

/**
 * numexpr keeps equal constants once. That shows where they are equal but not the same: of 0.0 and -0.0 the one that
 * comes first stands for both.
 */
function mergeEqualConstants(root: Expression): Expression {
  const zeros = new Map<Kind, number>();
  const visit = (expression: Expression): Expression => {
    if (expression.type === "operation") return { ...expression, operands: expression.operands.map(visit) };
    if (expression.type === "input" || expression.value !== 0) return expression;
    const first = zeros.get(expression.kind) ?? expression.value;
    zeros.set(expression.kind, first);
    return { ...expression, value: first };
  };
  return visit(root);
}
