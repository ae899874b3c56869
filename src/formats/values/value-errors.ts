/** Errors about single values, each naming column, row and value. */
import { DataError } from "../../errors.js";

const LONGEST_SHOWN = 60;

/** A value that the type of its column cannot hold. `why` continues "... is". */
export function valueDoesNotFit(column: string, row: number, value: unknown, why: string): DataError {
  return valueError("VALUE_DOES_NOT_FIT", column, row, value, why);
}

/** An integer that would be rounded. */
export function unsafeInteger(column: string, row: number, value: unknown, why: string): DataError {
  return valueError("UNSAFE_INTEGER", column, row, value, why);
}

/** A value of a sort that no column can hold. */
export function unsupportedValue(column: string, row: number, value: unknown, why: string): DataError {
  return valueError("UNSUPPORTED_TYPE", column, row, value, why);
}

/** A text whose end the server would lose. */
export function trailingNul(column: string, row: number): DataError {
  const message = `Column "${column}", row ${row}: the text ends in a NUL character, which OMERO.tables does not keep`;
  return new DataError("VALUE_DOES_NOT_FIT", message, { column, row });
}

function valueError(
  code: "VALUE_DOES_NOT_FIT" | "UNSAFE_INTEGER" | "UNSUPPORTED_TYPE",
  column: string,
  row: number,
  value: unknown,
  why: string,
): DataError {
  return new DataError(code, `Column "${column}", row ${row}: ${shownValue(value)} ${why}`, { column, row });
}

/** A value as errors show it, shortened. */
export function shownValue(value: unknown): string {
  const text = describe(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) {
    return "a missing value";
  }
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid date" : value.toISOString();
  return typeof value === "object" ? "an object" : String(value);
}
