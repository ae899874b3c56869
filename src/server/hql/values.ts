/** The values HQL works on, and SQL's three-valued comparisons of them. `null` in a comparison makes it unknown. */
import { rdouble, rint, rlong, rstring } from "../../rtypes.js";
import { isReference, type StoredObject } from "../model/object-store.js";
import type { ArithmeticOperator, HqlComparisonOperator } from "./grammar/syntax.js";
import { QueryBudget } from "./pace/budget.js";
import { dataFault, statementFault } from "./semantics/faults.js";

/** An rtype as it is sent: `omero::RLong` and so on. */
export interface Scalar {
  readonly iceId: string;
  readonly val: unknown;
}

/** The class of an object, as `obj.class` gives it. */
export interface ClassValue {
  readonly objectClass: string;
}

/** What may be done with an object, and by whom. */
export interface PermissionsValue {
  readonly permissionsOf: StoredObject;
}

/** The details of an object. */
export interface DetailsValue {
  readonly detailsOf: StoredObject;
}

export type Value =
  | null
  | Scalar
  | StoredObject
  | ClassValue
  | DetailsValue
  | PermissionsValue
  | EmbeddedValue
  | readonly Value[];

/** A value with members but no identity, such as `omero::model::NamedValue`. */
export interface EmbeddedValue {
  readonly embedded: Readonly<Record<string, unknown>>;
  /** Its place, where it is in a list. */
  readonly index?: number;
}

/** True, false or unknown. */
export type Truth = boolean | null;

