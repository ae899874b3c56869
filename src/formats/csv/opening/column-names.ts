/** Names for the columns of a CSV file. */
import { DataError } from "../../../errors.js";

export interface NamedColumns {
  readonly names: readonly string[];
  /** Whether each column came without a name. */
  readonly nameless: readonly boolean[];
  /** What was repaired, in sentences. */
  readonly messages: readonly string[];
}

export interface NameRules {
  /** Whether empty and repeated names, and spaces around names, are repaired or refused. */
  readonly repair: boolean;
  /** Names that are right as they are, whatever they are. */
  readonly known: ReadonlySet<string>;
  /** Line of the heading. */
  readonly line: number;
}

/**
 * The names a heading gives: without spaces around them, and what pandas makes of empty and repeated ones ("Unnamed: 0",
 * "area.1").
 * @throws DataError `INVALID_SCHEMA` for a name that would have to be repaired, if none is.
 */
export function columnNames(heading: readonly string[], rules: NameRules): NamedColumns {
  if (!rules.repair) refuseNames(heading, rules);
  const trimmed = heading.map((name) => (rules.known.has(name) ? name : name.trim()));
  const nameless = trimmed.map((name) => name === "");
  const names = uniqueNames(trimmed, rules.known);
  return { names, nameless, messages: repairs(heading, trimmed, names) };
}

function refuseNames(heading: readonly string[], { line, known }: NameRules): void {
  const empty = heading.findIndex((name) => name.trim() === "" && !known.has(name));
  const remedy = "or let names be repaired (strict: false, repairNames: true)";
  if (empty >= 0) {
    const message = `CSV line ${line}: column ${empty + 1} of ${heading.length} has no name. Name it, ${remedy}.`;
    throw new DataError("INVALID_SCHEMA", message, { line });
  }
  const repeated = heading.find((name, index) => heading.indexOf(name) < index);
  if (repeated !== undefined) {
    const message = `CSV line ${line}: two columns are named "${repeated}". Rename one, ${remedy}.`;
    throw new DataError("INVALID_SCHEMA", message, { line, column: repeated });
  }
  const spaced = heading.find((name) => name !== name.trim() && !known.has(name));
  if (spaced === undefined) return;
  const message = `CSV line ${line}: there are spaces around the name "${spaced}". Take them away, ${remedy}.`;
  throw new DataError("INVALID_SCHEMA", message, { line, column: spaced });
}

function uniqueNames(header: readonly string[], known: ReadonlySet<string>): string[] {
  const taken = new Set(header);
  const seen = new Set<string>();
  return header.map((name, index) => {
    const base = name === "" && !known.has(name) ? `Unnamed: ${index}` : name;
    let unique = base;
    for (let count = 1; seen.has(unique) || (unique !== name && taken.has(unique)); count++)
      unique = `${base}.${count}`;
    seen.add(unique);
    return unique;
  });
}

/** Nameless columns are spoken of when it is known what they hold. */
function repairs(heading: readonly string[], trimmed: readonly string[], names: readonly string[]): string[] {
  const messages: string[] = [];
  const spaced = heading.filter((name, index) => name !== trimmed[index] && trimmed[index] !== "");
  if (spaced.length > 0) messages.push(`Spaces around names of columns are left out: ${listed(spaced)}`);
  const repeated = names.filter((name, index) => name !== trimmed[index] && trimmed[index] !== "");
  if (repeated.length > 0) messages.push(`Names of columns that repeat are numbered: ${listed(repeated)}`);
  return messages;
}

/** Some names, as sentences list them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

/** Names for columns that have none: 0, 1, 2, ... as in pandas. */
export function numberedNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}
