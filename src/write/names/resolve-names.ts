/** Names of objects become ids: looked up below the object that a table is attached to, before anything is made. */
import type { ColumnType } from "../../columns/batch.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { Source } from "../../formats/format.js";
import type { TableRules } from "../../formats/table-rules.js";
import type { LinkTarget } from "../../gateway/links.js";
import { Hierarchy, levelsBelow, type NamedType } from "../../gateway/names/hierarchy.js";
import { NameIndex } from "../../gateway/names/name-index.js";
import type { QueryPlace } from "../../gateway/names/paged-rows.js";
import { type ColumnRole, columnRoles, isNamedType, type WellPlaceRole, wellPlaceRole } from "./column-roles.js";
import { describeUnresolved, NameFaults, type UnresolvedNames } from "./name-faults.js";
import { inOrder, type Lookup, lookUp, NO_OBJECT } from "./name-lookup.js";
import { ResolvedSource, resolvedColumns } from "./resolved-source.js";

export interface NamesOptions {
  /** What the object below which names are looked for is, and how it is reached. */
  readonly target: LinkTarget;
  readonly place: QueryPlace;
  /** Types of columns that the caller asks for. */
  readonly types: ReadonlyMap<string, ColumnType>;
  readonly rules: TableRules;
  readonly onWarning: OnWarning;
}

/** What was found of the names, or ids, in one column. */
export interface FoundObjects {
  /** Name of the column. */
  readonly column: string;
  /** What its names stand for. */
  readonly type: NamedType;
  /** Rows whose object was found. */
  readonly rowCount: number;
  /** Objects found. */
  readonly objectCount: number;
}

export interface NamedSource {
  readonly source: Source;
  readonly found: readonly FoundObjects[];
  readonly unresolved: readonly UnresolvedNames[];
}

const CHECKED_ROWS = 10_000;

/**
 * The source with ids in place of names, where columns tell objects by names and the target has such objects below it.
 * Reads all rows once where it does; a stream of batches, which can be read only once, stays as it is.
 */
export async function resolveNames(source: Source, options: NamesOptions): Promise<NamedSource> {
  const { target } = options;
  const asIs = { source, found: [], unresolved: [] };
  if (source.rowCount === undefined) return asIs;
  const hierarchy = new Hierarchy(options.place, target);
  const roles = rolesBelow(source, options);
  const isTold = tellsNames(source, roles);
  const lookups = isTold ? await lookupsOf(source, roles, hierarchy) : [];
  const wells = await wellsByPlace(source, roles, hierarchy, options);
  if (wells !== undefined) {
    const plates = isTold ? lookups : await lookupsOf(source, roles.filter(isPlate), hierarchy);
    const named = await resolved(source, [...plates, wells], options);
    if (hasAllWells(named, wells, options)) return named;
  }
  return lookups.length === 0 ? asIs : resolved(source, lookups, options);
}

function isPlate({ type }: ColumnRole): boolean {
  return type === "Plate";
}

function rolesBelow({ fields, declared = new Map() }: Source, { target, types }: NamesOptions): ColumnRole[] {
  const levels = levelsBelow(target.type);
  const roles = columnRoles(fields, new Map([...declared, ...types])).filter(({ type }) => levels.includes(type));
  const own = new Set(roles.filter(({ kept }) => !kept).map(({ type }) => type));
  return roles.filter(({ kept, type }) => !(kept && own.has(type)));
}

/** Whether a column holds names, or the source says itself what its columns tell. */
function tellsNames({ declared }: Source, roles: readonly ColumnRole[]): boolean {
  const isDeclared = [...(declared?.values() ?? [])].some(isNamedType);
  return roles.some(({ given, kept, type }) => given === "names" && !(kept && type === "Dataset")) || isDeclared;
}

