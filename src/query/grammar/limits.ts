/** What numexpr can hold of one condition (`numexpr/interpreter.cpp`, `necompiler.py`). */

import { type Expression, type InputExpression, partsOf } from "../typing/expression.js";
import type { Condition } from "./condition.js";
import { conditionError } from "./condition-error.js";

/** Result, columns, variables, different constants and intermediate results together. */
const MAX_REGISTERS = 255;
/** Different columns and variables. */
const MAX_INPUTS = 63;
/** numexpr lays out each text constant 1,024 times and counts the bytes with 31 bits; beyond, it crashes. */
const MAX_TEXT_BYTES = 1 << 20;

/** No limit of numexpr, but of the memory an evaluation may take. */
const MAX_OPERATIONS = 2000;

/** @throws ConditionError `CONDITION_TYPE` if the typed expression is too large for numexpr or names no column */
export function checkConditionLimits(condition: Condition, expression: Expression): void {
  const inputs = new Map<string, InputExpression>();
  const constants = new Map<string, number>();
  const parts = partsOf(expression);
  for (const part of parts) {
    if (part.type === "input") inputs.set(`${part.input.type} ${part.name}`, part);
    if (part.type === "constant") {
      const size = part.value instanceof Uint8Array ? part.value.length : 0;
      constants.set(`${part.kind} ${part.value}`, size);
    }
  }
  const fail = (message: string) => conditionError("CONDITION_TYPE", condition.text, condition.root, message);
  if (![...inputs.values()].some((part) => part.input.type === "column")) {
    throw fail("No column takes part in the condition");
  }
  if (inputs.size > MAX_INPUTS) {
    throw fail(`The condition uses ${inputs.size} columns and variables; at most ${MAX_INPUTS} are possible`);
  }
  const registers = 1 + inputs.size + constants.size + intermediateResults(expression);
  if (registers > MAX_REGISTERS) {
    const found = `${inputs.size} columns and variables and ${constants.size} different values`;
    throw fail(`The condition is too large: ${found}, of about 250 together; ask in several conditions`);
  }
  const operations = parts.filter((part) => part.type === "operation").length;
  if (operations > MAX_OPERATIONS) {
    throw fail(`The condition consists of ${operations} operations; at most ${MAX_OPERATIONS} are possible`);
  }
  const textBytes = [...constants.values()].reduce((sum, size) => sum + size, 0);
  if (textBytes > MAX_TEXT_BYTES)
    throw fail(`The condition holds ${textBytes} bytes of text; at most 1 MiB is possible`);
}

/** Registers needed for intermediate results, each kind having its own; the last result lands in the first of them. */
function intermediateResults(root: Expression): number {
  const free = new Map<string, number>();
  let made = 0;
  const visit = (expression: Expression): void => {
    if (expression.type !== "operation") return;
    expression.operands.forEach(visit);
    for (const operand of expression.operands) {
      if (operand.type === "operation") free.set(operand.kind, (free.get(operand.kind) ?? 0) + 1);
    }
    const left = free.get(expression.kind) ?? 0;
    if (left > 0) free.set(expression.kind, left - 1);
    else made++;
  };
  visit(root);
  return Math.max(0, made - 1);
}
