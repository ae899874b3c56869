/** The values HQL works on, and SQL's three-valued comparisons of them. `null` in a comparison makes it unknown. */
import { rdouble, rint, rlong, rstring } from "../../rtypes.js";
import { isReference, type StoredObject } from "../model/object-store.js";
import { type ArithmeticOperator, type HqlComparisonOperator, HqlError } from "./grammar/syntax.js";
import { QueryBudget } from "./pace/budget.js";

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

/** What a value is compared by: an object by its id, a class by its name, a scalar by what it holds. */
export function plain(value: Value): bigint | number | string | boolean | null {
  if (value === null) return null;
  if (isObject(value)) return value.id;
  if (isScalar(value)) return isPlain(value.val) ? value.val : null;
  if ("objectClass" in value) return value.objectClass;
  throw new HqlError("A collection or component cannot be compared");
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
): Truth {
  const a = plain(left);
  const b = plain(right);
  if (a === null || b === null) return null;
  switch (operator) {
    case "=":
      return sameValue(a, b);
    case "!=":
      return !sameValue(a, b);
    case "like":
      return isLike(budget.look(String(a)), budget.look(String(b)), budget);
    case "ilike":
      return isLike(budget.look(String(a)).toLowerCase(), budget.look(String(b)).toLowerCase(), budget);
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

/** Whether a text matches an SQL pattern: `%` stands for any text, `_` for any character. */
function isLike(text: string, pattern: string, budget: QueryBudget): boolean {
  const [characters, wanted] = [[...text], [...pattern]];
  let at = 0;
  let next = 0;
  // Where to go on after the last "%" if what follows it does not match.
  let retryAt = -1;
  let retryNext = -1;
  for (let tries = 1; at < characters.length; tries++) {
    if (tries % TRIES === 0) budget.spend(TRIES / TRIES_PER_STEP);
    if (wanted[next] === "%") {
      retryNext = ++next;
      retryAt = at;
    } else if (next < wanted.length && (wanted[next] === "_" || wanted[next] === characters[at])) {
      at++;
      next++;
    } else if (retryNext >= 0) {
      next = retryNext;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return wanted.slice(next).every((sign) => sign === "%");
}

export function calculate(operator: ArithmeticOperator, left: Value, right: Value): Value {
  const a = plain(left);
  const b = plain(right);
  if (a === null || b === null) return null;
  if (!isNumber(a) || !isNumber(b)) throw new HqlError(`"${operator}" needs two numbers`);
  if (isInteger(left) && isInteger(right)) {
    const [x, y] = [BigInt(a), BigInt(b)];
    if (operator === "/" && y === 0n) return null;
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
  }
}

interface SortOrder {
  readonly descending: boolean;
  readonly nulls: "first" | "last";
}

/** For sorting; from the least to the greatest, nulls last, unless it is said. */
export function order(
  left: Value,
  right: Value,
  { descending, nulls }: SortOrder = { descending: false, nulls: "last" },
): number {
  const a = plain(left);
  const b = plain(right);
  if (a === null && b === null) return 0;
  if (a === null || b === null) return (a === null) === (nulls === "last") ? 1 : -1;
  const difference = a < b ? -1 : a > b ? 1 : 0;
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
