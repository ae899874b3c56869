/** Metadata of a table, checked before it is sent. */
import { fitsInt64 } from "../columns/int64.js";
import { ArgumentError, DataError } from "../errors.js";
import type { OnWarning } from "../flow/warnings.js";

/** Keys and values; whole numbers are stored as int64, others in 32-bit floating point, which is all the server takes. */
export type MetadataInput = ReadonlyMap<string, MetadataValue> | Readonly<Record<string, MetadataValue>>;
export type MetadataValue = bigint | number | string;

/**
 * @throws ArgumentError `INVALID_ARGUMENT` for an empty or reserved key, or what is neither text nor a number
 * @throws DataError `UNSAFE_INTEGER` for an integer that would be rounded
 */
export function checkMetadata(metadata: MetadataInput | undefined, onWarning: OnWarning): Map<string, MetadataValue> {
  const entries = metadata instanceof Map ? [...metadata] : Object.entries(metadata ?? {});
  return new Map(entries.map(([key, value]) => [checkKey(key), checkValue(key, value, onWarning)]));
}

function checkKey(key: string): string {
  if (typeof key === "string" && key !== "" && !key.startsWith("__") && !key.includes("\0")) return key;
  const message = `"${key}" cannot be a metadata key: keys are texts that do not begin with "__", which is reserved`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

function checkValue(key: string, value: MetadataValue, onWarning: OnWarning): MetadataValue {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") {
    if (fitsInt64(value)) return value;
    throw new DataError("UNSAFE_INTEGER", `Metadata "${key}": ${value} exceeds 64 bits; give it as text`);
  }
  if (typeof value !== "number") {
    throw new ArgumentError("INVALID_ARGUMENT", `Metadata "${key}": give text, a number or a bigint`);
  }
  return checkNumber(key, value, onWarning);
}

function checkNumber(key: string, value: number, onWarning: OnWarning): MetadataValue {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return BigInt(value);
  if (Number.isInteger(value) && Math.fround(value) !== value) {
    throw new DataError("UNSAFE_INTEGER", `Metadata "${key}": ${value} would be rounded; give a bigint or text`);
  }
  if (!Object.is(Math.fround(value), value)) {
    onWarning(`Metadata "${key}": ${value} is stored as ${Math.fround(value)}; give text to keep its digits`);
  }
  return value;
}
