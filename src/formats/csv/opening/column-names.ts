/** Names for the columns of a CSV file. */
import { DataError } from "../../../errors.js";

/**
 * The names a header gives.
 * @param line of the header
 * @throws DataError `INVALID_SCHEMA` for an empty or repeated name, unless they are to be repaired: then they become
 * what pandas makes of them.
 */
export function columnNames(header: readonly string[], repair: boolean, line: number): string[] {
  if (repair) return repaired(header);
  const empty = header.findIndex((name) => name.trim() === "");
  if (empty >= 0) {
    const message = `CSV line ${line}: column ${empty + 1} of ${header.length} has no name. Name it, or give repairNames: true.`;
    throw new DataError("INVALID_SCHEMA", message, { line });
  }
  const repeated = header.find((name, index) => header.indexOf(name) < index);
  if (repeated !== undefined) {
    const message = `CSV line ${line}: two columns are named "${repeated}". Rename one, or give repairNames: true.`;
    throw new DataError("INVALID_SCHEMA", message, { line, column: repeated });
  }
  return [...header];
}

function repaired(header: readonly string[]): string[] {
  const taken = new Set(header);
  const seen = new Set<string>();
  return header.map((name, index) => {
    const base = name === "" ? `Unnamed: ${index}` : name;
    let unique = base;
    for (let count = 1; seen.has(unique) || (unique !== name && taken.has(unique)); count++)
      unique = `${base}.${count}`;
    seen.add(unique);
    return unique;
  });
}

/** Names for columns that have none: 0, 1, 2, ... as in pandas. */
export function numberedNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}
