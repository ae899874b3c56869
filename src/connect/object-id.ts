import { INT64_MAX } from "../columns/int64.js";
import { ArgumentError } from "../errors.js";

/** The id of an OMERO object, an int64: a number, which must be a safe integer, a bigint, or its digits ("402"). */
export type ObjectId = number | bigint | string;

/** Digits, of which a bigint can be made quickly. */
const DIGITS = /^\d{1,19}$/;

/**
 * @param name of the option or parameter, for the error.
 * @throws ArgumentError `INVALID_ARGUMENT` unless `id` is an id: 0 to 2^63 - 1.
 */
export function toObjectId(id: ObjectId, name: string): bigint {
  const isId = typeof id === "bigint" || Number.isSafeInteger(id) || (typeof id === "string" && DIGITS.test(id));
  const value = isId ? BigInt(id) : -1n;
  if (value >= 0n && value <= INT64_MAX) return value;
  const found = typeof id === "string" ? JSON.stringify(id) : String(id);
  throw new ArgumentError("INVALID_ARGUMENT", `${name} ${found} is no id: give a whole number from 0 upwards`);
}
