/** Members of fetched collections that a query's conditions leave: they alone are in the collections that are sent. */
import type { Model } from "../model/model.js";
import type { StoredObject } from "../model/object-store.js";
import { subexpressions } from "./aggregates.js";
import type { HqlExpression, HqlQuery, JoinItem, SelectItem } from "./grammar/syntax.js";
import { StaticScope } from "./semantics/static-types.js";
import { isObject, type Value } from "./values.js";

/** A fetched collection, and the columns of its owner and its member. */
interface FetchedCollection {
  readonly owner: number;
  readonly member: number;
  readonly name: string;
}

export interface FetchingQuery {
  readonly query: HqlQuery;
  readonly collections: readonly FetchedCollection[];
}

/**
 * The query with what it fetches as further columns, where its conditions or its inner joins are about that.
 * Undefined: all members of the collections are wanted.
 */
export function withFetched(model: Model, query: HqlQuery): FetchingQuery | undefined {
  const root = rootAlias(query);
  if (root === undefined || !isRestricted(query)) return undefined;
  const scope = new StaticScope(model, query);
  const columns = [root];
  const collections: FetchedCollection[] = [];
  const joins = query.joins.map((join, index): JoinItem => {
    const alias = join.alias ?? `fetched${index} of`;
    const owner = columns.indexOf(join.path[0]!);
    if (!join.fetch || owner < 0) return join;
    columns.push(alias);
    if (join.path.length === 2 && scope.path(join.path)?.kind === "collection") {
      collections.push({ owner, member: columns.length - 1, name: join.path[1]! });
    }
    return { ...join, alias };
  });
  const select = columns.map((name): SelectItem => ({ expression: aliasPath(name), alias: undefined }));
  return collections.length === 0 ? undefined : { query: { ...query, joins, select }, collections };
}

/** Members by owner and name of the collection. */
export function membersIn(
  rows: readonly (readonly Value[])[],
  collections: readonly FetchedCollection[],
): Map<string, StoredObject[]> {
  const found = new Map<string, Set<StoredObject>>();
  for (const row of rows) {
    for (const { owner, member, name } of collections) {
      const [holder, value] = [row[owner] ?? null, row[member] ?? null];
      if (holder === null || !isObject(holder)) continue;
      const key = collectionKey(holder, name);
      const members = found.get(key) ?? new Set();
      if (value !== null && isObject(value)) members.add(value);
      found.set(key, members);
    }
  }
  return new Map([...found].map(([key, members]) => [key, [...members]]));
}

export function collectionKey({ className, id }: StoredObject, name: string): string {
  return `${className}:${id}.${name}`;
}

function rootAlias({ select, from }: HqlQuery): string | undefined {
  if (!select) return from[0]!.alias;
  const [first, ...others] = select;
  const { expression } = first!;
  return others.length === 0 && expression.kind === "path" && expression.names.length === 1
    ? expression.names[0]
    : undefined;
}

function isRestricted({ joins, where }: HqlQuery): boolean {
  const fetched = joins.filter(({ fetch }) => fetch);
  const aliases = new Set(fetched.flatMap(({ alias }) => alias ?? []));
  const isInner = fetched.some(({ outer, path }) => !outer && aliases.has(path[0]!));
  return isInner || fetched.some(({ condition }) => condition) || (where !== undefined && isAbout(where, aliases));
}

function isAbout(expression: HqlExpression, aliases: ReadonlySet<string>): boolean {
  if (expression.kind === "path") return aliases.has(expression.names[0]!);
  return subexpressions(expression).some((inner) => isAbout(inner, aliases));
}

function aliasPath(name: string): HqlExpression {
  return { kind: "path", names: [name], position: 0 };
}