/** Columns of objects that the target has none of stay as they are. */
async function lookupsOf(source: Source, roles: readonly ColumnRole[], hierarchy: Hierarchy): Promise<Lookup[]> {
  const lookups: Lookup[] = [];
  for (const role of roles) {
    const index = new NameIndex(await hierarchy.objects(role.type));
    if (index.size > 0) lookups.push({ role, column: source.fields[role.position]!.name, index });
  }
  return lookups;
}

/** Wells by the columns "row" and "column", where nothing else tells wells or images. */
async function wellsByPlace(
  source: Source,
  roles: readonly ColumnRole[],
  hierarchy: Hierarchy,
  { target }: NamesOptions,
): Promise<Lookup | undefined> {
  const role = levelsBelow(target.type).includes("Well") ? wellPlaceRole(source.fields) : undefined;
  if (role === undefined || roles.some(({ type }) => type === "Well" || type === "Image")) return undefined;
  const index = new NameIndex(await hierarchy.objects("Well"));
  return index.size === 0 ? undefined : { role, column: placeName(source, role), index };
}

function hasAllWells({ unresolved }: NamedSource, { column }: Lookup, { target, onWarning }: NamesOptions): boolean {
  const missing = unresolved.filter((one) => one.column === column);
  if (missing.length === 0) return true;
  const why = describeUnresolved(missing, below(target));
  onWarning(`No column Well is added for rows and columns, as not all have a well. ${why}`);
  return false;
}

function placeName({ fields }: Source, { row, column }: WellPlaceRole): string {
  return `${fields[row]!.name}, ${fields[column]!.name}`;
}

/** As in "Plate 12". */
export function below({ type, id }: LinkTarget): string {
  return `${type} ${id}`;
}

async function resolved(source: Source, lookups: readonly Lookup[], options: NamesOptions): Promise<NamedSource> {
  const { unresolved, found } = await checkRows(source, lookups, options);
  const columns = resolvedColumns(source.fields, lookups, options.target.type).map((column) => {
    const { of, field } = column;
    return "names" in of
      ? { ...column, field: { ...field, size: longestName(found.get(of.names)!, of.names) } }
      : column;
  });
  options.rules.checkFields(
    columns.map(({ field }) => field),
    () => {},
  );
  return { source: new ResolvedSource(source, columns, lookups), found: [...found.values()], unresolved };
}

interface FoundIds extends FoundObjects {
  readonly ids: ReadonlySet<bigint>;
}

async function checkRows(
  source: Source,
  lookups: readonly Lookup[],
  { place: { signal } }: NamesOptions,
): Promise<{ found: Map<Lookup, FoundIds>; unresolved: UnresolvedNames[] }> {
  const faults = new NameFaults();
  const ids = new Map(lookups.map((lookup) => [lookup, { rows: 0, distinct: new Set<bigint>() }]));
  const ordered = inOrder(lookups);
  let first = 0;
  for await (const batch of source.batches(CHECKED_ROWS, { signal })) {
    const looked = lookUp(batch, ordered, ({ column, role }, name, fault, row) =>
      faults.add(column, role.type, name, fault, first + row),
    );
    for (const [lookup, values] of looked) addFound(ids.get(lookup)!, values);
    first += batch.rowCount;
  }
  const found = lookups.map((lookup): [Lookup, FoundIds] => {
    const { rows, distinct } = ids.get(lookup)!;
    const { column, role } = lookup;
    return [lookup, { column, type: role.type, rowCount: rows, objectCount: distinct.size, ids: distinct }];
  });
  return { found: new Map(found), unresolved: faults.unresolved };
}

function addFound(found: { rows: number; distinct: Set<bigint> }, values: BigInt64Array): void {
  for (const id of values) {
    if (id === NO_OBJECT) continue;
    found.rows++;
    found.distinct.add(id);
  }
}

/** Bytes of UTF-8. */
function longestName({ ids }: FoundIds, { index }: Lookup): number {
  let longest = 1;
  for (const id of ids) longest = Math.max(longest, Buffer.byteLength(index.nameOf(id)));
  return longest;
}
