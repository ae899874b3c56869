/** A source whose names of objects are ids, with the objects' names beside them. */
import { type ColumnBatch, type ColumnData, type ColumnField, field } from "../../columns/batch.js";
import type { TableCallOptions } from "../../columns/table.js";
import type { Source } from "../../formats/format.js";
import { valueColumn } from "../../formats/values/value-columns.js";
import type { NamedType } from "../../gateway/names/hierarchy.js";
import { inOrder, type Lookup, lookUp, NO_OBJECT } from "./name-lookup.js";

/** Where the cells of a column come from. */
export interface ResolvedColumn {
  readonly field: ColumnField;
  /** A column of the source as it is, the ids of a lookup, or the names of its objects. */
  readonly of: { readonly position: number } | { readonly ids: Lookup } | { readonly names: Lookup };
}

/**
 * The columns with ids in place of names, and after them those added.
 * @param target type of the object below which names are looked for
 */
export function resolvedColumns(
  fields: readonly ColumnField[],
  lookups: readonly Lookup[],
  target: string,
): ResolvedColumn[] {
  const given = new Set(fields.map(({ name }) => name));
  const columns = fields.map((old, position): ResolvedColumn => {
    const ids = lookups.find(({ role }) => role.given !== "place" && role.position === position && !role.kept);
    if (ids === undefined) return { field: old, of: { position } };
    const { type } = ids.role;
    const name = given.has(type) ? old.name : type;
    return { field: field(name, type, 1, old.description), of: { ids } };
  });
  const taken = new Set(columns.map(({ field: { name } }) => name));
  for (const lookup of lookups) columns.push(...addedColumns(lookup, target).filter((one) => isNew(one, taken)));
  return columns;
}

function isNew({ field: { name } }: ResolvedColumn, taken: Set<string>): boolean {
  return !taken.has(name) && taken.add(name) !== undefined;
}

function addedColumns(lookup: Lookup, target: string): ResolvedColumn[] {
  const { role } = lookup;
  const { type, given } = role;
  const ids = { field: field(type, type), of: { ids: lookup } };
  const names = { field: field(`${type} Name`, "String"), of: { names: lookup } };
  if (given === "place") return [ids, names];
  if (role.kept) return type === "Dataset" ? [] : [ids];
  return hasNames(type, given, target) ? [names] : [];
}

/** As `omero metadata populate` does, which names no datasets whose ids it is given, and no regions below a dataset. */
function hasNames(type: NamedType, given: "names" | "ids", target: string): boolean {
  if (type === "Dataset") return given === "names";
  return type !== "Roi" || target !== "Dataset";
}

export class ResolvedSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly #source: Source;
  readonly #columns: readonly ResolvedColumn[];
  readonly #lookups: readonly Lookup[];

  constructor(source: Source, columns: readonly ResolvedColumn[], lookups: readonly Lookup[]) {
    this.#source = source;
    this.#columns = columns;
    this.#lookups = inOrder(lookups);
    this.fields = columns.map((column) => column.field);
    this.rowCount = source.rowCount;
  }

  async *batches(rows: number, options?: TableCallOptions): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const batch of this.#source.batches(rows, options)) {
      const ids = lookUp(batch, this.#lookups, () => {});
      yield { ...batch, fields: this.fields, columns: this.#columns.map((column) => columnData(column, batch, ids)) };
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

function columnData(
  { field: made, of }: ResolvedColumn,
  batch: ColumnBatch,
  ids: ReadonlyMap<Lookup, BigInt64Array>,
): ColumnData {
  if ("position" in of) return batch.columns[of.position]!;
  if ("ids" in of) return { kind: "long", values: ids.get(of.ids)! };
  const names = Array.from(ids.get(of.names)!, (id) => (id === NO_OBJECT ? "" : of.names.index.nameOf(id)));
  return valueColumn(names, 0, batch.rowCount, made);
}
