/** OMERO's wrapped values as JavaScript's own, and back. */
import type { IObject } from "../connect/ice/schema/omero.js";
import { type ArgumentError, invalidArgument } from "../errors.js";
import { isRType, type RType, rbool, rdouble, rlist, rlong, rstring, rtime } from "../rtypes.js";

/** A value with its unit, as OMERO gives sizes and times: `{ value: 0.33, unit: "MICROMETER" }`. */
export interface Quantity {
  /** The number. */
  readonly value: number;
  /** OMERO's name of the unit, for example `MICROMETER`, `NANOMETER`, `SECOND`. */
  readonly unit: string;
}

/** A value that a query can be given: what it becomes on the wire is said by its type. */
export type PlainValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | RType
  | { readonly id: number }
  | readonly PlainValue[];

export function textIn(value: { readonly val: string } | null | undefined): string {
  return value?.val ?? "";
}

export function optionalText(value: { readonly val: string } | null | undefined): string | undefined {
  return value?.val;
}

/** int32, float and boolean values. */
export function scalarIn<T>(value: { readonly val: T } | null | undefined): T | undefined {
  return value?.val;
}

export function dateOf(value: { readonly val: bigint } | null | undefined): Date | undefined {
  return value ? new Date(Number(value.val)) : undefined;
}

/** A number where one can hold it exactly. */
export function integerOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function quantityOf(
  value: { readonly value: number; readonly unit: string } | null | undefined,
): Quantity | undefined {
  return value ? { value: value.value, unit: value.unit } : undefined;
}

/**
 * What a value is on the wire: text, boolean, time; whole numbers and objects' ids as int64, others as float64. An rtype
 * goes as it is: `rint(3)` where a query compares an int32.
 * @throws ArgumentError `INVALID_ARGUMENT` for what cannot be sent
 */
export function toRType(value: PlainValue, name: string): RType {
  if (Array.isArray(value)) return rlist(value.map((one: PlainValue) => toRType(one, name)));
  if (typeof value === "object" && value !== null) return objectRType(value as object, name);
  return scalarRType(value as string | number | bigint | boolean, name);
}

function objectRType(value: object, name: string): RType {
  if (isRType(value)) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return rtime(value);
  if ("id" in value && typeof value.id === "number") return rlong(value.id);
  throw notSent(name, value);
}

function scalarRType(value: string | number | bigint | boolean, name: string): RType {
  switch (typeof value) {
    case "string":
      return rstring(value);
    case "boolean":
      return rbool(value);
    case "bigint":
      return rlong(value);
    case "number":
      return Number.isInteger(value) ? rlong(value) : rdouble(value);
    default:
      throw notSent(name, value);
  }
}

function notSent(name: string, value: unknown): ArgumentError {
  const text = `${name} is ${String(value)}: give text, a number, a bigint, a boolean, a Date, an object of OMERO, an rtype, or a list`;
  return invalidArgument(text);
}

/** What a query's answer may hold besides the rtypes that can be sent. */
export interface AnswerValue {
  readonly iceId: string;
  readonly val?: unknown;
}

/** An answer's value without its wrapping. @param wrapObject makes what an object becomes */
export function toPlain(value: AnswerValue | null, wrapObject: (model: IObject) => unknown): unknown {
  if (value === null || value === undefined) return null;
  const { iceId, val } = value;
  switch (iceId) {
    case "::omero::RLong":
      return integerOf(val as bigint);
    case "::omero::RTime":
      return new Date(Number(val as bigint));
    case "::omero::RList":
    case "::omero::RArray":
    case "::omero::RSet":
      return (val as readonly (AnswerValue | null)[]).map((one) => toPlain(one, wrapObject));
    case "::omero::RMap":
      return plainMap(val as ReadonlyMap<string, AnswerValue | null>, wrapObject);
    case "::omero::RObject":
      return val === null ? null : wrapObject(val as IObject);
    default:
      return val;
  }
}

function plainMap(entries: ReadonlyMap<string, AnswerValue | null>, wrapObject: (model: IObject) => unknown): object {
  return Object.fromEntries([...entries].map(([name, value]) => [name, toPlain(value, wrapObject)]));
}
