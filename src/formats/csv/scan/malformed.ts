import { DataError } from "../../../errors.js";

/** A CSV file that cannot be read, with the line (from 1) where that showed. */
export function malformedCsv(line: number, found: string, remedy: string, cause?: unknown): DataError {
  return new DataError("MALFORMED_CSV", `CSV line ${line}: ${found}. ${remedy}.`, { line, cause });
}
