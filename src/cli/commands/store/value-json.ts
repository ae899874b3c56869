/** Values of a store as JSON. */
import { DataError } from "../../../errors.js";
import type { StoredImage } from "../../../store/index.js";

/** Whether a value read is an image. */
export function isStoredImage(value: unknown): value is StoredImage {
  const { data, shape, header } = Object(value) as Partial<StoredImage>;
  return ArrayBuffer.isView(data) && Array.isArray(shape) && typeof header === "object";
}

/** The bytes that a value consists of; undefined for others. */
export function plainBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value instanceof DataView ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

/**
 * What JSON can show of a value: maps as lists of pairs, sets and typed arrays as lists, numbers that are none as texts; an image as its header.
 * @throws DataError `UNSUPPORTED_TYPE` for a value that is within itself
 */
export function shownAsJson(value: unknown): unknown {
  try {
    return jsonForm(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataError("UNSUPPORTED_TYPE", "The value is within itself, or nested too deeply for JSON", { cause });
  }
}

function jsonForm(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (isStoredImage(value)) return { shape: value.shape, header: jsonForm(value.header) };
  const items = itemsOf(value);
  if (items !== undefined) return Array.from(items, jsonForm);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonForm(item)]));
}

function itemsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return value;
  return plainBytes(value) ?? (ArrayBuffer.isView(value) ? (value as unknown as Iterable<unknown>) : undefined);
}
