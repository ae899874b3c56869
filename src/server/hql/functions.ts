/** Functions of HQL, on values. */
import { createHash } from "node:crypto";
import { rdouble, rint, rlong, rstring, rtime } from "../../rtypes.js";
import { apiUsage } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import { HqlError, type HqlExpression } from "./grammar/syntax.js";
import type { ListIndexes } from "./list-index.js";
import type { QueryBudget } from "./pace/budget.js";
import { property, type QueryScope } from "./properties.js";
import { dataFault, statementFault } from "./semantics/faults.js";
import { isInteger, isList, isNull, isObject, isScalar, literal, order, plain, type Value } from "./values.js";

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
    case "nullif":
      return !isNull(first) && isSame(first, values[1]!) ? null : first;
    case "current_timestamp":
      return rtime(Date.now());
    case "concat":
      return values.some(isNull) ? null : rstring(joined(budget, values));
    case "size":
      return rint(isList(first) ? first.length : 0);
    case "elements":
    case "object":
      return first;
    case "maxelement of list":
    case "minelement of list":
    case "maxindex of list":
    case "minindex of list":
      return ofList(call.name, first);
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
    case "substring":
      return values.some(isNull) ? null : rstring(budget.make(part(text(), values.slice(1))));
    case "locate":
      return isNull(values[1]!) ? null : rint(placeOf(text(), budget.look(String(plain(values[1]!))), values[2]));
    case "ltrim":
      return rstring(budget.make(text().trimStart()));
    case "rtrim":
      return rstring(budget.make(text().trimEnd()));
    case "initcap":
      return rstring(
        budget.make(
          text()
            .toLowerCase()
            .replace(/[\p{L}\p{N}]+/gu, inCapital),
        ),
      );
    case "replace":
      return values.some(isNull) ? null : rstring(budget.make(replaced(budget, text(), values)));
    case "md5":
      return rstring(createHash("md5").update(text()).digest("hex"));
    case "ascii":
      return rint(text().codePointAt(0) ?? 0);
    case "mod":
    case "abs":
    case "sqrt":
      return arithmetic(call, values);
    case "year":
    case "month":
    case "day":
    case "hour":
    case "minute":
    case "second":
      return extractField(first, call.name, call.position);
    case "length":
      return rint(characterCount(text()));
    case "id":
      return property(scope, first, "id");
    case "index":
      return indexOf(scope, first, call);
    default:
      return real(call.name, first) ?? raise(statementFault());
  }
}

function raise(error: Error): never {
  throw error;
}

const REAL: Readonly<Record<string, (number: number) => number>> = {
  ceil: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log: Math.log10,
  round: roundEven,
  sign: Math.sign,
  sin: Math.sin,
  tan: Math.tan,
};

/** Half-way numbers go to the even one of their neighbours, as a database rounds doubles. */
function roundEven(number: number): number {
  const down = Math.floor(number);
  return number - down !== 0.5 ? Math.round(number) : down % 2 === 0 ? down : down + 1;
}

function real(name: string, value: Value): Value | undefined {
  const number = plain(value);
  const calculation = Object.hasOwn(REAL, name) ? REAL[name] : undefined;
  if (!calculation || (typeof number !== "number" && typeof number !== "bigint")) return undefined;
  const result = calculation(Number(number));
  if (name === "sign") return rint(result);
  return isInteger(value) && ["ceil", "floor", "round"].includes(name) ? value : rdouble(result);
}

/** The index of a list's last or first member, or the one with the greatest or least id. */
function ofList(name: string, list: Value): Value {
  if (!isList(list) || list.length === 0) return null;
  if (name.includes("index")) return rint(name.startsWith("max") ? list.length - 1 : 0);
  const sorted = list.toSorted((a, b) => order(a, b));
  return sorted.at(name.startsWith("max") ? -1 : 0)!;
}

function inCapital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function replaced(budget: QueryBudget, text: string, values: readonly Value[]): string {
  const [sought, put] = values.slice(1).map((value) => budget.look(String(plain(value))));
  if (put === undefined) throw statementFault();
  return sought === "" ? text : text.replaceAll(sought!, put);
}

/** `type(a.class)` is the class itself, by its name in an OMERO server. */
function classValue({ store }: FunctionScope, value: Value): Value {
  if (value !== null && isObject(value)) return { objectClass: value.className };
  if (value === null || isList(value) || !("objectClass" in value)) return value;
  return { iceId: "::omero::RClass", val: javaName(store.model, value.objectClass) };
}

function indexOf({ listIndexes }: FunctionScope, value: Value, call: Call): Value {
  if (value !== null && "embedded" in value) return value.index === undefined ? null : rint(value.index);
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
      return { iceId: "::omero::RFloat", val: Math.fround(Number(content)) };
    case "double":
      return rdouble(Number(content));
    case "boolean":
      return literal(["true", "t", "1", "yes", "y", "on"].includes(String(content).toLowerCase()));
    case "big_decimal":
      throw apiUsage(`Unsupported conversion to rtype from java.math.BigDecimal:${String(content)}`);
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
    case "hour":
      return rint(date.getUTCHours());
    case "minute":
      return rint(date.getUTCMinutes());
    case "second":
      return rint(date.getUTCSeconds());
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

/** @param range where it begins, counted from 1, and how many characters it has, if that is said. */
function part(text: string, range: readonly Value[]): string {
  const [start, count] = range.map((value) => Number(plain(value)));
  const characters = [...text];
  const from = Math.max(0, start! - 1);
  return characters.slice(from, count === undefined ? undefined : Math.max(from, start! - 1 + count)).join("");
}

/** Counted from 1; 0 where it is not in the text. */
function placeOf(sought: string, text: string, start: Value | undefined): number {
  const from = start === undefined || isNull(start) ? 0 : Number(plain(start)) - 1;
  return text.indexOf(sought, from) + 1;
}

/** Of whole numbers exactly: they stay what they are. */
function arithmetic({ name, position }: Call, values: readonly Value[]): Value {
  const [number, divisor] = values.map((value) => (isNull(value) ? undefined : plain(value)));
  if (typeof number !== "number" && typeof number !== "bigint") throw statementFault();
  if (name === "sqrt") return rdouble(Math.sqrt(Number(number)));
  const isInt = (values[0] as { iceId?: string }).iceId === "::omero::RInt";
  if (name === "abs") {
    if (typeof number === "bigint") return rlong(number < 0n ? -number : number);
    return isInt ? rint(Math.abs(number)) : rdouble(Math.abs(number));
  }
  if (divisor === undefined) return null;
  return rint(Number(BigInt.asIntN(32, whole(number, position) % nonZero(whole(divisor, position)))));
}

function nonZero(number: bigint): bigint {
  if (number === 0n) throw dataFault();
  return number;
}

function isSame(a: Value, b: Value): boolean {
  return !isNull(b) && String(plain(a)) === String(plain(b));
}
