import { INT64_MAX } from "../columns/int64.js";
import { ArgumentError } from "../errors.js";

/** The id of an OMERO object: an int64. Numbers must be safe integers. */
export type ObjectId = bigint | number;

/** @param name of the option or parameter, for the error. @throws ArgumentError `INVALID_ARGUMENT` unless `id` is an id: 0 to 2^63 - 1. */
export function toObjectId(id: ObjectId, name: string): bigint {
  const isInteger = typeof id === "bigint" || Number.isSafeInteger(id);
  if (isInteger && id >= 0 && BigInt(id) <= INT64_MAX) return BigInt(id);
  throw new ArgumentError("INVALID_ARGUMENT", `${name} ${String(id)} is no id: give a whole number from 0 upwards`);
}
