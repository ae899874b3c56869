/** Says why operands do not fit an operation, and what to write instead. */
import type { Span } from "../grammar/span.js";
import type { Expression, OperationExpression } from "./expression.js";
import { describeKind, kindRank } from "./kinds.js";

export interface Mismatch {
  readonly span: Span;
  readonly message: string;
}

const COMPARISONS: ReadonlySet<string> = new Set(["eq", "ne", "gt", "ge"]);
const LOGICAL: ReadonlySet<string> = new Set(["and", "or", "xor"]);

export function describeMismatch(operation: OperationExpression): Mismatch {
  const { operation: name, symbol, operands } = operation;
  const text = operands.find((operand) => operand.kind === "text");
  if (COMPARISONS.has(name)) return describeComparison(operation);
  if (name === "contains") {
    const other = operands.find((operand) => operand.kind !== "text")!;
    return { span: other, message: `contains() looks for text in text, but ${describe(other)}` };
  }
  if (text) return { span: text, message: `${symbol} does not work on text, but ${describe(text)}` };
  if (name === "where") {
    const [condition] = operands as [Expression];
    return { span: condition, message: `where() chooses by true or false, but ${describe(condition)}` };
  }
  const numbers = operands.filter((operand) => operand.kind === "double" || operand.kind === "float");
  if (LOGICAL.has(name) && numbers.length > 0) {
    const advice = "comparisons need brackets: (a > 1) & (b < 2)";
    const message = `${symbol} needs conditions or whole numbers on both sides, but ${describe(numbers[0]!)}; ${advice}`;
    return { span: numbers[0]!, message };
  }
  if (numbers.length > 0) {
    return { span: numbers[0]!, message: `${symbol} needs whole numbers, but ${describe(numbers[0]!)}` };
  }
  const advice = name === "neg" ? "write ~ for “not”" : "compare with ==, or count with a + 0";
  return { span: operation, message: `${symbol} does not work on true or false; ${advice}` };
}

function describeComparison({ operands }: OperationExpression): Mismatch {
  const [a, b] = operands as [Expression, Expression];
  const text = a.kind === "text" ? a : b;
  const other = a.kind === "text" ? b : a;
  const span = other.type === "constant" || kindRank(other.kind) < 0 ? other : text;
  const message = `Text can only be compared with text, but ${describe(text)} and ${describe(other)}`;
  return { span, message: message + quotingAdvice(text, other) };
}

function quotingAdvice(text: Expression, other: Expression): string {
  if (other.type === "constant") return `; write it between quotes: '${pythonConstant(other.value)}'`;
  if (text.type !== "constant" || typeof text.value !== "string") return "";
  const unquoted = other.kind === "bool" ? /^(True|False)$/ : /^-?\d+(\.\d+)?$/;
  return unquoted.test(text.value) ? `; write ${text.value} without quotes` : "";
}

function pythonConstant(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

function describe(expression: Expression): string {
  const kind = describeKind(expression.kind);
  if (expression.type === "constant") {
    return expression.kind === "text"
      ? `"${expression.value}" is text`
      : `${pythonConstant(expression.value)} is ${kind}`;
  }
  if (expression.type === "operation") return `the result of ${expression.symbol} is ${kind}`;
  if (expression.input.type === "variable") return `the variable ${expression.name} is ${kind}`;
  const verb = expression.kind === "text" || expression.kind === "bool" ? "holds" : "is";
  return `column "${expression.input.field.name}" ${verb} ${kind}`;
}
