/** Counts, sums and extremes over the rows of a query. */
import { rdouble, rlong } from "../../rtypes.js";
import { HqlError, type HqlExpression } from "./syntax.js";
import { order, plain, type Value } from "./values.js";

const AGGREGATES = new Set(["count", "sum", "min", "max", "avg"]);

export function isAggregate(expression: HqlExpression): boolean {
  return expression.kind === "call" && AGGREGATES.has(expression.name);
}

/** @param values none of them null. */
export function aggregate(name: string, values: readonly Value[]): Value {
  switch (name) {
    case "count":
      return rlong(values.length);
    case "min":
      return values.reduce((least: Value, value) => (least && order(least, value) <= 0 ? least : value), null);
    case "max":
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
  if (name === "sum" && numbers.every((number) => typeof number === "bigint")) {
    return rlong(
      BigInt.asIntN(
        64,
        numbers.reduce((sum, number) => sum + number, 0n),
      ),
    );
  }
  const sum = numbers.reduce((partial: number, number) => partial + Number(number), 0);
  return rdouble(name === "avg" ? sum / numbers.length : sum);
}
