/** Sorts of JavaScript values, as far as columns tell them apart. */

export const MISSING = 1;
export const BOOL = 2;
/** A whole number, or a bigint. */
export const INTEGER = 4;
/** Any other number; negative zero too, which no integer column can hold. */
export const FRACTION = 8;
/** Text, or a date, which becomes text. */
export const TEXT = 16;
export const LIST = 32;
export const MASK = 64;
export const OTHER = 128;
export type ValueSort =
  | typeof MISSING
  | typeof BOOL
  | typeof INTEGER
  | typeof FRACTION
  | typeof TEXT
  | typeof LIST
  | typeof MASK
  | typeof OTHER;

export const SORT_NAMES: Record<ValueSort, string> = {
  [MISSING]: "missing values",
  [BOOL]: "booleans",
  [INTEGER]: "numbers",
  [FRACTION]: "numbers",
  [TEXT]: "text",
  [LIST]: "lists",
  [MASK]: "masks",
  [OTHER]: "objects",
};

/** null, undefined, NaN and invalid dates are missing values. */
export function sortOf(value: unknown): ValueSort {
  switch (typeof value) {
    case "number":
      if (Number.isInteger(value)) return value !== 0 || 1 / value > 0 ? INTEGER : FRACTION;
      return Number.isNaN(value) ? MISSING : FRACTION;
    case "string":
      return TEXT;
    case "boolean":
      return BOOL;
    case "bigint":
      return INTEGER;
    case "undefined":
      return MISSING;
    case "object":
      return value === null ? MISSING : sortOfObject(value);
    default:
      return OTHER;
  }
}

function sortOfObject(value: object): ValueSort {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? MISSING : TEXT;
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) return LIST;
  return "imageId" in value && "bytes" in value ? MASK : OTHER;
}

/** Scalars as text: numbers and booleans as JavaScript writes them, dates in ISO 8601, nothing for missing values. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  return String(value);
}
