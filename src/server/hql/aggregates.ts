/** Counts, sums and extremes over the rows of a query. */
import { rdouble, rlong } from "../../rtypes.js";
import { HqlError, type HqlExpression } from "./grammar/syntax.js";
import { isInteger, order, plain, type Value } from "./values.js";

const AGGREGATES = new Set(["count", "sum", "min", "max", "avg", "minindex", "maxindex"]);

export function isAggregate(expression: HqlExpression): boolean {
  return expression.kind === "call" && AGGREGATES.has(expression.name);
}

/** Whether an aggregate is in it, other than in a subquery. */
export function hasAggregate(expression: HqlExpression): boolean {
  return isAggregate(expression) || subexpressions(expression).some(hasAggregate);
}

/** The expressions that an expression is made of; those of subqueries are not. */
export function subexpressions(expression: HqlExpression): readonly HqlExpression[] {
  switch (expression.kind) {
    case "call":
      return expression.arguments;
    case "and":
    case "or":
      return expression.operands;
    case "not":
    case "isNull":
    case "isEmpty":
    case "cast":
    case "extract":
      return [expression.operand];
    case "comparison":
    case "arithmetic":
      return [expression.left, expression.right];
    case "in":
      return "from" in expression.list ? [expression.operand] : [expression.operand, ...expression.list];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "case":
      return [...expression.branches.flatMap(({ condition, result }) => [condition, result]), expression.otherwise];
    case "map":
      return expression.items.map((item) => item.expression);
    case "list":
      return expression.items;
    default:
      return [];
  }
}

/** @param values none of them null. */
export function aggregate(name: string, values: readonly Value[]): Value {
  switch (name) {
    case "count":
      return rlong(values.length);
    case "min":
    case "minindex":
      return values.reduce((least: Value, value) => (least && order(least, value) <= 0 ? least : value), null);
    case "max":
    case "maxindex":
      return values.reduce((most: Value, value) => (most && order(most, value) >= 0 ? most : value), null);
    default:
      return values.length === 0 ? null : total(name, values);
  }
}

function total(name: string, values: readonly Value[]): Value {
  const numbers = values.map(plain);
  if (!numbers.every((number) => typeof number === "bigint" || typeof number === "number")) {
    throw new HqlError(`${name}() needs numbers`);
  }
  if (name === "sum" && values.every(isInteger)) {
    return rlong(
      BigInt.asIntN(
        64,
        numbers.reduce((sum: bigint, number) => sum + BigInt(number), 0n),
      ),
    );
  }
  const sum = numbers.reduce((partial: number, number) => partial + Number(number), 0);
  return rdouble(name === "avg" ? sum / numbers.length : sum);
}
