/** Names that stand for no object below a target, or for several: gathered from all rows, and told at once. */
import { DataError } from "../../errors.js";
import type { NamedType } from "../../gateway/names/hierarchy.js";
import type { NameFault } from "../../gateway/names/name-index.js";

/** Names told in a message. */
const MOST_TOLD = 20;
/** Names kept in all; of more there is a number alone. */
const MOST_KEPT = 10_000;

/** What of one column could not be found. */
export interface UnresolvedNames {
  /** Name of the column. */
  readonly column: string;
  /** What its names stand for. */
  readonly type: NamedType;
  /** Names, or ids, of nothing below the target. */
  readonly unknown: readonly string[];
  /** Names of several objects. */
  readonly ambiguous: readonly string[];
  /** Row in which the first of them stands. */
  readonly firstRow: number;
}

export class NameFaults {
  readonly #columns = new Map<string, { type: NamedType; firstRow: number; names: Map<string, NameFault> }>();

  add(column: string, type: NamedType, name: string, fault: NameFault, row: number): void {
    const known = this.#columns.get(column) ?? { type, firstRow: row, names: new Map<string, NameFault>() };
    this.#columns.set(column, known);
    if (known.names.size < MOST_KEPT) known.names.set(name, fault);
  }

  get unresolved(): UnresolvedNames[] {
    return [...this.#columns].map(([column, { type, firstRow, names }]) => {
      const of = (fault: NameFault) => [...names].flatMap(([name, found]) => (found === fault ? [name] : []));
      return { column, type, unknown: of("unknown"), ambiguous: of("ambiguous"), firstRow };
    });
  }
}

const UPLOAD_ADVICE = "Nothing was made; correct them, or give resolveNames: false to store the columns as they are";

/**
 * @param below what they were looked for below, as in "Plate 12"
 * @param advice what to do; that for an upload unless given
 */
export function unresolvedError(
  unresolved: readonly UnresolvedNames[],
  below: string,
  advice = UPLOAD_ADVICE,
): DataError {
  const [first] = unresolved;
  const message = `${describeUnresolved(unresolved, below)}. ${advice}`;
  return new DataError("UNRESOLVED_NAMES", message, { column: first!.column, row: first!.firstRow });
}

export function describeUnresolved(unresolved: readonly UnresolvedNames[], below: string): string {
  return unresolved.map((one) => describe(one, below)).join("; ");
}

function describe({ column, type, unknown, ambiguous }: UnresolvedNames, below: string): string {
  const parts: string[] = [];
  if (unknown.length > 0) parts.push(`no ${type} below ${below} is called ${listed(unknown)}`);
  if (ambiguous.length > 0) {
    const advice = ADVICE[type];
    parts.push(
      `several ${type}s below ${below} are called ${listed(ambiguous)}${advice === undefined ? "" : ` (${advice})`}`,
    );
  }
  return `Column "${column}": ${parts.join(", and ")}`;
}

/** What tells objects of one name apart. */
const ADVICE: { readonly [Type in NamedType]?: string } = {
  Well: "a column Plate tells them apart",
  Image: "a column Dataset, Plate or Well tells them apart, or their ids",
  Roi: "a column Image tells them apart, or their ids",
};

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_TOLD).map((name) => JSON.stringify(name));
  const rest = names.length - shown.length;
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
