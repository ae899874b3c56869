/** Names that columns of OMERO.tables can have. */
import { DataError } from "../../../errors.js";

/**
 * The names as they are stored: with each `/`, which HDF5 does not allow, as `\`.
 * @throws DataError `INVALID_SCHEMA` with `column`, for an empty name, one that two columns share, and those that the
 * server or PyTables reserves. (PyTables leaves a column out whose name begins with `_v_`, and mixes up the rows of the others.)
 */
export function cleanColumnNames(names: readonly string[]): string[] {
  const cleaned = names.map((name) => name.replaceAll("/", "\\"));
  const positions = new Map<string, number>();
  for (const [index, name] of cleaned.entries()) {
    const fault = faultOf(name);
    if (fault !== undefined) throw invalid(names[index]!, `Column ${index + 1}, named "${names[index]}", ${fault}`);
    const before = positions.get(name);
    if (before !== undefined) {
      const which = names[before] === names[index] ? "" : `, as "/" is stored as "\\"`;
      throw invalid(name, `Columns ${before + 1} and ${index + 1} are both named "${name}"${which}; rename one`);
    }
    positions.set(name, index);
  }
  if (cleaned.length === 0) throw new DataError("INVALID_SCHEMA", "There are no columns; a table needs at least one");
  return cleaned;
}

function faultOf(name: string): string | undefined {
  if (typeof name !== "string" || name.trim() === "") return "has no name; name it";
  if (name.startsWith("__")) return 'cannot be stored: names that begin with "__" are reserved; rename it';
  if (/^_[cfgv]_/.test(name))
    return `cannot be stored: PyTables reserves names that begin with "${name.slice(0, 3)}"; rename it`;
  if (name === ".") return "cannot be stored: PyTables does not allow this name; rename it";
  if (name.includes("\0")) return "cannot be stored: its name holds a NUL character; rename it";
  return name.isWellFormed() ? undefined : "cannot be stored: its name is no well-formed Unicode text; rename it";
}

function invalid(column: string, message: string): DataError {
  return new DataError("INVALID_SCHEMA", message, { column });
}
