/** Columns a TileDB array can hold as attributes. */
import type { ColumnField } from "../../columns/batch.js";
import { DataError } from "../../errors.js";
import type { TableRules } from "../table-rules.js";
import { datatypeOf } from "./datatypes.js";

/** Names are kept as they are; the number of columns has no limit. */
export const TILEDB_RULES: TableRules = {
  columnNames(names) {
    checkNames(names);
    return [...names];
  },
  checkFields: checkAttributes,
};

/**
 * @throws DataError with `column`: `UNSUPPORTED_TYPE` for a mask column; `INVALID_SCHEMA` for a name that is empty, given
 *   twice or reserved. `INVALID_SCHEMA` where there is no column.
 */
export function checkAttributes(fields: readonly ColumnField[]): void {
  checkNames(fields.map(({ name }) => name));
  const odd = fields.find(({ type }) => datatypeOf(type) === undefined);
  if (!odd) return;
  const message = `column "${odd.name}": TileDB has no type for a ${odd.type} column; leave it out`;
  throw new DataError("UNSUPPORTED_TYPE", message, { column: odd.name });
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw new DataError("INVALID_SCHEMA", "There are no columns; an array needs at least one");
  const positions = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const fault = faultOf(name);
    if (fault) throw invalid(name, `Column ${index + 1}, named "${name}", ${fault}; rename it`);
    const before = positions.get(name);
    if (before !== undefined) {
      throw invalid(name, `Columns ${before + 1} and ${index + 1} are both named "${name}"; rename one`);
    }
    positions.set(name, index);
  }
}

function faultOf(name: string): string | undefined {
  if (name.trim() === "") return "has no name";
  if (name.startsWith("__")) return 'cannot be stored: TileDB reserves names that begin with "__"';
  if (name.includes("\0")) return "cannot be stored: its name holds a NUL character";
  return name.isWellFormed() ? undefined : "cannot be stored: its name is no well-formed Unicode text";
}

function invalid(column: string, message: string): DataError {
  return new DataError("INVALID_SCHEMA", message, { column });
}
