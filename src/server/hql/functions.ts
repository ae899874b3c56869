/** Functions of HQL, on values. */
import { rdouble, rint, rlong, rstring } from "../../rtypes.js";
import { javaName } from "../model/java-names.js";
import { HqlError, type HqlExpression } from "./grammar/syntax.js";
import type { ListIndexes } from "./list-index.js";
import type { QueryBudget } from "./pace/budget.js";
import { property, type QueryScope } from "./properties.js";
import { isList, isNull, isObject, isScalar, plain, type Value } from "./values.js";

/** What functions work with. */
export interface FunctionScope extends QueryScope {
  readonly budget: QueryBudget;
  readonly listIndexes: ListIndexes;
}

type Call = HqlExpression & { kind: "call" };

/** @throws HqlError for a function that there is not, or that values are none for. */
export function callFunction(scope: FunctionScope, call: Call, values: readonly Value[]): Value {
  const first = values[0] ?? null;
  const { budget } = scope;
  const text = () => budget.look(String(plain(first)));
  switch (call.name) {
    case "coalesce":
      return values.find((value) => !isNull(value)) ?? null;
    case "concat":
      return values.some(isNull) ? null : rstring(joined(budget, values));
    case "size":
      return rint(isList(first) ? first.length : 0);
    case "elements":
      return first;
    case "type":
      return classValue(scope, first);
  }
  if (isNull(first)) return null;
  switch (call.name) {
    case "lower":
      return rstring(budget.make(text().toLowerCase()));
    case "upper":
      return rstring(budget.make(text().toUpperCase()));
    case "trim":
      return rstring(budget.make(text().trim()));
    case "str":
      return rstring(budget.make(text()));
    case "length":
      return rint(characterCount(text()));
    case "id":
      return property(scope, first, "id");
    case "index":
      return indexOf(scope, first, call);
    default:
      throw new HqlError(`Unknown function ${call.name}()`, call.position);
  }
}

/** `type(a.class)` is the class itself, by its name in an OMERO server. */
function classValue({ store }: FunctionScope, value: Value): Value {
  if (value !== null && isObject(value)) return { objectClass: value.className };
  if (value === null || isList(value) || !("objectClass" in value)) return value;
  return { iceId: "::omero::RClass", val: javaName(store.model, value.objectClass) };
}

function indexOf({ listIndexes }: FunctionScope, value: Value, call: Call): Value {
  if (!isObject(value)) throw new HqlError("index() needs an alias", call.position);
  const index = listIndexes.indexOf(value);
  return index === null ? null : rint(index);
}

/** @throws HqlError for a type that there is not, or that the value is none of. */
export function castTo(budget: QueryBudget, value: Value, type: string, position: number): Value {
  if (isNull(value)) return null;
  const content = plain(value);
  switch (type) {
    case "string":
      return rstring(budget.make(String(content)));
    case "int":
    case "integer":
      return rint(Number(BigInt.asIntN(32, whole(content, position))));
    case "long":
    case "big_integer":
      return rlong(BigInt.asIntN(64, whole(content, position)));
    case "float":
    case "double":
      return rdouble(Number(content));
    default:
      throw new HqlError(`Cannot cast to ${type}`, position);
  }
}

function whole(content: unknown, position: number): bigint {
  if (typeof content === "bigint") return content;
  const number = Number(content);
  if (!Number.isFinite(number)) throw new HqlError(`${String(content)} is no number`, position);
  return BigInt(Math.trunc(number));
}

/** Seconds since 1970, for `epoch`. */
export function extractField(value: Value, field: string, position: number): Value {
  if (isNull(value)) return null;
  const isTime = isScalar(value) && value.iceId === "::omero::RTime";
  if (!isTime) throw new HqlError("extract() needs a time", position);
  const milliseconds = Number(value.val);
  const date = new Date(milliseconds);
  switch (field) {
    case "epoch":
      return rdouble(milliseconds / 1000);
    case "year":
      return rint(date.getUTCFullYear());
    case "month":
      return rint(date.getUTCMonth() + 1);
    case "day":
      return rint(date.getUTCDate());
    default:
      throw new HqlError(`Cannot extract ${field}`, position);
  }
}

/** Whole characters, however many units they take. */
function characterCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return count;
}

function joined(budget: QueryBudget, values: readonly Value[]): string {
  return values.reduce((text: string, value) => budget.make(text + budget.look(String(plain(value)))), "");
}