export function isObject(value: Value): value is StoredObject {
  return isReference(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isScalar(value: Value): value is Scalar {
  return typeof value === "object" && value !== null && "iceId" in value && "val" in value;
}

export function isNull(value: Value): boolean {
  return value === null || (isScalar(value) && value.val === null);
}

type Plain = bigint | number | string | boolean | null;

/** What a value is compared by: an object by its id, a class by its name, a scalar by what it holds. */
export function plain(value: Value): Plain {
  if (value === null) return null;
  if (isObject(value)) return value.id;
  if (isScalar(value)) return isPlain(value.val) ? value.val : null;
  if ("objectClass" in value) return value.objectClass;
  throw statementFault();
}

function isPlain(value: unknown): value is bigint | number | string | boolean {
  return ["bigint", "number", "string", "boolean"].includes(typeof value);
}

/** @throws HqlError if that takes more than `budget`. */
export function compare(
  operator: HqlComparisonOperator,
  left: Value,
  right: Value,
  budget: QueryBudget = new QueryBudget(),
  escapeSign = "\\",
): Truth {
  const [a, b] = alike(left, right);
  if (a === null || b === null) return null;
  switch (operator) {
    case "=":
      return sameValue(a, b);
    case "!=":
      return !sameValue(a, b);
    case "like":
      return isLike(budget.look(String(a)), signsOf(budget.look(String(b)), escapeSign), budget);
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** Both as what they are compared by: texts beside times are dates. */
function alike(left: Value, right: Value): readonly [Plain, Plain] {
  const [a, b] = [plain(left), plain(right)];
  if (isTime(left) && typeof b === "string") return [a, dateOf(b)];
  return isTime(right) && typeof a === "string" ? [dateOf(a), b] : [a, b];
}

function isTime(value: Value): boolean {
  return value !== null && isScalar(value) && value.iceId === "::omero::RTime";
}

function dateOf(text: string): bigint {
  const time = Date.parse(/\d\d:\d\d/.test(text) ? `${text.replace(" ", "T")}Z` : text);
  if (Number.isNaN(time)) throw dataFault();
  return BigInt(time);
}

function sameValue(a: bigint | number | string | boolean, b: bigint | number | string | boolean): boolean {
  if (typeof a === typeof b) return a === b;
  // biome-ignore lint/suspicious/noDoubleEquals: an int64 and a double are equal by value
  return isNumber(a) && isNumber(b) && a == b;
}

/** Values to look for one in. */
export class ValueSet {
  readonly #values = new Set<bigint | number | string | boolean>();
  #hasNull = false;

  constructor(values: readonly Value[]) {
    for (const value of values) {
      const found = plain(value);
      if (found === null) this.#hasNull = true;
      else if (!Number.isNaN(found)) this.#values.add(comparable(found));
    }
  }

  /** Whether one of them is equal to the value. */
  has(value: Value): Truth {
    const wanted = plain(value);
    if (wanted === null) return this.#hasNull || this.#values.size > 0 ? null : false;
    return this.#values.has(comparable(wanted)) ? true : this.#hasNull ? null : false;
  }
}

/** The same for values that are equal, for others another. */
function comparable(value: bigint | number | string | boolean): bigint | number | string | boolean {
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
}

function isNumber(value: unknown): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

/** Characters compared before they are counted, and those that count as a step. */
const TRIES = 1024;
const TRIES_PER_STEP = 8;

const ANY_TEXT = Symbol("%");
const ANY_CHARACTER = Symbol("_");
type PatternSign = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

/** The signs of an SQL pattern: `%` stands for any text, `_` for any character, unless the escape is before it. */
function signsOf(pattern: string, escapeSign: string): PatternSign[] {
  const signs: PatternSign[] = [];
  let isEscaped = false;
  for (const sign of pattern) {
    if (isEscaped || (sign !== escapeSign && sign !== "%" && sign !== "_")) signs.push(sign);
    else if (sign !== escapeSign) signs.push(sign === "%" ? ANY_TEXT : ANY_CHARACTER);
    isEscaped = !isEscaped && sign === escapeSign;
  }
  return signs;
}

/** Whether a text matches an SQL pattern. */
function isLike(text: string, wanted: readonly PatternSign[], budget: QueryBudget): boolean {
  const characters = [...text];
  let at = 0;
  let next = 0;
  // Where to go on after the last "%" if what follows it does not match.
  let retryAt = -1;
  let retryNext = -1;
  for (let tries = 1; at < characters.length; tries++) {
    if (tries % TRIES === 0) budget.spend(TRIES / TRIES_PER_STEP);
    if (wanted[next] === ANY_TEXT) {
      retryNext = ++next;
      retryAt = at;
    } else if (next < wanted.length && (wanted[next] === ANY_CHARACTER || wanted[next] === characters[at])) {
      at++;
      next++;
    } else if (retryNext >= 0) {
      next = retryNext;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return wanted.slice(next).every((sign) => sign === ANY_TEXT);
}

export function calculate(operator: ArithmeticOperator, left: Value, right: Value): Value {
  const a = plain(left);
  const b = plain(right);
  if (a === null || b === null) return null;
  if (!isNumber(a) || !isNumber(b)) throw statementFault();
  if (isInteger(left) && isInteger(right)) {
    const [x, y] = [BigInt(a), BigInt(b)];
    if ((operator === "/" || operator === "%") && y === 0n) throw dataFault();
    const result = calculateWith(operator, x, y) as bigint;
    const isInt = typeof a === "number" && typeof b === "number";
    return isInt ? rint(Number(BigInt.asIntN(32, result))) : rlong(BigInt.asIntN(64, result));
  }
  return rdouble(Number(calculateWith(operator, Number(a), Number(b))));
}

/** An int32 or int64. */
export function isInteger(value: Value): value is Scalar {
  return isScalar(value) && (value.iceId === "::omero::RLong" || value.iceId === "::omero::RInt");
}

function calculateWith<T extends bigint | number>(operator: ArithmeticOperator, a: T, b: T): bigint | number {
  const [x, y] = [a as number, b as number];
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "%":
      return x % y;
  }
}

/** For sorting; as PostgreSQL has it, nulls are greater than all else. */
export function order(left: Value, right: Value, descending = false): number {
  const a = plain(left);
  const b = plain(right);
  if (a === null && b === null) return 0;
  const difference = a === null ? 1 : b === null ? -1 : a < b ? -1 : a > b ? 1 : 0;
  return descending ? -difference : difference;
}

/** A text that is equal for equal values only. */
export function identity(value: Value): string {
  if (value === null) return "null";
  if (isList(value)) return value.map(identity).join();
  if (isObject(value)) return `${value.className}:${value.id}`;
  if ("detailsOf" in value) return `details:${value.detailsOf.id}`;
  if ("permissionsOf" in value) return `permissions:${value.permissionsOf.className}:${value.permissionsOf.id}`;
  if ("embedded" in value)
    return JSON.stringify(value.embedded, (_, item) => (typeof item === "bigint" ? `${item}` : item));
  const content = plain(value);
  return `${typeof content}:${content}`;
}

/** A literal of the query. */
export function literal(value: string | bigint | number | boolean | null): Value {
  switch (typeof value) {
    case "bigint":
      return rlong(BigInt.asIntN(64, value));
    case "number":
      return rdouble(value);
    case "string":
      return rstring(value);
    case "boolean":
      return { iceId: "::omero::RBool", val: value };
    default:
      return null;
  }
}
