/**
 * Joins that a query makes by its paths alone: `image.fileset.templatePrefix` joins the fileset, and images without one
 * are not looked at. `image.fileset.id` joins nothing: the image itself says the id.
 */
import { isReference } from "../model/object-store.js";
import { subexpressions } from "./aggregates.js";
import type { HqlExpression, HqlQuery } from "./grammar/syntax.js";
import { property, type QueryScope } from "./properties.js";
import { isList, isObject, type Value } from "./values.js";

const known = new WeakMap<HqlQuery, readonly (readonly string[])[]>();

/** Paths of the query, but for those of subqueries, that may join something. */
export function implicitJoins(query: HqlQuery): readonly (readonly string[])[] {
  let paths = known.get(query);
  if (!paths) {
    const expressions = [
      ...(query.select ?? []).map(({ expression }) => expression),
      ...(query.where ? [query.where] : []),
      ...query.groupBy,
      ...query.orderBy.map(({ expression }) => expression),
    ];
    const aliases = new Set([...query.from, ...query.joins].map(({ alias }) => alias));
    paths = expressions.flatMap(pathsIn).filter((path) => path.length > 2 && aliases.has(path[0]));
    known.set(query, paths);
  }
  return paths;
}

function pathsIn(expression: HqlExpression): (readonly string[])[] {
  if (expression.kind === "path") return [expression.names];
  return subexpressions(expression).flatMap(pathsIn);
}

/** Whether all that the path joins is there. */
export function isJoined(scope: QueryScope, path: readonly string[], row: Readonly<Record<string, Value>>): boolean {
  let value = row[path[0]!] ?? null;
  for (const [index, name] of path.entries()) {
    if (index === 0) continue;
    const isLast = index === path.length - 1 || (index === path.length - 2 && path[index + 1] === "id");
    if (isLast) return true;
    // Collections and what has no identity are not joined so.
    if (value === null || isList(value)) return value !== null;
    if (isObject(value) && isReference(value.values[name])) {
      value = property(scope, value, name);
      if (value === null) return false;
    } else if (isObject(value) && name !== "details") {
      return !isUnsetReference(scope, value.className, name);
    } else {
      value = property(scope, value, name);
    }
  }
  return true;
}

function isUnsetReference({ store }: QueryScope, className: string, name: string): boolean {
  return store.model.member(className, name)?.kind === "reference";
}
